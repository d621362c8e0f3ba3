// One violation of the schema -> a finding in the product's words.
import { didYouMean, suggest } from '../../diagnostics/suggest.ts'
import type { Path } from '../yaml/node-reader.ts'
import { foreignKey, foreignWord, type Meant } from './foreign-names.ts'
import { type Condition, knownKeys, schemaPlace } from './schema-condition.ts'
import { exampleHint, nameHint, typeHint } from './schema-hint.ts'
import type { SchemaError } from './validate-schema.ts'

/** A finding about a value, before it has a place in a text. */
export interface SchemaFinding {
  code: 'schema/unknown-key' | 'schema/missing-key' | 'schema/type' | 'schema/value' | 'schema/not-allowed'
  path: Path
  part: 'key' | 'value'
  message: string
  hint?: string
}

/** With what the reducer must know to see which finding follows from which. */
export interface Draft extends SchemaFinding {
  /** The key that this finding is about. */
  key: string
  /** The keys that the finding depends on, the outermost first. */
  conditions?: Condition[]
  /** The innermost of them, when it is absent and its default refuses this key. */
  absent?: Condition
  /** For an unknown key, the one that was probably meant. */
  meant?: string
  /** The key below that one that takes the value. */
  inner?: string
  /** Keys that are not missing because of it. */
  covers?: readonly string[]
  /** It is about the number of keys of a mapping. */
  counts?: true
}

export function draftOf(error: SchemaError, root: unknown): Draft | undefined {
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
      return missingKey(error, path, root)
    case 'false schema':
      return notAllowed(error, path, root)
    case 'type':
      return wrongType(error, path, root)
    case 'enum':
    case 'const':
      return wrongWord(error, path, root)
    case 'minProperties':
    case 'maxProperties':
      return wrongCount(error, path, root)
    default:
      return wrongValue(error, path, root)
  }
}

function unknownKey(error: SchemaError, parent: Path, root: unknown): Draft {
  const key = String(error.params.additionalProperty)
  const keys = knownKeys(error.schemaPath)
  const path = [...parent, key]
  const draft = { code: 'schema/unknown-key', path, part: 'key', key } as const
  // In braces `timeout:20s` is one key. What stands behind the colon may be a secret.
  const name = valueAt(root, path) === null && /^[A-Za-z_][\w-]*(?=:[^\s/])/.exec(key)?.[0]
  if (name) {
    const told = { message: `no blank after \`${name}:\``, hint: `write \`${name}: \`, and then the value` }
    return { ...draft, ...told, ...(keys.includes(name) && { meant: name }) }
  }
  const message = `unknown key \`${key}\``
  const meant = meantKey(path, keys, valueAt(root, parent) as object)
  if (!meant && isNameValue(keys, valueAt(root, parent) as object))
    return { ...draft, message, hint: `write \`{ name: ${key}, value: … }\``, covers: keys }
  if (!meant) return { ...draft, message, hint: `known keys: ${keys.join(', ')}` }
  const written = meant.inner === undefined ? meant.key : `${meant.key}: { ${meant.inner}: … }`
  const hint = `did you mean \`${written}\`?`
  return { ...draft, message, hint, meant: meant.key, ...(meant.inner !== undefined && { inner: meant.inner }) }
}

/** `{ X-Key: … }` where a name and a value are wanted, each by its key. */
function isNameValue(keys: readonly string[], present: object): boolean {
  return keys.join() === 'name,value' && !('name' in present) && !('value' in present)
}

function meantKey(path: Path, keys: readonly string[], present: object): Meant | undefined {
  const key = String(path.at(-1))
  // Without its key, an assertion that is signed looks like one that is read.
  if (path.at(-2) === 'assertion' && foreignKey(key, ['key'])) return { key: 'key' }
  const free = keys.filter(known => !(known in present))
  const foreign = foreignKey(key, free)
  if (foreign) return foreign
  const near = suggest(key, free) ?? suggest(key, keys)
  return near === undefined ? foreignKey(key, keys) : { key: near }
}

function badName(error: SchemaError, parent: Path): Draft {
  const key = String(error.params.propertyName)
  const { described, node } = schemaPlace(`${error.schemaPath}/x`)
  const message = `${key === '' ? 'an empty text' : `\`${key}\``} is not a valid ${titleOf(described)}`
  const words = typeof node === 'object' ? ((node.enum as string[] | undefined) ?? []) : []
  const hint = didYouMean(key, words) ?? String(described.description)
  return { code: 'schema/value', path: [...parent, key], part: 'key', key, message, hint }
}

const MISSING_HINTS: Record<string, string> = {
  version: 'start the file with `version: 1`',
  scope: 'name what the token is for, as the provider calls it, or write `scope: []` where it has no scopes',
}

function missingKey(error: SchemaError, path: Path, root: unknown): Draft {
  const key = String(error.params.missingProperty)
  const { conditions, node } = schemaPlace(error.schemaPath)
  const message = `\`${key}\` is required${whenOf(conditions.at(-1), decidingMapping(conditions.at(-1), path, root))}`
  const alternative = typeof node === 'object' && typeof node.$comment === 'string' ? node.$comment : undefined
  const hint = MISSING_HINTS[key] ?? alternative
  return { code: 'schema/missing-key', path, part: 'key', key, message, ...(hint && { hint }), conditions }
}

/** The mapping that holds the deciding key of a finding at `path`. */
function decidingMapping(condition: Condition | undefined, path: Path, root: unknown): unknown {
  return valueAt(root, path.slice(0, path.length - (condition?.depth ?? 0)))
}

function whenOf(condition: Condition | undefined, object: unknown): string {
  if (!condition) return ''
  if (condition.values.length === 0)
    return condition.branch === 'then' ? ` when \`${condition.key}\` is given` : ` without \`${condition.key}\``
  const actual = (object as Record<string, unknown>)[condition.key]
  if (actual !== undefined) return ` when \`${condition.key}\` is \`${String(actual)}\``
  return ` when \`${condition.key}\` is \`${condition.default}\`, the default`
}

function notAllowed(error: SchemaError, path: Path, root: unknown): Draft {
  const key = String(path.at(-1))
  const { conditions } = schemaPlace(error.schemaPath)
  const condition = conditions.at(-1)
  const draft = { code: 'schema/not-allowed' as const, path, part: 'key' as const, key, conditions }
  if (!condition) return { ...draft, message: `\`${key}\` is not allowed here` }
  const actual = (decidingMapping(condition, path, root) as Record<string, unknown>)[condition.key]
  const absent = actual === undefined && condition.branch === 'else' ? condition : undefined
  if (condition.values.length === 0) return presenceDraft(draft, condition, absent)
  const words = condition.values.map(value => `${condition.key}: ${value}`)
  const hint = condition.branch === 'else' ? `it goes with ${oneOf(words)}` : 'remove it'
  const message = notAllowedMessage([key], condition, actual)
  return { ...draft, message, hint, ...(absent && { absent }) }
}

function presenceDraft(
  draft: Omit<Draft, 'message'>,
  { key, branch }: Condition,
  absent: Condition | undefined,
): Draft {
  const message = `\`${draft.key}\` does not go ${branch === 'else' ? 'without' : 'with'} \`${key}\``
  const hint = branch === 'else' ? `it goes with \`${key}\`` : 'remove it'
  return { ...draft, message, hint, ...(absent && { absent }) }
}

/** `actual` is what the deciding key says; undefined when it is absent. */
export function notAllowedMessage(keys: readonly string[], condition: Condition, actual?: unknown): string {
  const word = typeof actual === 'object' ? condition.key : `${condition.key}: ${String(actual ?? condition.default)}`
  const decider = `\`${word}\``
  const verb = keys.length > 1 ? 'do' : 'does'
  return `${listed(keys, 'and')} ${verb} not go with ${actual === undefined ? 'the default ' : ''}${decider}`
}

function wrongType(error: SchemaError, path: Path, root: unknown): Draft {
  const value = valueAt(root, path)
  const place = schemaPlace(error.schemaPath)
  const types = [String(error.params.type), ...(place.otherType ? [place.otherType] : [])]
  const wanted = types.map(type => TYPE_WORDS[type] ?? type).join(' or ')
  const what = path.length === 0 ? 'a configuration file' : named(path, root)
  const message =
    value === null ? `${what} is empty but must be ${wanted}` : `${what} must be ${wanted}, not ${describe(value)}`
  const hint = typeHint(value, types, place)
  return { code: 'schema/type', path, part: 'value', key: String(path.at(-1)), message, ...(hint && { hint }) }
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
  if (value === undefined) return 'empty'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'boolean') return `\`${value}\``
  if (typeof value === 'object') return 'a mapping'
  return typeof value === 'string' ? 'a text' : `a ${typeof value}`
}

function wrongWord(error: SchemaError, path: Path, root: unknown): Draft {
  const allowed = (error.params.allowedValues as unknown[] | undefined) ?? [error.params.allowedValue]
  const value = valueAt(root, path)
  const message = `${named(path, root)} must be ${oneOf(allowed.map(String))}`
  return {
    code: 'schema/value',
    path,
    part: 'value',
    key: String(path.at(-1)),
    message,
    ...wordHint(String(path.at(-1)), value, allowed),
  }
}

const WORD_HINTS: Record<string, string> = {
  grant: "a grant type of the provider's own is `grant: custom` with `tokenRequest: { grantType: … }`",
}

function wordHint(key: string, value: unknown, allowed: readonly unknown[]): { hint?: string } {
  if (typeof value !== 'string') return {}
  if (allowed.some(word => typeof word !== 'string' && String(word) === value))
    return { hint: 'write it without quotes' }
  const meant = foreignWord(value, allowed.map(String)) ?? suggest(value, allowed.map(String))
  const hint = meant ? `did you mean \`${meant}\`?` : WORD_HINTS[key]
  return hint ? { hint } : {}
}

function wrongCount(error: SchemaError, path: Path, root: unknown): Draft {
  const { node } = schemaPlace(error.schemaPath)
  const keys = Object.keys((node as { properties?: object }).properties ?? {})
  const message = `${named(path, root)} takes exactly one of ${oneOf(keys)}`
  return { code: 'schema/value', path, part: 'key', key: String(path.at(-1)), message, counts: true }
}

function wrongValue(error: SchemaError, path: Path, root: unknown): Draft {
  const place = schemaPlace(error.schemaPath)
  const { described } = place
  const draft = { code: 'schema/value', path, part: 'value', key: String(path.at(-1)) } as const
  if (error.keyword === 'minItems')
    return { ...draft, message: `${named(path, root)} is an empty list`, hint: 'give it an item, or remove it' }
  if (error.keyword === 'maxItems') {
    const { limit } = error.params as { limit: number }
    return {
      ...draft,
      message: `${named(path, root)} has more than ${limit} items`,
      hint: 'remove those that are not needed',
    }
  }
  const title = titleOf(described)
  const isKey = title.toLowerCase() === String(path.at(-1)).toLowerCase()
  const fault = valueAt(root, path) === '' ? 'is empty' : isKey ? 'has the wrong form' : `is not a valid ${title}`
  const missing = valueAt(root, path) === '' ? MISSING_HINTS[draft.key] : undefined
  const hint =
    missing ?? nameHint(valueAt(root, path), place) ?? exampleHint(described) ?? String(described.description ?? '')
  return { ...draft, message: `${named(path, root)} ${fault}`, ...(hint && { hint }) }
}

/** A title within a sentence: `Server URL` is `server URL`, `API address` stays. */
function titleOf(described: Record<string, unknown>): string {
  return String(described.title ?? 'value').replace(/^[A-Z](?![A-Z])/, letter => letter.toLowerCase())
}

/** The key, or for an item of a list the list's key. */
function named(path: Path, root: unknown): string {
  const key = String(path.at(-1))
  if (!Array.isArray(valueAt(root, path.slice(0, -1)))) return `\`${key}\``
  return `item ${Number(key) + 1} of \`${String(path.at(-2))}\``
}

function oneOf(values: readonly string[]): string {
  return listed(values, 'or')
}

function listed(values: readonly string[], word: 'or' | 'and'): string {
  const quoted = values.map(value => `\`${value}\``)
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} ${word} ${quoted.at(-1)}`
}

export function pathOf(pointer: string): (string | number)[] {
  if (pointer === '') return []
  const segments = pointer.slice(1).split('/')
  return segments.map(segment => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function valueAt(root: unknown, path: Path): unknown {
  let value = root
  for (const segment of path) value = (value as Record<string, unknown> | undefined)?.[String(segment)]
  return value
}
