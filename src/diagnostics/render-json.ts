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
  return `${JSON.stringify(jsonReport(diagnostics, fileCount), null, 2)}\n`
}
