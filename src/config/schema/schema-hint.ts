// What a value should look like, said by the schema's own examples.
import type { SchemaPlace } from './schema-condition.ts'

/** For a value of another type than these. */
export function typeHint(value: unknown, types: readonly string[], place: SchemaPlace): string | undefined {
  if (types.join() === 'array' && typeof value === 'number') return `write \`[${value}]\``
  // A number that stands for a list is no text without its quotes.
  if (types.includes('array') && typeof value === 'number') return exampleHint(place.described)
  // YAML 1.2 knows two words.
  if (types.includes('boolean') && /^(?:yes|on|y|no|off|n)$/i.test(String(value)))
    return `write \`${/^[yo]n?(?:es)?$/i.test(String(value))}\``
  const isText = types.includes('string') && !Array.isArray(value)
  if (types.includes('object') && value !== null && !isText) return mappingHint(place.described)
  return types.includes('string') ? textHint(value, place) : undefined
}

/** Quotes help only where the quoted text would be right. */
function textHint(value: unknown, { node, described }: SchemaPlace): string | undefined {
  if (typeof value !== 'number' && typeof value !== 'boolean') return undefined
  const pattern = typeof node === 'object' ? node.pattern : undefined
  const fits = typeof pattern !== 'string' || new RegExp(pattern, 'u').test(String(value))
  return fits ? 'put the value in quotes' : exampleHint(described)
}

export function exampleHint({ examples = [] }: Described): string | undefined {
  const example = examples.find(value => typeof value === 'string')
  return example === undefined ? undefined : `for example \`${String(example)}\``
}

/** A name as it would be right: `GitHub_App` is `github-app`. */
export function nameHint(value: unknown, { node }: SchemaPlace): string | undefined {
  const pattern = typeof node === 'object' ? node.pattern : undefined
  if (typeof value !== 'string' || typeof pattern !== 'string' || !pattern.startsWith('^[a-z]')) return undefined
  const plain = value.replace(/[_.\s]+/g, '-').toLowerCase()
  return new RegExp(pattern, 'u').test(plain) ? `write \`${plain}\`` : undefined
}

const MAX_EXAMPLE = 100

function mappingHint({ examples = [] }: Described): string | undefined {
  const texts = examples.filter(isMapping).map(flow)
  const short = texts.find(text => text.length > 2 && text.length <= MAX_EXAMPLE)
  return short === undefined ? undefined : `for example \`${short}\``
}

interface Described {
  examples?: unknown[]
}

function isMapping(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** As YAML in one line. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`
  if (typeof value === 'string')
    return /^[\w/:.][^,[\]{}#"'&*!|>%@`]*$/.test(value) && !/: /.test(value) ? value : JSON.stringify(value)
  if (!isMapping(value)) return String(value)
  const entries = Object.entries(value).map(([key, inner]) => `${key}: ${flow(inner)}`)
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`
}
