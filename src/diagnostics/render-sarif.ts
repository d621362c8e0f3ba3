// Diagnostics as a SARIF 2.1.0 log, for code scanning: results with their places, and what is known about each code.
import { createHash } from 'node:crypto'
import { VERSION } from '../base/version.ts'
import { type CodePage, codePage, helpUri } from './codes/index.ts'
import type { Diagnostic, Range } from './diagnostic.ts'
import { printable, type SourceText } from './render-human.ts'
import { toJson } from './render-json.ts'

export function renderSarif(diagnostics: readonly Diagnostic[], sourceText: SourceText): string {
  const codes = [...new Set(diagnostics.map(({ code }) => code))].sort()
  const driver = {
    name: 'bearerd',
    semanticVersion: VERSION,
    informationUri: 'https://bearerd.dev/',
    rules: codes.map(ruleOf),
  }
  const fingerprint = createFingerprints(sourceText)
  const results = diagnostics.map(diagnostic => ({
    ...resultOf(diagnostic, codes.indexOf(diagnostic.code)),
    partialFingerprints: { 'problemLine/v1': fingerprint(diagnostic) },
  }))
  const run = { tool: { driver }, columnKind: 'utf16CodeUnits', results }
  return toJson({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] })
}

/** The working directory, by the name that code scanning gives it. */
const ROOT = '%SRCROOT%'

function ruleOf(code: string): object {
  const page = codePage(code)
  if (!page) return { id: code, helpUri: helpUri(code) }
  return {
    id: code,
    shortDescription: { text: `${page.title}.` },
    fullDescription: { text: page.explanation.replaceAll(/(?<!\n)\n(?!\n)/g, ' ') },
    help: { text: page.explanation, markdown: helpOf(page) },
    helpUri: helpUri(code),
    defaultConfiguration: { level: page.severity },
  }
}

function helpOf({ explanation, bad, good, described }: CodePage): string {
  const show = (example: string) => (described ? example : `\`\`\`yaml\n${example}\`\`\``)
  return `${explanation}\n\nWrong:\n\n${show(bad)}\n\nRight:\n\n${show(good)}`
}

function resultOf(diagnostic: Diagnostic, ruleIndex: number): object {
  const { code, severity, message, hint, file, range, related = [] } = diagnostic
  return {
    ruleId: code,
    ruleIndex,
    level: severity,
    message: { text: hint ? `${printable(message)}\n${printable(hint)}` : printable(message) },
    locations: [{ physicalLocation: placeOf(file, range) }],
    ...(related.length > 0 && {
      relatedLocations: related.map((other, id) => ({
        id,
        physicalLocation: placeOf(other.file, other.range),
        message: { text: printable(other.message) },
      })),
    }),
  }
}

function placeOf(file: string, { start, end }: Range): object {
  return {
    artifactLocation: file.startsWith('/') ? { uri: `file://${uriOf(file)}` } : { uri: uriOf(file), uriBaseId: ROOT },
    region: { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column },
  }
}

function uriOf(file: string): string {
  return file.toWellFormed().split('/').map(encodeURIComponent).join('/')
}

/** The same for a problem whose line moves, and different for equal lines of a file: these are counted. */
function createFingerprints(sourceText: SourceText): (diagnostic: Diagnostic) => string {
  const linesOf = new Map<string, string[]>()
  const seen = new Map<string, number>()
  return ({ code, file, range }) => {
    const lines = linesOf.get(file) ?? (sourceText(file) ?? '').split('\n')
    linesOf.set(file, lines)
    const line = (lines[range.start.line - 1] ?? '').trim()
    const hash = createHash('sha256').update(`${code}\n${file}\n${line}`).digest('hex').slice(0, 16)
    const count = (seen.get(hash) ?? 0) + 1
    seen.set(hash, count)
    return `${hash}:${count}`
  }
}
