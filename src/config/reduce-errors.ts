// Ajv's list of violations -> findings as a person would tell them: one mistake, one finding, at its own place.
import { suggest } from '../diagnostics/suggest.ts'
import type { Path } from './node-reader.ts'
import { type Condition, knownKeys, schemaPlace } from './schema-condition.ts'
import type { SchemaError } from './validate-schema.ts'

/** A finding about a value, before it has a place in a text. */
export interface SchemaFinding {
  code: 'schema/unknown-key' | 'schema/missing-key' | 'schema/type' | 'schema/value' | 'schema/not-allowed'
  path: Path
  part: 'key' | 'value'
  message: string
  hint?: string
}

interface Draft extends SchemaFinding {
  /** The key that this finding is about. */
  key: string
  /** The key that the finding depends on. */
  condition?: Condition
  /** For an unknown key, the one that was probably meant. */
  meant?: string
}

export function reduceErrors(errors: readonly SchemaError[], root: unknown): SchemaFinding[] {
  const drafts = errors.flatMap(error => draftOf(error, root) ?? [])
  const wrong = new Set(drafts.filter(draft => draft.code === 'schema/value').map(placeOf))
  const meant = new Set(drafts.filter(draft => draft.meant).map(draft => siblingOf(draft, draft.meant!)))
  const findings = new Map<string, SchemaFinding>()
  for (const draft of drafts) {
    if (follows(draft, wrong, meant)) continue
    const { condition: _condition, meant: _meant, key: _key, ...finding } = draft
    const place = `${placeOf(draft)} ${draft.code === 'schema/missing-key' ? draft.key : ''}`
    if (!findings.has(place)) findings.set(place, finding)
  }
  return [...findings.values()]
}

/** Whether a finding only follows from another one: its deciding key is wrong or misspelt, or the missing key is misspelt. */
function follows(draft: Draft, wrong: ReadonlySet<string>, meant: ReadonlySet<string>): boolean {
  if (draft.code === 'schema/missing-key' && meant.has(join([...draft.path, draft.key]))) return true
  if (!draft.condition) return false
  const object = draft.code === 'schema/missing-key' ? draft.path : draft.path.slice(0, -1)
  const decider = join([...object, draft.condition.key])
  return wrong.has(decider) || meant.has(decider)
}

function placeOf(draft: Draft): string {
  return join(draft.path)
}

function siblingOf(draft: Draft, key: string): string {
  return join([...draft.path.slice(0, -1), key])
}

function join(path: Path): string {
  return path.join('\0')
}

function draftOf(error: SchemaError, root: unknown): Draft | undefined {
  // Told by the `propertyNames` error that follows.
  if (error.propertyName !== undefined) return undefined
  const path = pathOf(error.instancePath)
  switch (error.keyword) {
    case 'if':
      return undefined
    case 'additionalProperties':
      return unknownKey(error, path, root)
    case 'propertyNames':
      return badName(error, path)
    case 'required':
      return missingKey(error, path)
    case 'false schema':
      return notAllowed(error, path, root)
    case 'type':
      return wrongType(error, path, root)
    default:
      return wrongValue(error, path, root)
  }
}

function unknownKey(error: SchemaError, parent: Path, root: unknown): Draft {
  const key = String(error.params.additionalProperty)
  const keys = knownKeys(error.schemaPath)
  const present = valueAt(root, parent) as object
  const meant =
    suggest(
      key,
      keys.filter(known => !(known in present)),
    ) ?? suggest(key, keys)
  const hint = meant ? `did you mean \`${meant}\`?` : `known keys: ${keys.join(', ')}`
  const draft = {
    code: 'schema/unknown-key',
    path: [...parent, key],
    part: 'key',
    key,
    message: `unknown key \`${key}\``,
    hint,
  } as const
  return meant ? { ...draft, meant } : draft
}

function badName(error: SchemaError, parent: Path): Draft {
  const key = String(error.params.propertyName)
  const { node } = schemaPlace(`${error.schemaPath}/x`)
  const hint = typeof node === 'object' ? String(node.description ?? '') : ''
  return {
    code: 'schema/value',
    path: [...parent, key],
    part: 'key',
    key,
    message: `\`${key}\` cannot be a name here`,
    hint,
  }
}

function missingKey(error: SchemaError, path: Path): Draft {
  const key = String(error.params.missingProperty)
  const { condition } = schemaPlace(error.schemaPath)
  const when = condition ? ` when \`${condition.key}\` is ${oneOf(condition.values)}` : ''
  const hint = path.length === 0 && key === 'version' ? 'start the file with `version: 1`' : undefined
  const draft = {
    code: 'schema/missing-key',
    path,
    part: 'key',
    key,
    message: `\`${key}\` is required${when}`,
  } as const
  return { ...draft, ...(hint && { hint }), ...(condition && { condition }) }
}

function notAllowed(error: SchemaError, path: Path, root: unknown): Draft {
  const key = String(path.at(-1))
  const { condition } = schemaPlace(error.schemaPath)
  const draft = { code: 'schema/not-allowed', path, part: 'key', key } as const
  if (!condition) return { ...draft, message: `\`${key}\` is not allowed here` }
  const actual = (valueAt(root, path.slice(0, -1)) as Record<string, unknown>)[condition.key]
  const has = typeof actual === 'string' ? `\`${condition.key}: ${actual}\`` : `the default \`${condition.key}\``
  const message = `\`${key}\` does not go with ${has}`
  const hint =
    condition.branch === 'else'
      ? `it goes with ${oneOf(condition.values.map(value => `${condition.key}: ${value}`))}`
      : 'remove it'
  return { ...draft, message, hint, condition }
}

function wrongType(error: SchemaError, path: Path, root: unknown): Draft {
  const key = String(path.at(-1) ?? '')
  const value = valueAt(root, path)
  const wanted = TYPE_WORDS[String(error.params.type)] ?? String(error.params.type)
  const what = path.length === 0 ? 'a configuration file' : `\`${key}\``
  const draft = {
    code: 'schema/type',
    path,
    part: 'value',
    key,
    message: `${what} must be ${wanted}, not ${describe(value)}`,
  } as const
  const quotable = error.params.type === 'string' && ['number', 'boolean'].includes(typeof value)
  return quotable ? { ...draft, hint: 'put the value in quotes' } : draft
}

const TYPE_WORDS: Record<string, string> = {
  string: 'a text',
  object: 'a mapping',
  array: 'a list',
  boolean: '`true` or `false`',
  integer: 'a whole number',
  number: 'a number',
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return 'empty'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a mapping'
  return typeof value === 'string' ? 'a text' : `a ${typeof value}`
}

function wrongValue(error: SchemaError, path: Path, root: unknown): Draft {
  const key = nameOf(path)
  const draft = { code: 'schema/value', path, part: 'value', key } as const
  const { node } = schemaPlace(error.schemaPath)
  if (error.keyword === 'enum' || error.keyword === 'const') {
    const allowed = (error.params.allowedValues as unknown[] | undefined) ?? [error.params.allowedValue]
    const value = valueAt(root, path)
    const meant = typeof value === 'string' ? suggest(value, allowed.map(String)) : undefined
    const message = `\`${key}\` must be ${oneOf(allowed.map(String))}`
    return meant ? { ...draft, message, hint: `did you mean \`${meant}\`?` } : { ...draft, message }
  }
  if (error.keyword === 'minProperties' || error.keyword === 'maxProperties') {
    return { ...draft, part: 'key', message: `\`${key}\` takes exactly one of ${keysOf(node)}` }
  }
  if (error.keyword === 'minItems') return { ...draft, message: `\`${key}\` is an empty list` }
  const schema = typeof node === 'object' ? node : {}
  const example = (schema.examples as unknown[] | undefined)?.[0]
  const title = String(schema.title ?? key).toLowerCase()
  const hint = example === undefined ? String(schema.description ?? '') : `for example \`${String(example)}\``
  return { ...draft, message: `\`${key}\` is not a valid ${title}`, ...(hint && { hint }) }
}

/** The nearest key on the way: an item of a list is named by its list. */
function nameOf(path: Path): string {
  return String(path.findLast(segment => !/^\d+$/.test(String(segment))) ?? 'the value')
}

function keysOf(node: unknown): string {
  return oneOf(Object.keys((node as { properties?: object }).properties ?? {}))
}

function oneOf(values: readonly string[]): string {
  const quoted = values.map(value => `\`${value}\``)
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`
}

function pathOf(pointer: string): (string | number)[] {
  if (pointer === '') return []
  const segments = pointer.slice(1).split('/')
  return segments.map(segment => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function valueAt(root: unknown, path: Path): unknown {
  let value = root
  for (const segment of path) value = (value as Record<string, unknown> | undefined)?.[String(segment)]
  return value
}
