// Every value of an oauth2 account with its name and its use, in the order of the reference: the one list that the rules,
// `explain` and the comparison of two configurations read.

import { jsonValues } from './json-values.ts'
import type { ClientAssertion, OAuth2, Value } from './model.ts'

export interface OAuth2Part {
  /** The key as it is written. */
  key: string
  value: Value
  /** `uri`: the place decides how a value is encoded. `secret`: a text there is a literal secret. */
  use: 'uri' | 'text' | 'secret'
}

export function oauth2Parts(oauth2: OAuth2): OAuth2Part[] {
  const part = (key: string, use: OAuth2Part['use'], value: Value | undefined): OAuth2Part[] =>
    value ? [{ key, value, use }] : []
  return [
    ...part('accessTokenUri', 'uri', oauth2.accessTokenUri),
    ...part('issuer', 'uri', oauth2.issuer),
    ...part('clientId', 'text', oauth2.clientId),
    ...part('clientSecret', 'secret', oauth2.clientSecret),
    ...assertionParts(oauth2.clientAssertion),
    ...part('username', 'text', oauth2.username),
    ...part('password', 'secret', oauth2.password),
    ...part('refreshToken', 'secret', oauth2.refreshToken),
    ...part('assertion', 'secret', oauth2.assertion),
    ...part('subjectToken', 'secret', oauth2.subjectToken),
    ...part('subjectTokenType', 'text', oauth2.subjectTokenType),
    ...part('actorToken', 'secret', oauth2.actorToken),
    ...part('actorTokenType', 'text', oauth2.actorTokenType),
    ...part('requestedTokenType', 'text', oauth2.requestedTokenType),
  ]
}

/** The URI that says where the authorization server is: the token endpoint, or else the issuer. */
export function serverOf({ accessTokenUri, issuer }: OAuth2): Value {
  return (accessTokenUri ?? issuer)!
}

function assertionParts(assertion: ClientAssertion | undefined): OAuth2Part[] {
  if (!assertion) return []
  if (assertion.kind === 'kept') return [{ key: 'clientAssertion.file', value: assertion.value, use: 'secret' }]
  const texts = { kid: assertion.kid, x5t: assertion.x5t, audience: assertion.audience }
  return [
    ...(assertion.key ? [{ key: 'clientAssertion.key', value: assertion.key, use: 'secret' as const }] : []),
    ...Object.entries(texts).flatMap(([key, value]): OAuth2Part[] =>
      value ? [{ key: `clientAssertion.${key}`, value, use: 'text' }] : [],
    ),
    ...jsonValues(assertion.claims).map(({ name, value }): OAuth2Part => {
      return { key: `clientAssertion.claims.${name}`, value, use: 'text' }
    }),
  ]
}
