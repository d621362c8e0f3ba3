// The texts within a JSON value, each with the way to it.
import type { JsonTemplate, Value } from '../model/model.ts'

/** The way is `claims.roles.0` for the first item of a list. */
export function jsonValues(json: JsonTemplate, way = ''): { name: string; value: Value }[] {
  const below = (key: string | number) => (way === '' ? String(key) : `${way}.${key}`)
  switch (json.kind) {
    case 'text':
      return [{ name: way, value: json.value }]
    case 'list':
      return json.items.flatMap((item, index) => jsonValues(item, below(index)))
    case 'object':
      return json.members.flatMap(([name, item]) => jsonValues(item, below(name)))
    case 'literal':
      return []
  }
}
