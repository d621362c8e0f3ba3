// The schema's standalone validator, as a typed function. Generated code stays behind this door.
import { schema as root, validate } from './validate-schema.generated.js'

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

/** All violations of the schema, in Ajv's order; empty for a valid value. */
export function validateSchema(value: unknown): SchemaError[] {
  const run = validate as unknown as { (value: unknown): boolean; errors?: SchemaError[] | null }
  return run(value) ? [] : [...(run.errors ?? [])]
}

export const rootSchema: SchemaNode = root as unknown as SchemaNode
