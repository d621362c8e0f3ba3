// A finding about the user's files: a value, never thrown. Positions are counted from 1, columns in UTF-16 units.

export interface Position {
  line: number
  column: number
}

export interface Range {
  start: Position
  end: Position
}

export type Severity = 'error' | 'warning'

export interface Related {
  file: string
  range: Range
  message: string
}

export interface Diagnostic {
  /** `family/name`, listed in codes/index.ts. */
  code: string
  severity: Severity
  message: string
  file: string
  range: Range
  hint?: string
  related?: Related[]
  /** An error that a comment in the file hides from `validate`: what has it cannot run all the same. */
  suppressed?: true
}

/** A value together with warnings, or no value and at least one error. */
export type Checked<T> =
  | { ok: true; value: T; diagnostics: Diagnostic[] }
  | { ok: false; value?: undefined; diagnostics: Diagnostic[] }

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(diagnostic => diagnostic.severity === 'error')
}

const MAX_TEXT = 500

/** A message or hint may repeat what is in the file, which may be of any length. */
export function shortText(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1)}…` : text
}

/** By file, then by place, errors before warnings at the same place. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...diagnostics].sort(
    (a, b) =>
      compareText(a.file, b.file) ||
      a.range.start.line - b.range.start.line ||
      a.range.start.column - b.range.start.column ||
      compareText(a.severity, b.severity) ||
      compareText(a.code, b.code),
  )
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
