// Documents -> draft: every definition that the schema accepted, in the product's own words. Rules look at drafts; a draft
// that no rule refuses becomes a Config.
import { parseDuration } from '../../base/duration.ts'
import type { Account, Action, DaemonSettings, Place, Service, Value } from '../model/model.ts'
import { definitionScopes, type Scopes } from '../templates/scope.ts'
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
import { allValues, at, readText, readVariables, type UsedValue } from './value.ts'

export interface Declared {
  kind: 'account' | 'service' | 'action' | 'variable' | 'daemon'
  name: string
  place: Place
}

export interface Draft {
  documents: readonly Document[]
  vars: Record<string, Value>
  accounts: Account[]
  services: Service[]
  actions: Action[]
  daemon: DaemonSettings
  /** Every name that is written, in order, also of definitions that the schema refused. */
  declared: Declared[]
  names: Set<string>
  /** False when a file, or a top-level part of one, could not be read: a name may be meant that is not here. */
  allNamed: boolean
  /** False also when a definition was refused: what it uses is not known. */
  complete: boolean
  /** Every value of the definitions, and what each of them may name: found once, for all rules. */
  values: readonly UsedValue[]
  scopes: Scopes
}

/** While it is read. */
type Unfinished = Omit<Draft, 'values' | 'scopes'>

export const DEFAULT_SERVICE_TIMEOUT_MS = 30_000
export const DEFAULT_PARAMETER_LIMIT = 10_000
/** A name that can be a label of a host and a segment of a path, and is not `.` or `..`. */
export const DEFAULT_PATTERN = '^[A-Za-z0-9][A-Za-z0-9._-]*$'

/** `refused` says whether the schema found something wrong at or below a path of a document. */
export function buildDraft(
  documents: readonly Document[],
  refused: (document: Document, path: Path) => boolean,
  allRead: boolean,
): Draft {
  const draft: Unfinished = {
    documents,
    vars: {},
    accounts: [],
    services: [],
    actions: [],
    daemon: {},
    declared: [],
    names: new Set(),
    allNamed: allRead && documents.every(isNamed),
    complete: allRead,
  }
  for (const document of documents) {
    addVariables(draft, document, refused)
    addAccounts(draft, document, refused)
    addServices(draft, document, refused)
    addActions(draft, document, refused)
    addDaemon(draft, document, refused)
  }
  return { ...draft, values: allValues(draft), scopes: definitionScopes(draft) }
}

/** The names that a reference may mean. One in capitals is told where it is defined, not where it is used. */
export function namesOf(draft: Draft, kind: Declared['kind']): Set<string> {
  const names = draft.declared.filter(declared => declared.kind === kind).map(({ name }) => name)
  return new Set(names.flatMap(name => [name, name.toLowerCase()]))
}

const SECTIONS = ['vars', 'accounts', 'services', 'actions']

/** Whether every top-level part of a document is what it says: none is misspelt, none is no mapping. */
function isNamed({ value }: Document): boolean {
  if (value === null || value === undefined) return true
  if (!isMapping(value)) return false
  return Object.entries(value).every(([key, part]) =>
    SECTIONS.includes(key) ? isMapping(part) : key === 'version' || key === 'daemon' || key.startsWith('x-'),
  )
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

type Refused = (document: Document, path: Path) => boolean

/** The entries of a top-level mapping that are declared; the user's own `x-` keys are not. */
function entriesOf<T>(
  draft: Unfinished,
  document: Document,
  key: string,
  kind: Declared['kind'],
): [string, T, Place][] {
  const section = (document.value as Record<string, unknown> | null)?.[key]
  if (!isMapping(section)) return []
  const entries: [string, T, Place][] = []
  for (const [name, raw] of Object.entries(section)) {
    if (kind !== 'variable' && name.startsWith('x-')) continue
    const place = { document, path: [key, name] }
    if (isNew(draft, { kind, name, place })) entries.push([name, raw as T, place])
  }
  return entries
}

/** Of two definitions with one name the first counts; that there are two is a finding of its own. */
function isNew(draft: Unfinished, declared: Declared): boolean {
  draft.declared.push(declared)
  const id = `${declared.kind} ${declared.name}`
  if (draft.names.has(id)) return false
  draft.names.add(id)
  return true
}

function addVariables(draft: Unfinished, document: Document, refused: Refused): void {
  for (const [name, raw, place] of entriesOf<RawValue>(draft, document, 'vars', 'variable')) {
    if (refused(document, place.path)) draft.complete = false
    else draft.vars[name] = readText(raw, place)
  }
}

function addAccounts(draft: Unfinished, document: Document, refused: Refused): void {
  for (const [name, raw, place] of entriesOf<RawAccount>(draft, document, 'accounts', 'account')) {
    if (refused(document, place.path)) draft.complete = false
    else draft.accounts.push(readAccount({ name, key: name }, raw, place))
  }
}

function addServices(draft: Unfinished, document: Document, refused: Refused): void {
  for (const [name, raw, place] of entriesOf<RawService>(draft, document, 'services', 'service')) {
    if (refused(document, place.path)) draft.complete = false
    else addService(draft, name, raw, place)
  }
}

function addService(draft: Unfinished, name: string, raw: RawService, place: Place): void {
  const inPlace = typeof raw.account !== 'string'
  const account = inPlace ? `services.${name}` : (raw.account as string)
  if (inPlace) draft.accounts.push(readAccount({ name, key: account }, raw.account as RawAccount, at(place, 'account')))
  draft.services.push({
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

function addActions(draft: Unfinished, document: Document, refused: Refused): void {
  for (const [name, raw, place] of entriesOf<RawAction>(draft, document, 'actions', 'action')) {
    if (refused(document, place.path)) draft.complete = false
    else draft.actions.push(readAction(name, raw, place))
  }
}

function addDaemon(draft: Unfinished, document: Document, refused: Refused): void {
  const raw = (document.value as { daemon?: RawDaemon } | null)?.daemon
  if (raw === undefined) return
  const place = { document, path: ['daemon'] }
  if (!isNew(draft, { kind: 'daemon', name: 'daemon', place }) || refused(document, place.path)) return
  draft.daemon = readDaemon(raw, place)
}
