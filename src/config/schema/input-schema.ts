// The JSON Schema of an action's input: whether it is one, which names it has, and the check of an input by it. The only
// file that knows Ajv at run time; loaded when a configuration has such a schema.
import { createRequire } from 'node:module'
import type { Ajv2020, ErrorObject, ValidateFunction } from 'ajv/dist/2020.js'
import { didYouMean } from '../../diagnostics/suggest.ts'
import { isPlainSchema } from './plain-schema.ts'

export interface InputFault {
  /** Where in the schema; empty for all of it. */
  path: string[]
  message: string
  hint?: string
}

export interface InputProblem {
  /** JSON Pointer of the value in the input. */
  pointer: string
  detail: string
}

/** Gives the input with the schema's defaults, or what is wrong with it. `text`: its values came as texts, and become what the schema wants. */
export type CheckInput = (
  input: unknown,
  from: 'json' | 'text',
) => { ok: true; input: unknown } | { ok: false; problems: InputProblem[] }

const OPTIONS = {
  strict: true,
  strictRequired: false,
  allErrors: true,
  useDefaults: true,
  validateFormats: false,
} as const

function createAjv(coerceTypes: boolean): Ajv2020 {
  const { Ajv2020 } = createRequire(import.meta.url)('ajv/dist/2020.js') as typeof import('ajv/dist/2020.js')
  return new Ajv2020({ ...OPTIONS, coerceTypes, logger: false })
}

/** The first reason why this is no schema in the sense of Ajv's strict mode. */
export function inputSchemaFault(schema: Record<string, unknown>): InputFault | undefined {
  if (isPlainSchema(schema)) return undefined
  const ajv = createAjv(false)
  const plain = structuredClone(toPlain(schema)) as Record<string, unknown>
  if (!ajv.validateSchema(plain)) {
    const [error] = ajv.errors ?? []
    const path = pathOf(error?.instancePath ?? '')
    return { path, message: error?.message ?? 'is not valid', ...hintOf(valueAt(plain, path), wordsOf(error)) }
  }
  try {
    ajv.compile(plain)
    return undefined
  } catch (error) {
    const text = (error as Error).message.replace(/^strict mode: /, '')
    const keyword = /^unknown keyword: "(.*)"$/.exec(text)?.[1]
    const at = keyword === undefined ? undefined : pathOfKey(plain, keyword)
    const message = text.replace(/ at "#?.*$/, '').replaceAll('"', '`')
    return { path: at ?? [], message, ...hintOf(keyword, Object.keys(ajv.RULES.keywords)) }
  }
}

/** Whether a word stands for one of others. */
function hintOf(word: unknown, words: readonly string[]): { hint?: string } {
  const hint = typeof word === 'string' ? didYouMean(word, words) : undefined
  return hint === undefined ? {} : { hint }
}

function wordsOf(error: ErrorObject | undefined): string[] {
  return error?.keyword === 'enum' ? (error.params.allowedValues as string[]) : []
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce((part, key) => (part as Record<string, unknown> | undefined)?.[key], value)
}

export function compileInputCheck(schema: Record<string, unknown> | undefined): CheckInput {
  if (!schema) return input => ({ ok: true, input })
  const plain = toPlain(schema) as Record<string, unknown>
  const compiled: Partial<Record<'json' | 'text', ValidateFunction>> = {}
  return (input, from) => {
    compiled[from] ??= createAjv(from === 'text').compile(plain)
    const validate = compiled[from]
    const checked = structuredClone(input)
    if (validate(checked)) return { ok: true, input: checked }
    return { ok: false, problems: (validate.errors ?? []).slice(0, 50).map(problemOf) }
  }
}

function problemOf(error: ErrorObject): InputProblem {
  const missing = error.keyword === 'required' ? error.params.missingProperty : undefined
  const extra = error.keyword === 'additionalProperties' ? error.params.additionalProperty : undefined
  const name = missing ?? extra
  const pointer = name === undefined ? error.instancePath : `${error.instancePath}/${escapePointer(String(name))}`
  const detail = missing !== undefined ? 'is required' : extra !== undefined ? 'is not known' : describe(error)
  return { pointer, detail }
}

function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}

function describe(error: ErrorObject | undefined): string {
  const allowed =
    error?.keyword === 'enum' ? `: ${(error.params.allowedValues as unknown[]).slice(0, 20).join(', ')}` : ''
  return `${error?.message ?? 'is not valid'}${allowed}`
}

function pathOf(pointer: string): string[] {
  const segments = pointer === '' ? [] : pointer.slice(1).split('/')
  return segments.map(segment => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function pathOfKey(value: unknown, key: string, path: string[] = []): string[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (Object.hasOwn(value, key) && path.at(-1) !== 'properties') return [...path, key]
  for (const [name, child] of Object.entries(value)) {
    const found = pathOfKey(child, key, [...path, name])
    if (found) return found
  }
  return undefined
}

/** Documents hold mappings without a prototype, which Ajv does not take for plain ones. */
function toPlain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toPlain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, toPlain(child)]))
}

/** What an expression such as `input.customer.name` means by a schema: `open` when the schema does not say all its names. */
export function inputProperty(schema: unknown, path: readonly string[]): 'required' | 'optional' | 'open' | undefined {
  if (!isClosed(schema)) return 'open'
  const [name, ...rest] = path
  const { properties, required } = schema
  if (name === undefined || !Object.hasOwn(properties, name)) return undefined
  if (rest.length > 0) return inputProperty(properties[name], rest)
  return required?.includes?.(name) || (properties[name] as { default?: unknown }).default !== undefined
    ? 'required'
    : 'optional'
}

interface ClosedSchema {
  properties: Record<string, unknown>
  required?: string[]
}

/** Keywords that bring names of their own. */
const OPENING = ['$ref', 'allOf', 'anyOf', 'oneOf', 'if', 'patternProperties', 'dependentSchemas']

function isClosed(schema: unknown): schema is ClosedSchema {
  if (typeof schema !== 'object' || schema === null || !('properties' in schema)) return false
  const { additionalProperties } = schema as { additionalProperties?: unknown }
  const open = additionalProperties !== undefined && additionalProperties !== false
  return !open && !OPENING.some(keyword => keyword in schema)
}

/** Every name that a schema says, for suggestions. */
export function inputNames(schema: unknown): string[] {
  return namesBelow(schema, 'input', 0)
}

function namesBelow(schema: unknown, prefix: string, depth: number): string[] {
  const properties = (schema as { properties?: object } | undefined)?.properties
  if (typeof properties !== 'object' || properties === null || depth > 8) return []
  return Object.entries(properties).flatMap(([name, property]) => {
    const path = `${prefix}.${name}`
    return [path, ...namesBelow(property, path, depth + 1)]
  })
}
