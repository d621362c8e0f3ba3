// Step 3: the token request of a grant (RFC 6749 sections 4.3.2 and 4.4.2), complete, from values.
import { AppError } from '../../base/error.ts'
import { Secret } from '../../base/secret.ts'
import type { OAuth2 } from '../../config/model.ts'
import type { Scope } from '../../config/scope.ts'
import { basicCredentials, compileClientAuth, formEncode, percentEncode } from '../client-auth.ts'
import type { TokenRequest } from '../plan.ts'
import { compileText, type TextPlan, type UriPlan, type Values } from '../text.ts'

export interface RequestStep {
  /** Every text that goes into the request, for references and identity. */
  texts: TextPlan[]
  /** Those that only authenticate the client. */
  proofs: TextPlan[]
  buildRequest(values: Values): Promise<TokenRequest>
  /** With the same client authentication; scope stays what was granted (RFC 6749 section 6). */
  buildRefresh(values: Values, refreshToken: Secret): Promise<TokenRequest>
}

type Parameter = readonly [name: string, value: string]

export function compileRequest(account: string, oauth2: OAuth2, url: UriPlan, scope: Scope): RequestStep {
  const clientId = compileText(oauth2.clientId, scope)
  const clientSecret = oauth2.clientSecret && compileText(oauth2.clientSecret, scope)
  const user = compileUser(account, oauth2, scope)
  const authenticate = compileClientAuth(oauth2.clientAuthMethod, oauth2.basicEncoding)
  const fixed: Parameter[] = [['grant_type', oauth2.grant]]
  if (oauth2.scope.length > 0) fixed.push(['scope', oauth2.scope.join(' ')])
  const build = async (values: Values, grant: readonly Parameter[], own: readonly Parameter[]) => {
    const id = clientId.render(values)
    const secret = clientSecret?.render(values) ?? ''
    const client = await authenticate({ clientId: id, clientSecret: secret })
    const body = encodeForm([...grant, ...own, ...client.params])
    const secrets = secretsOf([secret, ...own.map(([, value]) => value)], [id, secret])
    return { url: url.expand(values), method: 'POST' as const, headers: [...HEADERS, ...client.headers], body, secrets }
  }
  const proofs = clientSecret ? [clientSecret] : []
  return {
    texts: [clientId, ...proofs, ...user.texts],
    proofs,
    buildRequest: async values => build(values, fixed, user.params(values)),
    buildRefresh: async (values, refreshToken) =>
      build(values, [['grant_type', 'refresh_token']], [['refresh_token', refreshToken.reveal()]]),
  }
}

/** No charset: some servers compare the type exactly. */
const HEADERS: readonly Parameter[] = [
  ['Accept', 'application/json'],
  ['Content-Type', 'application/x-www-form-urlencoded'],
]

function compileUser(account: string, oauth2: OAuth2, scope: Scope) {
  if (oauth2.grant !== 'password') return { texts: [], params: (): Parameter[] => [] }
  const username = compileText(oauth2.username!, scope)
  const password = compileText(oauth2.password!, scope)
  return {
    texts: [username, password],
    params: (values: Values): Parameter[] => [
      ['username', withoutLineBreaks(username.render(values), 'username', account)],
      ['password', withoutLineBreaks(password.render(values), 'password', account)],
    ],
  }
}

/** RFC 6749 appendix A: any Unicode except CR and LF. */
function withoutLineBreaks(text: string, key: string, account: string): string {
  if (!/[\r\n]/.test(text)) return text
  throw new AppError('secret_unavailable', `\`${key}\` of account \`${account}\` holds a line break`, { account })
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

function encodeForm(params: readonly Parameter[]): string {
  return params.map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`).join('&')
}
