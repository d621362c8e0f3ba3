// The written `tokenRequest`, `audience`, `resource` and `refresh` of an account -> how its token requests are made, defaults
// filled in.
import type {
  NamedParam,
  NamedValue,
  OAuth2,
  Param,
  Place,
  Refresh,
  TokenRequestSettings,
  Value,
} from '../model/model.ts'
import type { RawAccount, RawParam, RawReference, RawValue } from './raw.ts'
import { isSecretName } from './secret-name.ts'
import { at, readSecret, readText } from './value.ts'

export function readTokenRequest(
  raw: RawAccount,
  place: Place,
): Pick<OAuth2, 'audience' | 'resource' | 'tokenRequest'> {
  return {
    audience: readTexts(raw.audience, at(place, 'audience')),
    resource: readTexts(raw.resource, at(place, 'resource')),
    tokenRequest: readSettings(raw.tokenRequest, at(place, 'tokenRequest')),
  }
}

function readTexts(raw: string | string[] | undefined, place: Place): Value[] {
  if (raw === undefined) return []
  return Array.isArray(raw) ? raw.map((text, index) => readText(text, at(place, index))) : [readText(raw, place)]
}

function readSettings(raw: RawAccount['tokenRequest'] = {}, place: Place): TokenRequestSettings {
  const method = raw.method ?? 'POST'
  return {
    method,
    format: method === 'GET' ? 'query' : (raw.format ?? 'form'),
    ...readSent(raw, place),
    names: raw.names ?? {},
    scopeSeparator: raw.scopeSeparator ?? ' ',
    ...(raw.grantType !== undefined && { grantType: raw.grantType }),
    ...(raw.clientIdInBody !== undefined && { clientIdInBody: raw.clientIdInBody }),
  }
}

/** `params` and `headers` of one kind of request. */
function readSent(
  raw: { params?: Record<string, RawParam>; headers?: Record<string, RawValue> },
  place: Place,
): { params: NamedParam[]; headers: NamedValue[] } {
  return {
    params: Object.entries(raw.params ?? {}).map(([name, param]) => readNamed(name, param, at(place, 'params'))),
    headers: Object.entries(raw.headers ?? {}).map(
      ([name, value]): NamedValue => ({ name, value: readValue(name, value, at(place, 'headers', name)) }),
    ),
  }
}

export function readRefresh(raw: NonNullable<RawAccount['refresh']>, place: Place): Refresh {
  if (typeof raw === 'string') return raw
  return {
    ...(raw.accessTokenUri !== undefined && {
      accessTokenUri: readText(raw.accessTokenUri, at(place, 'accessTokenUri')),
    }),
    ...readSent(raw, place),
    token: raw.token ?? '/refresh_token',
  }
}

function readNamed(name: string, raw: RawParam, parent: Place): NamedParam {
  return { name, param: readParam(name, raw, at(parent, name)) }
}

function readParam(name: string, raw: RawParam, place: Place): Param {
  if (typeof raw === 'number' || typeof raw === 'boolean') return { kind: 'constant', constant: raw, place }
  if (typeof raw === 'string' || isReference(raw)) return { kind: 'value', value: readValue(name, raw, place), place }
  if (Array.isArray(raw))
    return { kind: 'list', items: raw.map((item, index) => readParam(name, item, at(place, index))), place }
  return { kind: 'mapping', entries: Object.entries(raw).map(([key, item]) => readNamed(key, item, place)), place }
}

const REFERENCE_KEYS = new Set(['env', 'file', 'exec', 'systemd', 'account'])

/** A mapping with one key that names a source, or `account` and `field`; the schema says the same. */
function isReference(raw: object): raw is RawReference {
  const keys = Object.keys(raw)
  if (Array.isArray(raw)) return false
  return keys.length === 1 ? REFERENCE_KEYS.has(keys[0]!) : keys.sort().join() === 'account,field'
}

function readValue(name: string, raw: RawValue, place: Place): Value {
  return isSecretName(name) ? readSecret(raw, place, 'template') : readText(raw, place)
}
