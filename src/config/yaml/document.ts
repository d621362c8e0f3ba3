// YAML text -> documents: plain values for checking, and the exact place of every key and value, through aliases and
// merge keys. Never throws for bad input.

import { type Diagnostic, type Range, shortText } from '../../diagnostics/diagnostic.ts'
import { type Located, NodeReader, type Path } from './node-reader.ts'
import type { Node, YamlDocument } from './yaml.ts'

export type { Located, Path } from './node-reader.ts'

import { type Comment, parseYaml } from './parse-yaml.ts'
import { type LineIndex, lineIndex, type Source } from './source.ts'
import { syntaxFault } from './syntax-fault.ts'
import { notUtf8, type TextFault, tooDeepAt } from './text-fault.ts'

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
  comments: readonly Comment[]
  diagnostics: Diagnostic[]
}

/** Read once: who looks at what was found in a source gets the same documents again, for as long as it lives. */
const parsedFiles = new WeakMap<Source, ParsedFile>()

/** `onPart` hears how much of a large file is read, from 0 to 1. */
export function parseFile(source: Source, onPart: (part: number) => void = () => {}): ParsedFile {
  const known = parsedFiles.get(source)
  if (known) return known
  const parsed = parseSource(source, onPart)
  parsedFiles.set(source, parsed)
  return parsed
}

function parseSource(source: Source, onPart: (part: number) => void): ParsedFile {
  const lines = lineIndex(source.text)
  const refuse = (fault: TextFault, comments: Comment[] = []): ParsedFile => ({
    ...{ source, documents: [], comments },
    diagnostics: [faultDiagnostic(source, lines, fault)],
  })
  const broken = notUtf8(source.text)
  if (broken) return refuse(broken)
  try {
    const { documents, comments, fault } = parseYaml(source.text, onPart)
    if (fault) return refuse(fault, comments)
    const results = documents.map(document => readDocument(source, lines, document))
    return {
      ...{ source, comments },
      documents: results.flatMap(r => r.document ?? []),
      diagnostics: results.flatMap(r => r.diagnostics),
    }
  } catch (error) {
    // Reading recurses; nothing but the depth of the file exhausts the stack.
    if (!(error instanceof RangeError)) throw error
    return refuse(tooDeepAt(0))
  }
}

function faultDiagnostic(source: Source, lines: LineIndex, fault: TextFault): Diagnostic {
  const { code, message, hint, offset, end = 0 } = fault
  const range = lines.range(offset, Math.max(end, offset + 1))
  return { code, severity: 'error', message: shortText(message), file: source.file, range, ...(hint && { hint }) }
}

function readDocument(source: Source, lines: LineIndex, parsed: YamlDocument) {
  const [error] = parsed.errors
  if (error) return { diagnostics: [faultDiagnostic(source, lines, syntaxFault(error, parsed, source.text))] }
  const diagnostics = parsed.warnings
    .filter(warning => warning.code === 'TAG_RESOLVE_FAILED')
    .map(warning => faultDiagnostic(source, lines, unknownTag(source, ...warning.pos)))
  return { document: toDocument(source, lines, parsed.contents, diagnostics), diagnostics }
}

function toDocument(
  source: Source,
  lines: LineIndex,
  root: Node | null,
  diagnostics: Diagnostic[],
): Document | undefined {
  const reader = new NodeReader(source, lines, diagnostics)
  const value = root ? reader.read(root).value : null
  if (reader.isOverLimit) return undefined
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
