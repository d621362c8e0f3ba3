// YAML text -> documents: plain values for checking, and the exact place of every key and value, through aliases and
// merge keys. Never throws for bad input.
import { parseAllDocuments, type Document as YamlDocument } from 'yaml'
import type { Diagnostic, Range } from '../diagnostics/diagnostic.ts'
import { type Located, NodeReader, type Path } from './node-reader.ts'

export type { Located, Path } from './node-reader.ts'

import { precheckText, type TextFault, tooDeepAt } from './precheck.ts'
import { type LineIndex, lineIndex, type Source } from './source.ts'

export interface Document {
  source: Source
  /** Plain data: null-prototype objects, arrays, scalars. Aliases share their target. */
  value: unknown
  /** The key or the value at a path; the nearest ancestor that exists for a path that does not. */
  locate(path: Path, part: 'key' | 'value'): Located
  /** A scalar as written, without its quotes, and where that starts; undefined for anything else and behind aliases. */
  rawScalar(path: Path): { offset: number; raw: string } | undefined
  range(startOffset: number, endOffset: number): Range
}

export interface ParsedFile {
  source: Source
  documents: Document[]
  diagnostics: Diagnostic[]
}

/** Without the parser's own check of unique keys, which is quadratic; ours is below. */
const OPTIONS = { uniqueKeys: false, prettyErrors: false, logLevel: 'silent', version: '1.2' } as const

export function parseFile(source: Source): ParsedFile {
  const lines = lineIndex(source.text)
  const fault = precheckText(source.text)
  if (fault) return { source, documents: [], diagnostics: [faultDiagnostic(source, lines, fault)] }
  try {
    const parsed = parseAllDocuments(source.text, OPTIONS)
    const results = [...parsed].map(document => readDocument(source, lines, document))
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

function faultDiagnostic(source: Source, lines: LineIndex, fault: TextFault, endOffset = fault.offset + 1): Diagnostic {
  const range = lines.range(fault.offset, endOffset)
  const { code, message, hint } = fault
  return { code, severity: 'error', message, file: source.file, range, ...(hint && { hint }) }
}

function readDocument(source: Source, lines: LineIndex, parsed: YamlDocument) {
  const [error] = parsed.errors
  if (error) {
    // Later errors of a broken document mostly follow from the first.
    const fault = syntaxFault(error.code, error.message, error.pos[0])
    return { diagnostics: [faultDiagnostic(source, lines, fault, Math.max(error.pos[1], error.pos[0] + 1))] }
  }
  const diagnostics = parsed.warnings
    .filter(warning => warning.code === 'TAG_RESOLVE_FAILED')
    .map(warning => faultDiagnostic(source, lines, unknownTag(source, warning.pos[0]), warning.pos[1]))
  const reader = new NodeReader(source, lines, diagnostics)
  const root = parsed.contents
  const value = root ? reader.read(root).value : null
  const document: Document = {
    source,
    value,
    locate: (path, part) => reader.locate(root, path, part),
    rawScalar: path => reader.rawScalar(root, path),
    range: (start, end) => lines.range(start, end),
  }
  return { document, diagnostics }
}

function unknownTag(source: Source, offset: number): TextFault {
  const tag = /^\S+/.exec(source.text.slice(offset, offset + 80))?.[0] ?? '!'
  const hint = 'references are mappings: write `{ env: NAME }`, not `!env NAME`'
  return { code: 'yaml/unknown-tag', message: `unknown tag \`${tag}\``, offset, hint }
}

function syntaxFault(code: string, message: string, offset: number): TextFault {
  if (code === 'TAB_AS_INDENT') {
    return {
      code: 'yaml/syntax',
      message: 'tab used for indentation',
      offset,
      hint: 'YAML wants blanks: replace the tab',
    }
  }
  const text = message.charAt(0).toLowerCase() + message.slice(1)
  return { code: 'yaml/syntax', message: text.replace(/\s+/g, ' '), offset }
}
