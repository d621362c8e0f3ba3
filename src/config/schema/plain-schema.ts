// Whether a JSON Schema is of the plain kind that needs no Ajv to be found right: loading Ajv takes longer than the rest of a
// short check. False says nothing: Ajv decides then.

const isText = (value: unknown): boolean => typeof value === 'string'
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0
const isNumber = (value: unknown): boolean => Number.isFinite(value)
const isBoolean = (value: unknown): boolean => typeof value === 'boolean'
const isList = (value: unknown): value is unknown[] => Array.isArray(value)
const isChoice = (value: unknown): boolean =>
  isList(value) && value.length > 0 && value.every(isScalar) && isUnique(value)
const isNames = (value: unknown): boolean => isList(value) && value.every(isText) && isUnique(value)
const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !isList(value)
const isSchemas = (value: unknown): boolean => isMapping(value) && Object.values(value).every(isPlainSchema)

type Check = (value: unknown) => boolean

const ANY: Record<string, Check> = { title: isText, description: isText, default: isScalar, examples: isList }

const KEYWORDS: Record<string, Record<string, Check>> = {
  string: { minLength: isCount, maxLength: isCount, enum: isChoice },
  number: { minimum: isNumber, maximum: isNumber, enum: isChoice },
  integer: { minimum: isNumber, maximum: isNumber, enum: isChoice },
  boolean: {},
  array: { items: isPlainSchema, minItems: isCount, maxItems: isCount },
  object: { properties: isSchemas, required: isNames, additionalProperties: isBoolean },
}

/** One type for each value, with the common keywords of that type. */
export function isPlainSchema(schema: unknown): boolean {
  if (!isMapping(schema) || typeof schema.type !== 'string' || !Object.hasOwn(KEYWORDS, schema.type)) return false
  const checks = { ...ANY, ...KEYWORDS[schema.type] }
  return Object.entries(schema).every(
    ([key, value]) => key === 'type' || (Object.hasOwn(checks, key) && checks[key]!(value)),
  )
}

function isScalar(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value)
}

function isUnique(values: readonly unknown[]): boolean {
  return new Set(values).size === values.length
}
