// Reads the schema's own if/then/else to say when a key is required or refused, so that each rule is written once.
import { rootSchema, type SchemaNode } from './validate-schema.ts'

/** `key` being one of `values` (or absent, when one of them is the default) decided the branch. */
export interface Condition {
  key: string
  values: string[]
  branch: 'then' | 'else'
}

export interface SchemaPlace {
  /** The schema node that holds the violated keyword. */
  node: SchemaNode
  /** The innermost deciding key on the way, if there is one. */
  condition?: Condition
}

/** Follows an Ajv schemaPath (`#/$defs/account/allOf/0/then/required`) to the node that holds its last segment. */
export function schemaPlace(schemaPath: string): SchemaPlace {
  const segments = schemaPath
    .replace(/^#\//, '')
    .split('/')
    .map(segment => decodeURIComponent(segment).replaceAll('~1', '/').replaceAll('~0', '~'))
  let node: SchemaNode = rootSchema
  let condition: Condition | undefined
  for (const segment of segments.slice(0, -1)) {
    if (typeof node === 'boolean') break
    if (segment === 'then' || segment === 'else') condition = conditionOf(node, segment) ?? condition
    node = node[segment] as SchemaNode
  }
  return condition ? { node, condition } : { node }
}

function conditionOf(node: Record<string, unknown>, branch: 'then' | 'else'): Condition | undefined {
  const properties = (node.if as { properties?: Record<string, { const?: string; enum?: string[] }> }).properties
  const [entry] = Object.entries(properties ?? {})
  if (!entry) return undefined
  const [key, test] = entry
  return { key, values: test.enum ?? [test.const ?? ''], branch }
}

/** The property names of the object schema at a schema path such as `#/$defs/account/additionalProperties`. */
export function knownKeys(schemaPath: string): string[] {
  const { node } = schemaPlace(schemaPath)
  return typeof node === 'boolean' ? [] : Object.keys((node.properties as object | undefined) ?? {})
}
