// A JSON pointer (RFC 6901) and a value -> what stands there; undefined when nothing does.

export function valueAt(root: unknown, pointer: string): unknown {
  let value = root
  for (const token of pointer.split('/').slice(1)) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Record<string, unknown>)[key]
  }
  return value
}

/** Compared as texts: `0` and `"0"` are the same answer in two spellings. A mapping or a list equals nothing. */
export function equalsAt(root: unknown, { at, equals }: { at: string; equals: string | number | boolean }): boolean {
  const value = valueAt(root, at)
  return value !== undefined && typeof value !== 'object' && String(value) === String(equals)
}
