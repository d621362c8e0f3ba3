// YAML text -> documents: plain values for checking, and the exact place of every key and value, through aliases and
// merge keys. Never throws for bad input.

import type { Diagnostic, Range } from '../diagnostics/diagnostic.ts'
import { type Located, NodeReader, type Path } from './node-reader.ts'
import { Composer, type Node, Parser, type YamlDocument } from './yaml.ts'

export type { Located, Path } from './node-reader.ts'

import { precheckText, type TextFault, tooDeepAt } from './precheck.ts'
import { type LineIndex, lineIndex, type Source } from './source.ts'
import { syntaxFault } from './syntax-fault.ts'

export interface Document {
  source: Source
  /** Plain data: null-prototype objects, arrays, scalars. Aliases share their target. */
  value: unknown
  /** The key or the value at a path; the nearest ancestor that exists for a path that does not. */
  locate(path: Path, part: 'key' | 'value'): Located
  /** A scalar as written, without its quotes, and where that starts; undefined for anything else and behind aliases. */
  rawScalar(path: Path): { offset: number; raw: string } | undefined
  /** Whether the value at a path was already refused while it was read: nothing more can be said about it. */
  rejected(path: Path): boolean
  range(startOffset: number, endOffset: number): Range
}

export interface ParsedFile {
  source: Source
  documents: Document[]
  diagnostics: Diagnostic[]
}

/** Without the parser's own check of unique keys, which is quadratic: the reader has one. Tags of the core schema only. */
const OPTIONS = {
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: 'silent',
  version: '1.2',
  resolveKnownTags: false,
} as const

const MAX_FAULTS = 100

export function parseFile(source: Source): ParsedFile {
  const lines = lineIndex(source.text)
  const fault = precheckText(source.text)
  if (fault) return { source, documents: [], diagnostics: [faultDiagnostic(source, lines, fault)] }
  try {
    const parsed = parseDocuments(source.text)
    const results = parsed.map(document => readDocument(source, lines, document))
    if (results.length === 0) results.push(emptyDocument(source, lines))
    return {
      source,
      documents: results.flatMap(r => r.document ?? []),
      diagnostics: results.flatMap(r => r.diagnostics),
    }
  } catch (error) {
    // The parser recurses; nothing but the depth of the file exhausts the stack.
    if (!(error instanceof RangeError)) throw error
    return { source, documents: [], diagnostics: [faultDiagnostic(source, lines, tooDeepAt(0))] }
  }
}

/** Ends early where nothing makes sense any more: only the first fault of a document is told. */
function parseDocuments(text: string): YamlDocument[] {
  const composer = new Composer(OPTIONS)
  const documents: YamlDocument[] = []
  let faults = 0
  for (const token of new Parser().parse(text)) {
    if (token.type === 'error' && ++faults > MAX_FAULTS) break
    for (const document of composer.next(token)) documents.push(document as YamlDocument)
  }
  for (const document of composer.end()) documents.push(document as YamlDocument)
  return documents
}

function faultDiagnostic(source: Source, lines: LineIndex, fault: TextFault): Diagnostic {
  const { code, message, hint, offset, end = 0 } = fault
  const range = lines.range(offset, Math.max(end, offset + 1))
  return { code, severity: 'error', message, file: source.file, range, ...(hint && { hint }) }
}

function readDocument(source: Source, lines: LineIndex, parsed: YamlDocument) {
  const [error] = parsed.errors
  if (error) return { diagnostics: [faultDiagnostic(source, lines, syntaxFault(error, parsed, source.text))] }
  const diagnostics = parsed.warnings
    .filter(warning => warning.code === 'TAG_RESOLVE_FAILED')
    .map(warning => faultDiagnostic(source, lines, unknownTag(source, ...warning.pos)))
  return { document: toDocument(source, lines, parsed.contents, diagnostics), diagnostics }
}

/** A file of nothing but comments is a file too. */
function emptyDocument(source: Source, lines: LineIndex) {
  return { document: toDocument(source, lines, null, []), diagnostics: [] }
}

function toDocument(source: Source, lines: LineIndex, root: Node | null, diagnostics: Diagnostic[]): Document {
  const reader = new NodeReader(source, lines, diagnostics)
  const value = root ? reader.read(root).value : null
  return {
    source,
    value,
    locate: (path, part) => reader.locate(root, path, part),
    rawScalar: path => reader.rawScalar(root, path),
    rejected: path => reader.rejected(root, path),
    range: (start, end) => lines.range(start, end),
  }
}

function unknownTag(source: Source, offset: number, end: number): TextFault {
  const tag = source.text.slice(offset, Math.min(end, offset + 40))
  const reference = /^!(env|file|exec|systemd|account)/i.exec(tag)?.[1]?.toLowerCase()
  const hint = reference
    ? `references are mappings: write \`{ ${reference}: … }\` instead of \`${tag} …\``
    : 'tags mean nothing here: remove it'
  return { code: 'yaml/unknown-tag', message: `unknown tag \`${tag}\``, offset, end, hint }
}
