// A value with one mapping in it changed: a copy along the path, and the rest is shared.
import type { Path } from '../yaml/node-reader.ts'

type Mapping = Record<string, unknown>

/** `change` gets the mapping that holds the last key of the path. The same value when there is none. */
export function changed(value: unknown, path: Path, change: (mapping: Mapping, key: string) => Mapping): unknown {
  const [key, ...rest] = path.map(String) as [string, ...string[]]
  if (Array.isArray(value))
    return value.map((item, index) => (String(index) === key ? changed(item, rest, change) : item))
  if (typeof value !== 'object' || value === null) return value
  const mapping = value as Mapping
  return rest.length === 0 ? change(mapping, key) : { ...mapping, [key]: changed(mapping[key], rest, change) }
}

/** The last key of the path has another name, and its value stands below `inner`; the same value when that name is taken. */
export function renamed(value: unknown, path: Path, name: string, inner?: string): unknown {
  return changed(value, path, (mapping, key) => {
    if (Object.hasOwn(mapping, name)) return mapping
    const { [key]: moved, ...others } = mapping
    return { ...others, [name]: inner === undefined ? moved : { [inner]: moved } }
  })
}

export function without(value: unknown, path: Path): unknown {
  return changed(value, path, (mapping, key) => {
    const { [key]: _left, ...others } = mapping
    return others
  })
}
