// One file -> its definitions, and the findings that depend on nothing but its text.
import { type Diagnostic, hasErrors } from '../diagnostics/diagnostic.ts'
import { type Definitions, readDefinitions } from './definitions/definitions.ts'
import { findIgnores, type IgnoreComment } from './ignore.ts'
import { locateFinding } from './locate.ts'
import { pathId, reduceErrors, refusedPaths } from './schema/reduce-errors.ts'
import { type SchemaError, validateSchema } from './schema/validate-schema.ts'
import { type Document, parseFile } from './yaml/document.ts'
import type { Source } from './yaml/source.ts'

export interface CheckedFile {
  /** Of each of its documents. */
  definitions: Definitions[]
  /** False when some of it is no YAML. */
  isRead: boolean
  diagnostics: Diagnostic[]
  ignores: IgnoreComment[]
}

/** Violations of one document that are looked at: more come from a file that was made wrong, not from mistakes. */
const MAX_ERRORS = 10_000

/** `onPart` hears how much of a large file is read, from 0 to 1. */
export function checkFile(source: Source, onPart: (part: number) => void): CheckedFile {
  const parsed = parseFile(source, onPart)
  const diagnostics = [...parsed.diagnostics]
  const definitions = parsed.documents.map((document, index) => {
    const value = documentValue(document, index)
    const errors = validateSchema(value)
    for (const finding of findingsOf(document, errors, value)) diagnostics.push(finding)
    const refused = refusedPaths(errors)
    return readDefinitions(document, path => refused.has(pathId(path)))
  })
  return { definitions, isRead: !hasErrors(parsed.diagnostics), diagnostics, ignores: findIgnores(parsed) }
}

function findingsOf(document: Document, errors: readonly SchemaError[], value: unknown): Diagnostic[] {
  return reduceErrors(errors.slice(0, MAX_ERRORS), value)
    .filter(finding => !document.rejected(finding.path))
    .map(finding => locateFinding({ ...finding, place: { document, path: finding.path } }, 'error'))
}

/** `version` is said once a file; an empty document is an empty mapping, so that the missing version is the finding. */
function documentValue(document: Document, index: number): unknown {
  const value = document.value ?? {}
  if (index === 0 || typeof value !== 'object' || Array.isArray(value)) return value
  return { version: 1, ...value }
}
