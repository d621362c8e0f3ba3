// What commands write, and how they end: results on stdout, talk on stderr, exit codes 0 to 3.
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { renderConcise, renderHuman, type SourceText } from '../diagnostics/render-human.ts'
import { renderJson } from '../diagnostics/render-json.ts'

export const EXIT = { ok: 0, problems: 1, usage: 2, failed: 3 } as const

/** Ends the command with a message and a code; the only error that commands throw on purpose. */
export class CommandError extends Error {
  readonly exitCode: number

  constructor(exitCode: number, message: string) {
    super(message)
    this.exitCode = exitCode
  }
}

export type ColorOption = 'always' | 'never' | 'auto'

export function wantsColor(option: ColorOption, stream: { isTTY?: boolean }): boolean {
  if (option !== 'auto') return option === 'always'
  return stream.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb'
}

/** Waits until a pipe has taken the text; a reader that left is no error. */
export function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, error => {
      if (!error || (error as NodeJS.ErrnoException).code === 'EPIPE') resolve()
      else reject(error)
    })
  })
}

export function say(text: string): void {
  process.stderr.write(`${text}\n`)
}

export type ReportFormat = 'human' | 'concise' | 'json'

export interface ReportOptions {
  format: ReportFormat
  color: boolean
  sourceText: SourceText
  files: number
}

export function renderReport(diagnostics: readonly Diagnostic[], options: ReportOptions): string {
  if (options.format === 'json') return renderJson(diagnostics, options.files)
  if (options.format === 'concise') return renderConcise(diagnostics)
  return renderHuman(diagnostics, options)
}

/** 2 for a missing file, 1 for errors, else 0. */
export function exitCodeOf(diagnostics: readonly Diagnostic[]): number {
  if (diagnostics.some(({ code }) => code === 'file/not-found')) return EXIT.usage
  return diagnostics.some(({ severity }) => severity === 'error') ? EXIT.problems : EXIT.ok
}
