// One file -> its definitions, and the findings that depend on nothing but its text.
import { type Diagnostic, hasErrors } from '../diagnostics/diagnostic.ts'
import { type Definitions, readDefinitions } from './definitions/definitions.ts'
import { findIgnores, type IgnoreComment } from './ignore.ts'
import { locateFinding } from './locate.ts'
import { pathId, reduceErrors, refusedPaths, type SchemaFinding } from './schema/reduce-errors.ts'
import { type Repaired, repaired } from './schema/repair.ts'
import { type SchemaError, validateSchema } from './schema/validate-schema.ts'
import { type Document, type Path, parseFile } from './yaml/document.ts'
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

/** Of misspelt keys, one below the other. */
const MAX_LEVELS = 4

/** `onPart` hears how much of a large file is read, from 0 to 1. */
export function checkFile(source: Source, onPart: (part: number) => void): CheckedFile {
  const parsed = parseFile(source, onPart)
  const diagnostics = [...parsed.diagnostics]
  const definitions = parsed.documents.map((document, index) => {
    const looked = lookAt(document, documentValue(document, index))
    diagnostics.push(...looked.diagnostics)
    return looked.definitions
  })
  return { definitions, isRead: !hasErrors(parsed.diagnostics), diagnostics, ignores: findIgnores(parsed) }
}

interface LookedAt {
  definitions: Definitions
  diagnostics: Diagnostic[]
}

function lookAt(document: Document, value: unknown): LookedAt {
  const errors = validateSchema(value)
  const refused = refusedPaths(errors)
  const isRefused = (path: Path) => refused.has(pathId(path))
  const diagnostics = findingsOf(document, errors, value)
  const right = errors.length > 0 ? repaired(value, errors) : undefined
  if (right) return lookAtRepaired(document, right, { isRefused, diagnostics })
  return { definitions: readDefinitions(document, { isRefused, isUnreadable: isRefused }), diagnostics }
}

/** With its slips put right: what can be read then, for rules to look at, and what is wrong behind a misspelt key. */
function lookAtRepaired(
  document: Document,
  { value, written }: Repaired,
  { isRefused, diagnostics, round = 1 }: { isRefused(path: Path): boolean; diagnostics: Diagnostic[]; round?: number },
): LookedAt {
  const errors = validateSchema(value)
  const left = refusedPaths(errors)
  const isBehind = (path: Path) => pathId(written(path)) !== pathId(path)
  const repairedDocument: Document = {
    ...document,
    value,
    locate: (path, part) => document.locate(written(path), part),
    rawScalar: path => document.rawScalar(written(path)),
    rejected: path => document.rejected(written(path)),
  }
  // The path of a missing key is that of its mapping. A value that is missing went with the blank before it.
  const isWrongValue = ({ code, path }: SchemaFinding) => code === 'schema/value' && isBehind(path)
  const behind = findingsOf(
    repairedDocument,
    errors,
    value,
    finding =>
      isBehind(finding.code === 'schema/missing-key' ? finding.path : finding.path.slice(0, -1)) ||
      isWrongValue(finding),
  )
  const told = [...diagnostics, ...behind]
  const isWrittenRefused = (path: Path) => isRefused(written(path))
  // Misspelt keys below misspelt ones are found one level at a time.
  const right = behind.length > 0 && round < MAX_LEVELS ? repaired(value, errors) : undefined
  if (right)
    return lookAtRepaired(repairedDocument, right, { isRefused: isWrittenRefused, diagnostics: told, round: round + 1 })
  const isUnreadable = (path: Path) => left.has(pathId(path))
  return {
    definitions: readDefinitions(repairedDocument, { isRefused: isWrittenRefused, isUnreadable }),
    diagnostics: told,
  }
}

function findingsOf(
  document: Document,
  errors: readonly SchemaError[],
  value: unknown,
  isWanted: (finding: SchemaFinding) => boolean = () => true,
): Diagnostic[] {
  return reduceErrors(errors.slice(0, MAX_ERRORS), value)
    .filter(finding => !document.rejected(finding.path) && isWanted(finding))
    .map(finding => locateFinding({ ...finding, place: { document, path: finding.path } }, 'error'))
}

/** `version` is said once a file; an empty document is an empty mapping, so that the missing version is the finding. */
function documentValue(document: Document, index: number): unknown {
  const value = document.value ?? {}
  if (index === 0 || typeof value !== 'object' || Array.isArray(value)) return value
  return { version: 1, ...value }
}
