// The schema's standalone validators, as typed functions. Generated code stays behind this door.
import { createRequire } from 'node:module'

/** What the reducer needs of an Ajv error. */
export interface SchemaError {
  instancePath: string
  schemaPath: string
  keyword: string
  params: Record<string, unknown>
  propertyName?: string
}

/** A node of the JSON Schema. */
export type SchemaNode = Record<string, unknown> | boolean

interface Validator {
  schema: SchemaNode
  validate: { (value: unknown): boolean; errors?: SchemaError[] | null }
}

const require = createRequire(import.meta.url)
const { validate: isValid } = require('./is-valid.generated.cjs') as Pick<Validator, 'validate'>
let validator: Validator | undefined

/** Half a megabyte: loaded at the first value that is not valid. */
function loadValidator(): Validator {
  validator ??= require('./validate-schema.generated.cjs') as Validator
  return validator
}

/** All violations of the schema, in Ajv's order; empty for a valid value. */
export function validateSchema(value: unknown): SchemaError[] {
  if (isValid(value)) return []
  const { validate } = loadValidator()
  validate(value)
  return [...(validate.errors ?? [])]
}

export function rootSchema(): SchemaNode {
  return loadValidator().schema
}
