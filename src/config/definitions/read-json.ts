// A written value of any kind -> a JSON value whose texts are templates.
import type { JsonTemplate, Place } from '../model/model.ts'
import { at, readText } from './value.ts'

export function readJson(raw: unknown, place: Place): JsonTemplate {
  if (typeof raw === 'string') return { kind: 'text', value: readText(raw, place) }
  if (Array.isArray(raw)) return { kind: 'list', items: raw.map((item, index) => readJson(item, at(place, index))) }
  if (typeof raw !== 'object' || raw === null)
    return { kind: 'literal', value: (raw ?? null) as number | boolean | null }
  return { kind: 'object', members: Object.entries(raw).map(([name, item]) => [name, readJson(item, at(place, name))]) }
}
