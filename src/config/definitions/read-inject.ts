// A written `inject` that the schema accepted -> where the bearer goes, defaults filled in.
import type { InjectRule, Place } from '../model/model.ts'
import type { RawInject } from './raw.ts'
import { at, readText } from './value.ts'

export function readInject(raw: RawInject, place: Place): InjectRule {
  const where = raw.in ?? 'header'
  return {
    in: where,
    name: raw.name ?? 'Authorization',
    prefix: raw.prefix ?? (where === 'header' ? 'Bearer ' : ''),
    prefixWritten: raw.prefix !== undefined,
    value: readText(raw.value ?? '{{bearer}}', at(place, 'value')),
    place,
  }
}
