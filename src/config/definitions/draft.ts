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
  /** False when a file could not be read or a definition was refused: a name may be meant that is not here. */
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
  complete: boolean,
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
    complete,
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

type Refused = (document: Document, path: Path) => boolean

/** The entries of a top-level mapping that are declared; the user's own `x-` keys are not. */
function entriesOf<T>(
  draft: Unfinished,
  document: Document,
  key: string,
  kind: Declared['kind'],
): [string, T, Place][] {
  const section = (document.value as Record<string, unknown> | null)?.[key]
  if (typeof section !== 'object' || section === null || Array.isArray(section)) return []
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
