// Step 3: the token request of a grant (RFC 6749 sections 4.3.2 and 4.4.2), complete, from values.
import { Secret } from '../../base/secret.ts'
import type { OAuth2, Value } from '../../config/model.ts'
import type { Scope } from '../../config/scope.ts'
import { basicCredentials, compileClientAuth, formEncode, percentEncode } from '../client-auth.ts'
import { compileGrant } from '../grants.ts'
import type { TokenRequest } from '../plan.ts'
import { encodeForm, type Parameter } from '../request-body.ts'
import { compileText, type TextPlan, type UriPlan, type Values } from '../text.ts'

export interface RequestStep {
  /** Every text that goes into the request, for references and identity. */
  texts: TextPlan[]
  /** Those that only authenticate the client. */
  proofs: TextPlan[]
  /** More that authenticate it, read anew for each request: what they hold does not decide which token is issued. */
  passing: TextPlan[]
  /** What else decides which token is issued, known now. */
  words: readonly unknown[]
  buildRequest(values: Values): Promise<TokenRequest>
  /** With the same client authentication; scope stays what was granted (RFC 6749 section 6). */
  buildRefresh(values: Values, refreshToken: Secret): Promise<TokenRequest>
}

export function compileRequest(account: string, oauth2: OAuth2, url: UriPlan, scope: Scope): RequestStep {
  const clientId = optionalText(oauth2.clientId, scope)
  const clientSecret = optionalText(oauth2.clientSecret, scope)
  const grant = compileGrant(account, oauth2, scope)
  const clientAuth = compileClientAuth(account, oauth2, scope)
  const scopes: Parameter[] = oauth2.scope.length > 0 ? [['scope', oauth2.scope.join(' ')]] : []
  const build = async (values: Values, params: readonly Parameter[], hidden: readonly string[]) => {
    const id = clientId?.render(values) ?? ''
    const secret = clientSecret?.render(values) ?? ''
    const target = url.expand(values)
    const client = await clientAuth.authenticate({ clientId: id, clientSecret: secret, values, url: target })
    const body = encodeForm([...params, ...client.params])
    const secrets = secretsOf([secret, ...hidden, ...(client.secrets ?? [])], [id, secret])
    const headers = [...HEADERS, ...client.headers]
    const { warning } = client
    return { url: target, method: 'POST' as const, headers, body, secrets, ...(warning !== undefined && { warning }) }
  }
  const named = [
    ...(clientId ? [{ name: 'clientId', text: clientId }] : []),
    ...(clientSecret ? [{ name: 'clientSecret', text: clientSecret }] : []),
    ...grant.texts,
  ]
  return {
    texts: [...named.map(({ text }) => text), ...clientAuth.texts],
    proofs: [...(clientSecret ? [clientSecret] : []), ...clientAuth.texts],
    passing: clientAuth.passing,
    words: [
      [oauth2.grant, oauth2.clientAuthMethod, oauth2.basicEncoding, oauth2.scope],
      named.map(({ name }) => name),
      clientAuth.words,
    ],
    buildRequest: async values => {
      const { type, own, secrets } = grant.params(values)
      return build(values, [...type, ...scopes, ...own], secrets)
    },
    buildRefresh: async (values, refreshToken) => {
      const token = refreshToken.reveal()
      return build(
        values,
        [
          ['grant_type', 'refresh_token'],
          ['refresh_token', token],
        ],
        [token],
      )
    },
  }
}

/** No charset: some servers compare the type exactly. */
const HEADERS: readonly Parameter[] = [
  ['Accept', 'application/json'],
  ['Content-Type', 'application/x-www-form-urlencoded'],
]

function optionalText(value: Value | undefined, scope: Scope): TextPlan | undefined {
  return value && compileText(value, scope)
}

/** As they are, as they stand in a body or a header, and joined for HTTP Basic: servers echo all of it. */
function secretsOf(texts: readonly string[], [id, secret]: readonly [string, string]): Secret[] {
  const basic =
    secret === '' ? [] : [basicCredentials(id, secret), basicCredentials(formEncode(id), formEncode(secret))]
  const forms = texts.flatMap(text => [text, percentEncode(text), formEncode(text)])
  const known = new Set([...forms, ...basic.map(text => text.slice('Basic '.length))])
  known.delete('')
  return [...known].map(text => new Secret(text))
}
