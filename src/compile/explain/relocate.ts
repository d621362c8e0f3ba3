// A configuration with its paths as positions within its folder: two checkouts of one repository become equal.
import { isAbsolute, join, relative } from 'node:path'
import type { Config } from '../../config/model/config.ts'
import type { Account, Place, SecretReference, Service } from '../../config/model/model.ts'
import { definitionScopes } from '../../config/templates/scope.ts'

/** `folder` is absolute. For comparisons only: nothing can be read at these paths. */
export function relocate(config: Config, folder: string): Config {
  const move = <T>(value: T): T => moveReferences(value, folder) as T
  const moved = {
    ...config,
    vars: move(config.vars),
    accounts: new Map([...config.accounts].map(([key, account]): [string, Account] => [key, move(account)])),
    services: new Map([...config.services].map(([name, service]): [string, Service] => [name, move(service)])),
  }
  const { vars, accounts, bearers } = moved
  const services = [...moved.services.values()]
  return {
    ...moved,
    scopes: definitionScopes({ vars, accountsByKey: accounts, servicesByName: moved.services, services, bearers }),
  }
}

/** Walks plain data; places and secrets stay as they are. */
function moveReferences(value: unknown, folder: string): unknown {
  if (Array.isArray(value)) return value.map(item => moveReferences(item, folder))
  if (typeof value !== 'object' || value === null || 'document' in value) return value
  if (isReference(value)) return { ...value, reference: moveReference(value.reference, value.place, folder) }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, moveReferences(item, folder)]))
}

function isReference(value: object): value is { reference: SecretReference; place: Place } {
  return 'reference' in value && 'place' in value
}

function moveReference(reference: SecretReference, place: Place, folder: string): SecretReference {
  if (reference.kind === 'exec') return { ...reference, directory: positionOf(reference.directory, folder) }
  if (reference.kind !== 'file' || isWrittenAbsolute(place)) return reference
  return { ...reference, path: positionOf(reference.path, folder) }
}

function positionOf(path: string, folder: string): string {
  return join(relative(folder, path))
}

/** An absolute path means the same wherever the configuration is. */
function isWrittenAbsolute({ document, path }: Place): boolean {
  let value = document.value
  for (const key of [...path, 'file']) value = (value as Record<string | number, unknown> | undefined)?.[key]
  return typeof value === 'string' && isAbsolute(value)
}
