// A configuration without its places: a plan, and what runs by it for months, must not keep the text of a file alive.
import type { Remember } from '../base/memory.ts'
import { Secret } from '../base/secret.ts'
import type { Config } from '../config/model/config.ts'
import type { Place } from '../config/model/model.ts'
import { definitionScopes } from '../config/templates/scope.ts'
import { parseFile } from '../config/yaml/document.ts'

export type PlacelessConfig = Pick<Config, 'vars' | 'accounts' | 'services' | 'actions' | 'scopes'>

/** Definitions that stay stay the very same here too. */
export function withoutPlaces({ bearers, ...config }: Config, remember: Remember): PlacelessConfig {
  const copy = <T>(definition: T): T => remember(definition, [], () => copyOf(definition) as T)
  const vars = copy(config.vars)
  const accounts = mapValues(config.accounts, copy)
  const services = mapValues(config.services, copy)
  const actions = mapValues(config.actions, copy)
  const scopes = definitionScopes({ vars, accounts: accounts.values(), services: [...services.values()], bearers })
  return { vars, accounts, services, actions, scopes }
}

export function mapValues<K, V, R>(map: ReadonlyMap<K, V>, change: (value: V) => R): Map<K, R> {
  return new Map([...map].map(([key, value]) => [key, change(value)]))
}

const NOWHERE: Place = { document: parseFile({ path: '', file: '', text: '' }).documents[0]!, path: [] }

/** What holds no place is not copied. */
function copyOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Secret) return value
  if (isPlace(value)) return NOWHERE
  if (Array.isArray(value)) {
    const items = value.map(copyOf)
    return items.every((item, index) => item === value[index]) ? value : items
  }
  const entries = Object.entries(value).map(([key, item]) => [key, copyOf(item)] as const)
  const same = entries.every(([key, item]) => item === (value as Record<string, unknown>)[key])
  return same ? value : Object.assign(Object.create(Object.getPrototypeOf(value)), Object.fromEntries(entries))
}

/** Nothing that stands in a file has functions. */
function isPlace(value: object): value is Place {
  return 'document' in value && typeof (value.document as Partial<Place['document']> | null)?.locate === 'function'
}
