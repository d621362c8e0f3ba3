// One document -> its definitions in the product's own words, each that the schema accepted. Depends on nothing but the
// document.
import { parseDuration } from '../../base/duration.ts'
import type { Account, Action, DaemonSettings, Place, Service, Value } from '../model/model.ts'
import type { Document, Path } from '../yaml/document.ts'
import type { RawAccount, RawDaemon, RawService, RawValue } from './raw.ts'
import type { RawAction } from './raw-action.ts'
import { readAccount } from './read-account.ts'
import { readAction } from './read-action.ts'
import { readConnection } from './read-connection.ts'
import { readDaemon } from './read-daemon.ts'
import { readInject } from './read-inject.ts'
import { readRejections } from './read-rejections.ts'
import { readRetry } from './read-retry.ts'
import { readSinks } from './read-sinks.ts'
import { allValues, at, isBearer, readText, readVariables, type UsedBearer, type UsedValue } from './value.ts'

export interface Declared {
  kind: 'account' | 'service' | 'action' | 'variable' | 'daemon'
  name: string
  /** Of both: one in a configuration. */
  id: string
  place: Place
}

export interface Definitions {
  document: Document
  vars: Record<string, Value>
  /** Those in place are behind the others. */
  accounts: Account[]
  services: Service[]
  actions: Action[]
  daemon: DaemonSettings
  /** Every name that is written, in order, also of definitions that the schema refused. */
  declared: Declared[]
  /** False when a top-level part could not be read: a name may be meant that is not here. */
  isNamed: boolean
  /** False when a definition was refused: what it uses is not known. */
  isComplete: boolean
  /** Every value of the definitions, found once for all rules. */
  values: readonly UsedValue[]
  /** Those of them that are bearers of other accounts. */
  bearers: readonly UsedBearer[]
}

export const DEFAULT_SERVICE_TIMEOUT_MS = 30_000
export const DEFAULT_PARAMETER_LIMIT = 10_000
/** A name that can be a label of a host and a segment of a path, and is not `.` or `..`. */
export const DEFAULT_PATTERN = '^[A-Za-z0-9][A-Za-z0-9._-]*$'

/** Of paths in a document. */
export interface Refused {
  /** The schema found something wrong at or below it. */
  isRefused(path: Path): boolean
  /** And it could not be put right, so that rules could look at it. */
  isUnreadable(path: Path): boolean
}

export function readDefinitions(document: Document, refused: Refused): Definitions {
  const reading: Reading = {
    document,
    vars: {},
    accounts: [],
    services: [],
    actions: [],
    daemon: {},
    declared: [],
    isNamed: isNamed(document),
    isComplete: true,
  }
  readSection<RawValue>(reading, 'vars', refused, (name, raw, place) => {
    reading.vars[name] = readText(raw, place)
  })
  readSection<RawAccount>(reading, 'accounts', refused, (name, raw, place) => {
    reading.accounts.push(readAccount({ name, key: name }, raw, place))
  })
  readSection<RawService>(reading, 'services', refused, (name, raw, place) => addService(reading, name, raw, place))
  readSection<RawAction>(reading, 'actions', refused, (name, raw, place) => {
    reading.actions.push(readAction(name, raw, place))
  })
  addDaemon(reading, refused)
  return withValues(reading)
}

/** While it is read. */
type Reading = Omit<Definitions, 'values' | 'bearers'>

function withValues(reading: Reading): Definitions {
  const values = allValues(reading)
  return { ...reading, values, bearers: values.filter(isBearer) }
}

/** Without these, which are somebody else's. */
export function withoutDeclared(definitions: Definitions, others: readonly Declared[]): Definitions {
  const ids = new Set(others.map(({ id }) => id))
  const isOwn = (kind: Declared['kind'], name: string): boolean => !ids.has(idOf(kind, name))
  const { vars, accounts, services, actions, daemon } = definitions
  return withValues({
    ...definitions,
    vars: Object.fromEntries(Object.entries(vars).filter(([name]) => isOwn('variable', name))),
    accounts: accounts.filter(({ key, name }) => isOwn(key === name ? 'account' : 'service', name)),
    services: services.filter(({ name }) => isOwn('service', name)),
    actions: actions.filter(({ name }) => isOwn('action', name)),
    daemon: isOwn('daemon', 'daemon') ? daemon : {},
  })
}

function idOf(kind: Declared['kind'], name: string): string {
  return `${kind} ${name}`
}

const KINDS = { vars: 'variable', accounts: 'account', services: 'service', actions: 'action' } as const

/** Whether every top-level part of a document is what it says: none is misspelt, none is no mapping. */
function isNamed({ value }: Document): boolean {
  if (value === null || value === undefined) return true
  if (!isMapping(value)) return false
  return Object.entries(value).every(([key, part]) =>
    key in KINDS ? isMapping(part) : key === 'version' || key === 'daemon' || key.startsWith('x-'),
  )
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The entries of a top-level mapping; the user's own `x-` keys are none. */
function readSection<Raw>(
  reading: Reading,
  section: keyof typeof KINDS,
  refused: Refused,
  add: (name: string, raw: Raw, place: Place) => void,
): void {
  const { document } = reading
  const entries = (document.value as Record<string, unknown> | null)?.[section]
  if (!isMapping(entries)) return
  const kind = KINDS[section]
  for (const [name, raw] of Object.entries(entries)) {
    if (kind !== 'variable' && name.startsWith('x-')) continue
    const place = { document, path: [section, name] }
    reading.declared.push({ kind, name, id: idOf(kind, name), place })
    if (refused.isRefused(place.path)) reading.isComplete = false
    if (!refused.isUnreadable(place.path)) add(name, raw as Raw, place)
  }
}

function addService(reading: Reading, name: string, raw: RawService, place: Place): void {
  const inPlace = typeof raw.account !== 'string'
  const account = inPlace ? `services.${name}` : (raw.account as string)
  if (inPlace)
    reading.accounts.push(readAccount({ name, key: account }, raw.account as RawAccount, at(place, 'account')))
  reading.services.push({
    name,
    ...(raw.title !== undefined && { title: raw.title }),
    place,
    vars: readVariables(raw.vars, at(place, 'vars')),
    parameters: Object.entries(raw.parameters ?? {}).map(([parameter, { pattern, default: value }]) => ({
      name: parameter,
      pattern: pattern ?? DEFAULT_PATTERN,
      ...(value !== undefined && { default: value }),
    })),
    parameterLimit: raw.parameterLimit ?? DEFAULT_PARAMETER_LIMIT,
    ...(raw.allow && { allow: raw.allow }),
    ...(raw.reauthenticateOn && { reauthenticateOn: readRejections(raw.reauthenticateOn) }),
    ...(raw.retry && { retry: readRetry(raw.retry) }),
    sinks: readSinks(raw.sinks ?? [], place),
    ...(raw.listen !== undefined && { listen: raw.listen }),
    account,
    serverUrl: readText(raw.serverUrl, at(place, 'serverUrl')),
    timeoutMs: parseDuration(raw.timeout ?? '') ?? DEFAULT_SERVICE_TIMEOUT_MS,
    ...(raw.timeoutMessage !== undefined && { timeoutMessage: raw.timeoutMessage }),
    ...(raw.healthCheck !== undefined && { healthCheck: raw.healthCheck }),
    headers: Object.entries(raw.headers ?? {}).map(([header, value]) => ({
      name: header,
      value: readText(value, at(place, 'headers', header)),
    })),
    ...(raw.inject && { inject: readInject(raw.inject, at(place, 'inject')) }),
    connection: readConnection(raw, place),
    allowHttp: raw.allowHttp ?? false,
  })
}

function addDaemon(reading: Reading, refused: Refused): void {
  const { document } = reading
  const raw = (document.value as { daemon?: RawDaemon } | null)?.daemon
  if (raw === undefined) return
  const place = { document, path: ['daemon'] }
  reading.declared.push({ kind: 'daemon', name: 'daemon', id: idOf('daemon', 'daemon'), place })
  if (!refused.isUnreadable(place.path)) reading.daemon = readDaemon(raw, place)
}
