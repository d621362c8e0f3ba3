// Diagnostics as workflow commands of GitHub Actions, which shows them beside the lines of a change.
import type { Diagnostic } from './diagnostic.ts'
import { notesOf, printable } from './render-human.ts'

export function renderGithub(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map(diagnostic => `${command(diagnostic)}\n`).join('')
}

function command(diagnostic: Diagnostic): string {
  const { code, severity, message, file } = diagnostic
  const properties = { file, ...placeOf(diagnostic), title: `bearerd ${code}` }
  const list = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(String(value))}`)
  return `::${severity} ${list.join(',')}::${escapeData([message, ...notesOf(diagnostic)].join('\n'))}`
}

/** Columns go with a single line only: GitHub drops an annotation's place otherwise. */
function placeOf({ range: { start, end } }: Diagnostic): Record<string, number> {
  if (start.line !== end.line) return { line: start.line, endLine: end.line }
  return { line: start.line, col: start.column, endLine: end.line, endColumn: end.column }
}

/** Line breaks are written as GitHub wants them, every other control character as a visible mark. */
function escapeData(text: string): string {
  const lines = text.split(/(\r|\n)/)
  return lines.map(piece => ESCAPES[piece] ?? printable(piece).replaceAll('%', '%25')).join('')
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}

const ESCAPES: Record<string, string> = { '\r': '%0D', '\n': '%0A' }
