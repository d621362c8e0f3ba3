// Every value of an oauth2 account with its name and its use, in the order of the reference: the one list that the rules,
// `explain` and the comparison of two configurations read.

import type {
  ClientAssertion,
  NamedParam,
  OAuth2,
  Param,
  RefreshRequest,
  SignedAssertion,
  Value,
} from '../model/model.ts'
import { connectionParts } from './connection-parts.ts'
import { jsonValues } from './json-values.ts'
import { isSecretName } from './secret-name.ts'

export interface OAuth2Part {
  /** The key as it is written; of a nested one, its whole path with dots. */
  key: string
  value: Value
  /** `uri`: the place decides how a value is encoded. `secret`: a text there is a literal secret. */
  use: 'uri' | 'text' | 'secret'
  /** Its expressions may name the tokens that a refresh has: `refreshToken` and `bearer`. */
  refresh?: true
  /** A private key, that signs. */
  signs?: true
}

export function oauth2Parts(oauth2: OAuth2): OAuth2Part[] {
  const part = (key: string, use: OAuth2Part['use'], value: Value | undefined): OAuth2Part[] =>
    value ? [{ key, value, use }] : []
  const { params, headers } = oauth2.tokenRequest
  return [
    ...part('accessTokenUri', 'uri', oauth2.accessTokenUri),
    ...part('issuer', 'uri', oauth2.issuer),
    ...part('clientId', 'text', oauth2.clientId),
    ...several('clientSecret', oauth2.clientSecrets, 'secret'),
    ...clientAssertionParts(oauth2.clientAssertion),
    ...(oauth2.dpop?.key ? [keyPart('dpop.key', oauth2.dpop.key)] : []),
    ...part('username', 'text', oauth2.username),
    ...part('password', 'secret', oauth2.password),
    ...part('refreshToken', 'secret', oauth2.refreshToken),
    ...part('assertion', 'secret', oauth2.assertion),
    ...(oauth2.signedAssertion ? signedParts('assertion', oauth2.signedAssertion) : []),
    ...part('subjectToken', 'secret', oauth2.subjectToken),
    ...part('subjectTokenType', 'text', oauth2.subjectTokenType),
    ...part('actorToken', 'secret', oauth2.actorToken),
    ...part('actorTokenType', 'text', oauth2.actorTokenType),
    ...part('requestedTokenType', 'text', oauth2.requestedTokenType),
    ...several('scope', oauth2.scopeTemplates),
    ...several('audience', oauth2.audience),
    ...several('resource', oauth2.resource),
    ...params.flatMap(named => paramParts('tokenRequest.params', named)),
    ...headers.flatMap(({ name, value }) => part(`tokenRequest.headers.${name}`, useOf(name), value)),
    ...connectionParts(oauth2.connection),
    ...(typeof oauth2.refresh === 'object' ? refreshParts(oauth2.refresh) : []),
    ...part('revocationUri', 'uri', oauth2.revocationUri),
  ]
}

function refreshParts({ accessTokenUri, params, headers }: RefreshRequest): OAuth2Part[] {
  const parts: OAuth2Part[] = [
    ...params.flatMap(named => paramParts('refresh.params', named)),
    ...headers.map(({ name, value }): OAuth2Part => ({ key: `refresh.headers.${name}`, value, use: useOf(name) })),
  ]
  return [
    ...(accessTokenUri ? [{ key: 'refresh.accessTokenUri', value: accessTokenUri, use: 'uri' as const }] : []),
    // A path of a secret file holds no token.
    ...parts.map(part => (part.value.kind === 'template' ? { ...part, refresh: true as const } : part)),
  ]
}

/** The URI that says where the authorization server is: the token endpoint, or else the issuer. */
export function serverOf({ accessTokenUri, issuer }: OAuth2): Value {
  return (accessTokenUri ?? issuer)!
}

function clientAssertionParts(assertion: ClientAssertion | undefined): OAuth2Part[] {
  if (!assertion) return []
  if (assertion.kind === 'kept') return [{ key: 'clientAssertion.file', value: assertion.value, use: 'secret' }]
  return signedParts('clientAssertion', assertion)
}

function signedParts(parent: string, assertion: SignedAssertion): OAuth2Part[] {
  const texts = { kid: assertion.kid, x5t: assertion.x5t, audience: assertion.audience }
  return [
    ...(assertion.key ? [keyPart(`${parent}.key`, assertion.key)] : []),
    ...Object.entries(texts).flatMap(([key, value]): OAuth2Part[] =>
      value ? [{ key: `${parent}.${key}`, value, use: 'text' }] : [],
    ),
    ...jsonValues(assertion.claims).map(({ name, value }): OAuth2Part => {
      return { key: `${parent}.claims.${name}`, value, use: 'text' }
    }),
  ]
}

function keyPart(key: string, value: Value): OAuth2Part {
  return { key, value, use: 'secret', signs: true }
}

/** The numbers and booleans among the parameters, which are no values: each with its path below `params`. */
export function constantParams(
  params: readonly NamedParam[],
): { path: (string | number)[]; constant: number | boolean }[] {
  const constants = (path: (string | number)[], node: Param): ReturnType<typeof constantParams> => {
    if (node.kind === 'constant') return [{ path, constant: node.constant }]
    if (node.kind === 'list') return node.items.flatMap((item, index) => constants([...path, index], item))
    return node.kind === 'mapping' ? node.entries.flatMap(({ name, param }) => constants([...path, name], param)) : []
  }
  return params.flatMap(({ name, param }) => constants([name], param))
}

function several(key: string, values: readonly Value[], use: OAuth2Part['use'] = 'text'): OAuth2Part[] {
  return values.map((value, index) => ({ key: values.length > 1 ? `${key}.${index}` : key, value, use }))
}

function useOf(name: string): 'text' | 'secret' {
  return isSecretName(name) ? 'secret' : 'text'
}

function paramParts(parent: string, { name, param }: NamedParam): OAuth2Part[] {
  const leaves = (key: string, node: Param): OAuth2Part[] => {
    switch (node.kind) {
      case 'constant':
        return []
      case 'value':
        return [{ key, value: node.value, use: useOf(name) }]
      case 'list':
        return node.items.flatMap((item, index) => leaves(`${key}.${index}`, item))
      case 'mapping':
        return node.entries.flatMap(entry => paramParts(key, entry))
    }
  }
  return leaves(`${parent}.${name}`, param)
}
