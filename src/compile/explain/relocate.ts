// A configuration with its paths as positions within its folder: two checkouts of one repository become equal.
import { isAbsolute, join, relative } from 'node:path'
import type { Config } from '../../config/model/config.ts'
import type { Place, SecretReference } from '../../config/model/model.ts'
import { definitionScopes } from '../../config/templates/scope.ts'

/** `folder` is absolute. For comparisons only: nothing can be read at these paths. */
export function relocate(config: Config, folder: string): Config {
  const move = <T>(value: T): T => moveReferences(value, folder) as T
  const moved = {
    vars: move(config.vars),
    accounts: config.accounts.map(move),
    services: config.services.map(move),
  }
  return { ...config, ...moved, scopes: definitionScopes({ ...moved, parameters: config.parameters }) }
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
