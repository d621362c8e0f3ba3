// A written account that the schema accepted -> the account in the product's own words, defaults filled in.
import { parseDuration } from '../../base/duration.ts'
import type { Account, Authorization, NamedValue, OAuth2, Place, Value } from '../model/model.ts'
import type { RawAccount, RawNamedValue } from './raw.ts'
import { readClientAssertion } from './read-client-assertion.ts'
import { readConnection } from './read-connection.ts'
import { readGrant } from './read-grant.ts'
import { readInject } from './read-inject.ts'
import { readScope } from './read-scope.ts'
import { readRefresh, readTokenRequest } from './read-token-request.ts'
import { readLifetime, readTokenResponseRule } from './read-token-response.ts'
import { at, readSecret, readText, readVariables } from './value.ts'

export const DEFAULT_ACCOUNT_TIMEOUT_MS = 10_000

export function readAccount(names: { name: string; key: string }, raw: RawAccount, place: Place): Account {
  return {
    ...names,
    ...(raw.title !== undefined && { title: raw.title }),
    place,
    vars: readVariables(raw.vars, at(place, 'vars')),
    authorization: readAuthorization(raw, place),
  }
}

function readAuthorization(raw: RawAccount, place: Place): Authorization {
  switch (raw.authorization ?? 'oauth2') {
    case 'header':
      return { kind: 'header', values: readNamedValues(raw.header!, at(place, 'header')) }
    case 'query':
      return { kind: 'query', values: readNamedValues(raw.query!, at(place, 'query')) }
    case 'basic':
      return { kind: 'basic', ...readUser(raw, place) }
    case 'none':
      return { kind: 'none' }
    case 'oauth2':
      return { kind: 'oauth2', oauth2: readOAuth2(raw, place) }
  }
}

function readUser(raw: RawAccount, place: Place): { username: Value; password: Value } {
  return {
    username: readText(raw.username!, at(place, 'username')),
    password: readSecret(raw.password!, at(place, 'password')),
  }
}

function readOAuth2(raw: RawAccount, place: Place): OAuth2 {
  return {
    ...(raw.accessTokenUri !== undefined && {
      accessTokenUri: readText(raw.accessTokenUri, at(place, 'accessTokenUri')),
    }),
    ...(raw.issuer !== undefined && { issuer: readText(raw.issuer, at(place, 'issuer')) }),
    ...(raw.clientId !== undefined && { clientId: readText(raw.clientId, at(place, 'clientId')) }),
    clientSecrets: readClientSecrets(raw.clientSecret, at(place, 'clientSecret')),
    clientAuthMethod: raw.clientAuthMethod ?? (raw.clientId === undefined ? 'none' : 'client_secret_basic'),
    ...readClientAssertion(raw, place),
    basicEncoding: raw.basicEncoding ?? 'form',
    grant: raw.grant ?? 'client_credentials',
    ...(raw.grant === 'password' && readUser(raw, place)),
    ...readGrant(raw, place),
    ...readTokenRequest(raw, place),
    ...readScope(raw.scope!, at(place, 'scope')),
    bearerTokenType: raw.bearerTokenType ?? 'access_token',
    ...readDpop(raw.dpop, at(place, 'dpop')),
    refresh: readRefresh(raw.refresh ?? 'auto', at(place, 'refresh')),
    ...(raw.tokenResponse && { tokenResponse: readTokenResponseRule(raw.tokenResponse) }),
    lifetime: readLifetime(raw.lifetime),
    ...(raw.inject && { inject: readInject(raw.inject, at(place, 'inject')) }),
    keepWarm: raw.keepWarm ?? false,
    revoke: raw.revoke ?? 'never',
    ...(raw.revocationUri !== undefined && { revocationUri: readText(raw.revocationUri, at(place, 'revocationUri')) }),
    timeoutMs: parseDuration(raw.timeout ?? '') ?? DEFAULT_ACCOUNT_TIMEOUT_MS,
    connection: readConnection(raw, place),
    allowHttp: raw.allowHttp ?? false,
  }
}

function readClientSecrets(raw: RawAccount['clientSecret'], place: Place): Value[] {
  if (Array.isArray(raw)) return raw.map((item, index) => readSecret(item, at(place, index)))
  return raw === undefined ? [] : [readSecret(raw, place)]
}

function readDpop(raw: RawAccount['dpop'], place: Place): Pick<OAuth2, 'dpop'> {
  if (!raw) return {}
  const { key, alg } = raw === true ? {} : raw
  return {
    dpop: { ...(key !== undefined && { key: readSecret(key, at(place, 'key')) }), ...(alg !== undefined && { alg }) },
  }
}

function readNamedValues(raw: RawNamedValue | RawNamedValue[], place: Place): NamedValue[] {
  if (!Array.isArray(raw)) return [{ name: raw.name, value: readSecret(raw.value, at(place, 'value'), 'template') }]
  return raw.map((item, index) => ({
    name: item.name,
    value: readSecret(item.value, at(place, index, 'value'), 'template'),
  }))
}
