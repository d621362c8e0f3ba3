// A definition without its places: what is compiled from it may outlive many reloads, and must not keep the text of its time
// alive. The plan as a whole keeps its own text, from which it specializes, and goes when the next one runs.
import type { Remember } from '../base/memory.ts'
import { Secret } from '../base/secret.ts'
import type { Config } from '../config/model/config.ts'
import type { Account, Place, Service, Variables } from '../config/model/model.ts'
import { definitionScopes, type Scopes } from '../config/templates/scope.ts'
import { parseFile } from '../config/yaml/document.ts'

export interface PlacelessConfig {
  /** A definition, of which there is one copy. */
  copy<T extends object>(definition: T): T
  account(key: string): Account | undefined
  service(name: string): Service | undefined
  scopes: Scopes
}

/** Copies what is asked for: most definitions are those of the plan before. */
export function withoutPlaces(written: Config, remember: Remember): PlacelessConfig {
  const { accounts, services, parameters } = written
  // What was compiled in different reloads has the same copy.
  const vars = remember('variables without places', '', [written.vars], () => copyOf(written.vars) as Variables)
  const copies = new WeakMap<object, object>()
  const copy = <T extends object>(definition: T): T => {
    const known = copies.get(definition) ?? (copyOf(definition) as object)
    copies.set(definition, known)
    return known as T
  }
  const copyOfOne = <T extends object>(definition: T | undefined) => definition && copy(definition)
  const account = (key: string) => copyOfOne(accounts.get(key))
  const service = (name: string) => copyOfOne(services.get(name))
  const scopes = definitionScopes({
    vars,
    accounts: { get: account },
    services: { get: service },
    parameters,
  })
  return { copy, account, service, scopes }
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
