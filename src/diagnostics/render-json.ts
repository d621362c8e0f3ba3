// Diagnostics as the JSON document of `--format json`; the reload answer uses its list as well.
import type { Diagnostic } from './diagnostic.ts'

export interface JsonReport {
  version: 1
  diagnostics: Diagnostic[]
  summary: { files: number; errors: number; warnings: number }
}

export function jsonReport(diagnostics: readonly Diagnostic[], fileCount: number): JsonReport {
  return {
    version: 1,
    diagnostics: [...diagnostics],
    summary: {
      files: fileCount,
      errors: diagnostics.filter(diagnostic => diagnostic.severity === 'error').length,
      warnings: diagnostics.filter(diagnostic => diagnostic.severity === 'warning').length,
    },
  }
}

export function renderJson(diagnostics: readonly Diagnostic[], fileCount: number): string {
  return toJson(jsonReport(diagnostics, fileCount))
}

/** What a terminal could act on and JSON lets stand: C1 control characters, marks of text direction, separators. */
const UNSAFE = /[\x7f-\x9f\u061c\u200b\u200c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

/** JSON text that means exactly the value, and that no terminal acts on. */
export function toJson(value: unknown): string {
  const text = JSON.stringify(value, null, 2)
  return `${text.replace(UNSAFE, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`
}
