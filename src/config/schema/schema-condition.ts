// Reads the schema's own if/then/else to say when a key is required or refused, so that each rule is written once.
import { rootSchema, type SchemaNode } from './validate-schema.ts'

/** `key` being one of `values` (or absent, when one of them is the default) decided the branch; without values, its presence. */
export interface Condition {
  key: string
  values: string[]
  branch: 'then' | 'else'
  /** What the key is when it is absent. */
  default?: string
  /** Further keys of the same mapping that the condition looks at. */
  others?: string[]
  /** How many keys below the deciding key's mapping the schema node stands. */
  depth: number
}

export interface SchemaPlace {
  /** The schema node that holds the violated keyword. */
  node: SchemaNode
  /** The deciding keys on the way, the outermost first. */
  conditions: Condition[]
  /** The innermost node on the way that has a title. */
  described: Record<string, unknown>
  /** The other type that is accepted too, where the schema has two by if/else. */
  otherType?: string
}

type SchemaObject = Record<string, unknown>

/** Follows an Ajv schemaPath (`#/$defs/account/allOf/0/then/required`) to the node that holds its last segment. */
export function schemaPlace(schemaPath: string): SchemaPlace {
  const way: SchemaObject[] = []
  const conditions: Condition[] = []
  let node: SchemaNode = rootSchema()
  let otherType: string | undefined
  for (const segment of segmentsOf(schemaPath).slice(0, -1)) {
    if (typeof node === 'boolean') break
    way.push(node)
    // Of a reference that leads to a reference, Ajv names the first.
    while (!(segment in node) && typeof node.$ref === 'string') {
      node = schemaPlace(`${node.$ref}/`).node as SchemaObject
      way.push(node)
    }
    // A key's name follows, and one level more of the value.
    if (segment === 'properties') for (const condition of conditions) condition.depth++
    const condition = segment === 'then' || segment === 'else' ? conditionOf(node, segment, way) : undefined
    if (condition) conditions.push(condition)
    otherType = segment === 'else' ? (node.if as { type?: string }).type : undefined
    node = node[segment] as SchemaNode
  }
  if (typeof node === 'object') way.push(node)
  const described = way.findLast(step => typeof step.title === 'string') ?? {}
  return { node, conditions, described, ...(otherType && { otherType }) }
}

function segmentsOf(schemaPath: string): string[] {
  const segments = schemaPath.replace(/^#\//, '').split('/')
  return segments.map(segment => decodeURIComponent(segment).replaceAll('~1', '/').replaceAll('~0', '~'))
}

function conditionOf(node: SchemaObject, branch: 'then' | 'else', way: readonly SchemaObject[]): Condition | undefined {
  const { properties, required } = node.if as {
    properties?: Record<string, { const?: string; enum?: string[] } | true>
    required?: string[]
  }
  const [entry] = Object.entries(properties ?? {})
  if (!entry) return required?.[0] === undefined ? undefined : { key: required[0], values: [], branch, depth: 0 }
  const [key, words] = entry
  if (words === true) return { key, values: [], branch, depth: 0 }
  const fallback = way.map(step => defaultOf(step, key)).findLast(value => value !== undefined)
  const others = keysOf(node.if as SchemaObject).filter(other => other !== key)
  return {
    ...{ key, values: words.enum ?? [words.const ?? ''], branch, depth: 0 },
    ...(fallback && { default: fallback }),
    ...(others.length > 0 && { others }),
  }
}

/** Every key of its mapping that a condition looks at. */
function keysOf({ properties, required, not, anyOf }: SchemaObject): string[] {
  const parts = [not, ...((anyOf as unknown[] | undefined) ?? [])].filter(part => part !== undefined)
  const named = [...Object.keys(properties ?? {}), ...((required as string[] | undefined) ?? [])]
  return [...new Set([...named, ...parts.flatMap(part => keysOf(part as SchemaObject))])]
}

function defaultOf(node: SchemaObject, key: string): string | undefined {
  const property = (node.properties as Record<string, { default?: unknown } | boolean> | undefined)?.[key]
  return typeof property === 'object' && typeof property.default === 'string' ? property.default : undefined
}

/** The property names of the object schema at a schema path such as `#/$defs/account/additionalProperties`. */
export function knownKeys(schemaPath: string): string[] {
  const { node } = schemaPlace(schemaPath)
  return typeof node === 'boolean' ? [] : Object.keys((node.properties as object | undefined) ?? {})
}
