// What commands write, and how they end: results on stdout, talk on stderr, exit codes 0 to 3.
import { writeSync } from 'node:fs'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { renderConcise, renderHuman, type SourceText } from '../diagnostics/render-human.ts'

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

let color: ColorOption = 'auto'

/** What `--color` says, for all that this command tells. */
export function chooseColor(option: ColorOption): void {
  color = option
}

export function wantsColor(stream: { isTTY?: boolean }): boolean {
  if (color !== 'auto') return color === 'always'
  return stream.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb'
}

let output: NodeJS.WriteStream | undefined

/** Standard output, opened at its first use. When its reader leaves, the callback of the write tells. */
export function stdout(): NodeJS.WriteStream {
  output ??= process.stdout.on('error', () => {})
  return output
}

/** Waits until a pipe has taken the text; a reader that left is no error. */
export async function print(text: string): Promise<void> {
  if (text !== '') await written(text)
}

function written(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stdout().write(text, error => {
      if (!error || (error as NodeJS.ErrnoException).code === 'EPIPE') resolve()
      else reject(error)
    })
  })
}

/** One line on standard error. At once: `process.stderr` loads all of Node's streams, for what is mostly one line. */
export function say(text: string): void {
  try {
    writeSync(2, `${text}\n`)
  } catch {
    // A reader that left, or one that wants to be waited for.
    process.stderr.write(`${text}\n`)
  }
}

export const REPORT_FORMATS = ['human', 'concise', 'json', 'github', 'sarif', 'junit'] as const
export type ReportFormat = (typeof REPORT_FORMATS)[number]

export interface ReportOptions {
  format: ReportFormat
  color: boolean
  sourceText: SourceText
  /** The names of the files that were checked. */
  files: readonly string[]
}

/** The forms for machines are loaded when they are wanted. */
export async function renderReport(diagnostics: readonly Diagnostic[], options: ReportOptions): Promise<string> {
  const { format, files, sourceText } = options
  switch (format) {
    case 'concise':
      return renderConcise(diagnostics)
    case 'json':
      return (await import('../diagnostics/render-json.ts')).renderJson(diagnostics, files.length)
    case 'github':
      return (await import('../diagnostics/render-github.ts')).renderGithub(diagnostics)
    case 'sarif':
      return (await import('../diagnostics/render-sarif.ts')).renderSarif(diagnostics, sourceText)
    case 'junit':
      return (await import('../diagnostics/render-junit.ts')).renderJunit(diagnostics, files)
    default:
      return renderHuman(diagnostics, options)
  }
}

/** 2 for a missing file, 1 for errors, else 0. */
export function exitCodeOf(diagnostics: readonly Diagnostic[]): number {
  if (diagnostics.some(({ code }) => code === 'file/not-found')) return EXIT.usage
  return diagnostics.some(({ severity }) => severity === 'error') ? EXIT.problems : EXIT.ok
}
