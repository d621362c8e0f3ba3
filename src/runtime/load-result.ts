// What came of reading a configuration: for whoever asked, for the log, and as an error.
import type { Log } from '../base/log.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { describeDiff, type GenerationDiff } from './generation/generation-diff.ts'

export interface LoadResult {
  ok: boolean
  /** RFC 3339. */
  at: string
  diagnostics: Diagnostic[]
  files: number
  /** The generation that runs after it. */
  generation: number
  /** Undefined when nothing was activated. */
  changes?: GenerationDiff
}

/** A configuration with errors. The generation that ran keeps running. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError'
  readonly diagnostics: Diagnostic[]

  constructor(diagnostics: Diagnostic[]) {
    const errors = diagnostics.filter(diagnostic => diagnostic.severity === 'error')
    const [first] = errors
    const place = first
      ? `${first.file}:${first.range.start.line}:${first.range.start.column}: ${first.message} [${first.code}]`
      : ''
    super(errors.length > 1 ? `${place} (and ${errors.length - 1} more)` : place)
    this.diagnostics = diagnostics
  }
}

const MAX_LINES = 20

export function reportLoad(log: Log, { ok, changes, generation, files, diagnostics }: LoadResult): void {
  if (ok) {
    log.info({ generation, files, ...(changes && describeDiff(changes)) }, 'configuration active')
    if (files === 0) log.warn({}, 'no file of a configuration was found: nothing is served until there is one')
    return
  }
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  for (const { code, file, range, message } of errors.slice(0, MAX_LINES)) {
    log.error({ code, file, line: range.start.line, column: range.start.column }, `configuration refused: ${message}`)
  }
  const more = errors.length - MAX_LINES
  if (more > 0) log.error({ more }, `configuration refused: and ${more} more errors; GET /v1/status has all`)
}
