// Texts of a command line or a query, `a.b=v` -> an input of an action, alone or over one that came as JSON.

export interface JoinedInput {
  input: unknown
  /** `text`: some values are texts, which become what the schema of the input wants. */
  from: 'json' | 'text'
}

/** Sets the value below the names of `path`; whatever stands in the way is replaced. */
export function setText(texts: Record<string, unknown>, path: readonly string[], text: string): void {
  let within = texts
  for (const name of path.slice(0, -1)) {
    const below = Object.hasOwn(within, name) ? within[name] : undefined
    const mapping = isMapping(below) ? below : {}
    setOwn(within, name, mapping)
    within = mapping
  }
  setOwn(within, path.at(-1)!, text)
}

/** The texts win. Undefined for texts over what is no mapping. */
export function joinInput(input: unknown, texts: Readonly<Record<string, unknown>>): JoinedInput | undefined {
  if (Object.keys(texts).length === 0) return { input, from: 'json' }
  return isMapping(input) ? { input: joined(input, texts), from: 'text' } : undefined
}

function joined(input: Readonly<Record<string, unknown>>, texts: Readonly<Record<string, unknown>>) {
  const both = { ...input }
  for (const [name, text] of Object.entries(texts)) {
    const below = Object.hasOwn(input, name) ? input[name] : undefined
    setOwn(both, name, isMapping(text) && isMapping(below) ? joined(below, text) : text)
  }
  return both
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Also for a name such as `__proto__`. */
function setOwn(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true })
}
