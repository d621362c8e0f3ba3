// One written value -> text with expressions, or reference to a secret; and all values of a definition as a list for rules.
import { dirname, resolve } from 'node:path'
import { Secret } from '../../base/secret.ts'
import type {
  Account,
  Action,
  Caller,
  DaemonSettings,
  InjectRule,
  Place,
  SecretReference,
  Service,
  Value,
  Variables,
} from '../model/model.ts'
import { connectionParts } from './connection-parts.ts'
import { jsonValues } from './json-values.ts'
import { oauth2Parts } from './oauth2-parts.ts'
import type { RawReference, RawValue } from './raw.ts'

/** A text may hold expressions. */
export function readText(raw: RawValue, place: Place): Value {
  return typeof raw === 'string' ? { kind: 'template', text: raw, place } : readReference(raw, place)
}

export function readVariables(raw: Record<string, RawValue> | undefined, place: Place): Variables {
  return Object.fromEntries(Object.entries(raw ?? {}).map(([name, value]) => [name, readText(value, at(place, name))]))
}

/** The place of a key below a place. */
export function at(place: Place, ...keys: (string | number)[]): Place {
  return { document: place.document, path: [...place.path, ...keys] }
}

/** A text is a literal secret, taken as it is; with `template`, one that holds `{{` is a template of secrets. */
export function readSecret(raw: RawValue, place: Place, texts: 'literal' | 'template' = 'literal'): Value {
  if (typeof raw !== 'string') return readReference(raw, place)
  if (texts === 'template' && raw.includes('{{')) return { kind: 'template', text: raw, place }
  return { kind: 'secret', reference: { kind: 'literal', secret: new Secret(raw) }, place }
}

function readReference(raw: RawReference, place: Place): Value {
  return { kind: 'secret', reference: referenceOf(raw, dirname(place.document.source.path)), place }
}

/** Relative paths start at the folder of the file that names them. */
function referenceOf(raw: RawReference, directory: string): SecretReference {
  if ('env' in raw) return { kind: 'env', name: raw.env }
  if ('file' in raw) {
    const template = raw.file.includes('{{') ? { template: { text: raw.file, directory } } : {}
    return { kind: 'file', path: resolve(directory, raw.file), ...template }
  }
  if ('exec' in raw) return { kind: 'exec', command: raw.exec, directory }
  if ('systemd' in raw) return { kind: 'systemd', name: raw.systemd }
  return { kind: 'account', account: raw.account, ...(raw.field !== undefined && { field: raw.field }) }
}

/** The text of a value that may hold expressions, and where it is written; undefined for a reference without any. */
export function templateOf(value: Value): { text: string; place: Place } | undefined {
  if (value.kind === 'template') return value
  const { reference, place } = value
  const template = reference.kind === 'file' ? reference.template : undefined
  return template && { text: template.text, place: at(place, 'file') }
}

/** `uri`: the place decides how a value is encoded. `secret`: a text there is a literal secret. */
export interface UsedValue {
  value: Value
  use: 'uri' | 'text' | 'secret' | 'variable'
  /** Its expressions may name what a token response brought: `bearer`. */
  inject?: true
  /** They may name the tokens that a refresh has: `refreshToken` and `bearer`. */
  refresh?: true
  /** A private key, that signs. */
  signs?: true
  /** Whose scope its expressions have; undefined for a file-wide variable. */
  owner?: Account | Service | Action
  /** Of an action: where its expressions stand, when that is not the request. */
  part?: 'outputFileName'
}

/** The bearer of another account, or a member of its token response. */
export type UsedBearer = UsedValue & { value: { kind: 'secret'; reference: { kind: 'account' } } }

export function isBearer(used: UsedValue): used is UsedBearer {
  return used.value.kind === 'secret' && used.value.reference.kind === 'account'
}

/** Every value of some definitions, in their order. */
export function allValues(draft: {
  vars: Variables
  accounts: Iterable<Account>
  services: Iterable<Service>
  daemon?: DaemonSettings
  actions: Iterable<Action>
}): UsedValue[] {
  const used = variableValues(draft.vars)
  for (const account of draft.accounts) used.push(...accountValues(account))
  for (const service of draft.services) used.push(...serviceValues(service))
  used.push(...daemonValues(draft.daemon))
  for (const action of draft.actions) used.push(...actionValues(action))
  return used
}

export function accountValues(account: Account): UsedValue[] {
  return [...authorizationValues(account), ...variableValues(account.vars, account)]
}

function authorizationValues(owner: Account): UsedValue[] {
  const { authorization } = owner
  switch (authorization.kind) {
    case 'none':
      return []
    case 'header':
    case 'query':
      return authorization.values.map(({ value }) => ({ value, use: 'secret', owner }))
    case 'basic':
      return [
        { value: authorization.username, use: 'text', owner },
        { value: authorization.password, use: 'secret', owner },
      ]
    case 'oauth2':
      return [
        ...oauth2Parts(authorization.oauth2).map(({ key: _key, ...part }) => ({ ...part, owner })),
        ...injectValues(authorization.oauth2.inject, owner),
      ]
  }
}

export function serviceValues(owner: Service): UsedValue[] {
  return [
    { value: owner.serverUrl, use: 'uri', owner },
    ...owner.headers.map(({ value }): UsedValue => ({ value, use: 'text', owner })),
    ...injectValues(owner.inject, owner),
    ...connectionParts(owner.connection).map(({ value, use }): UsedValue => ({ value, use, owner })),
    ...variableValues(owner.vars, owner),
  ]
}

/** What is read to know a caller: its token, its certificate. */
export function callerSecrets({ token, certificate }: Caller): Value[] {
  return [...(token ? [token] : []), ...(certificate && 'file' in certificate ? [certificate.file] : [])]
}

/** They belong to no definition, and are read by the daemon alone. */
function daemonValues({ callers = [], stateDatabase }: DaemonSettings = {}): UsedValue[] {
  const state = stateDatabase ? [stateDatabase.url, ...stateDatabase.encryptionKeys] : []
  return [...callers.flatMap(callerSecrets), ...state].map(value => ({ value, use: 'secret' }))
}

function injectValues(rule: InjectRule | undefined, owner: Account | Service): UsedValue[] {
  return rule ? [{ value: rule.value, use: 'text', owner, inject: true }] : []
}

export function actionValues(owner: Action): UsedValue[] {
  const text = (value: Value): UsedValue => ({ value, use: 'text', owner })
  const { target, headers, outputFileName, idempotencyKey } = owner
  return [
    { value: target.value, use: 'uri', owner },
    ...headers.map(({ value }) => text(value)),
    ...contentValues(owner).map(text),
    ...(outputFileName ? [{ ...text(outputFileName), part: 'outputFileName' as const }] : []),
    ...(idempotencyKey ? [text(idempotencyKey)] : []),
    ...variableValues(owner.vars, owner),
  ]
}

function contentValues({ content }: Action): Value[] {
  if ('fields' in content) return content.fields.map(({ value }) => value)
  if (content.kind === 'text') return [content.template]
  return content.kind === 'json' ? jsonValues(content.json).map(({ value }) => value) : []
}

export function variableValues(vars: Variables, owner?: Account | Service | Action): UsedValue[] {
  return Object.values(vars).map(value => ({ value, use: 'variable', ...(owner && { owner }) }))
}
