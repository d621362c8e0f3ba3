// How the client proves itself at the token endpoint: exactly one method per request (RFC 6749 section 2.3).
import { AppError } from '../../base/error.ts'
import { keyShape } from '../../config/definitions/key-shape.ts'
import type { ClientAssertion, OAuth2 } from '../../config/model/model.ts'
import type { Scope } from '../../config/templates/scope.ts'
import { compileText, type TextPlan, type Values } from '../text.ts'
import { jwtClaims } from './jwt.ts'
import { compileAssertion } from './jwt-assertion.ts'

type Pairs = readonly (readonly [string, string])[]

/** The request that the client authenticates. */
export interface ClientContext {
  clientId: string
  /** An empty secret is a value; `none` and `private_key_jwt` have no secret. */
  clientSecret: string
  values: Values
  url: URL
}

export interface ClientAuthentication {
  headers: Pairs
  params: Pairs
  /** What no error may show, besides the client secret. */
  secrets?: readonly string[]
  /** For the log. */
  warning?: string
}

export interface ClientAuth {
  /** What proves the client, besides the client secret. */
  texts: TextPlan[]
  /** Proofs that something else keeps fresh: read for every request, and a new one is no reason for a new token. */
  passing: TextPlan[]
  /** What else decides how the client authenticates, known now. */
  words: readonly unknown[]
  /** Rejects with AppError when a proof cannot be made. */
  authenticate(context: ClientContext): ClientAuthentication | Promise<ClientAuthentication>
}

/** `account` is its name, for errors. */
export function compileClientAuth(account: string, oauth2: OAuth2, scope: Scope): ClientAuth {
  switch (oauth2.clientAuthMethod) {
    case 'client_secret_basic': {
      const encode = oauth2.basicEncoding === 'form' ? formEncode : (text: string) => text
      return plain(({ clientId, clientSecret }) => ({
        headers: [['Authorization', basicCredentials(encode(clientId), encode(clientSecret))]],
        params: [],
      }))
    }
    case 'client_secret_post':
      return plain(({ clientId, clientSecret }) => inBody(['client_id', clientId], ['client_secret', clientSecret]))
    case 'none':
      return plain(({ clientId }) => (clientId === '' ? inBody() : inBody(['client_id', clientId])))
    case 'tls_client_auth':
    case 'self_signed_tls_client_auth':
      // The certificate of the connection proves it (RFC 8705 section 2).
      return plain(({ clientId }) => inBody(['client_id', clientId]))
    case 'client_secret_jwt':
    case 'private_key_jwt':
      return compileClientAssertion(account, oauth2.clientAssertion!, scope)
  }
}

function plain(authenticate: ClientAuth['authenticate']): ClientAuth {
  return { texts: [], passing: [], words: [], authenticate }
}

function inBody(...params: [string, string][]): ClientAuthentication {
  return { headers: [], params }
}

/** RFC 7521 section 4.2; the client identifier is sent too, because some servers look it up before they look into the assertion. */
function asserted(clientId: string, type: string, assertion: string): ClientAuthentication {
  const params = inBody(['client_id', clientId], ['client_assertion_type', type], ['client_assertion', assertion])
  return { ...params, secrets: [assertion] }
}

/** The assertion alone says who asks. */
function asBearer(assertion: string): ClientAuthentication {
  return { headers: [['Authorization', `Bearer ${assertion}`]], params: [], secrets: [assertion] }
}

const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
/** RFC 7518 section 3.2: as long as the hash. */
const SHORTEST_SECRET_BYTES = 32

function compileClientAssertion(account: string, assertion: ClientAssertion, scope: Scope): ClientAuth {
  const label = `\`clientAssertion\` of account \`${account}\``
  if (assertion.kind === 'kept') return compileKept(assertion, scope, label)
  const { sign, ...parts } = compileAssertion(assertion, scope, label)
  return {
    ...parts,
    words: [parts.words, assertion.in],
    passing: [],
    async authenticate({ clientId, clientSecret, values, url }) {
      const issuer = values.server?.issuer
      const jwt = await sign(values, {
        issuer: clientId,
        subject: clientId,
        audience: issuer ?? withoutQuery(url),
        // Typed where the audience is the issuer, as RFC 7523bis wants both: servers that are told their URL only are older.
        typ: issuer === undefined ? 'JWT' : 'client-authentication+jwt',
        secret: clientSecret,
      })
      const short = !assertion.key && Buffer.byteLength(clientSecret) < SHORTEST_SECRET_BYTES
      const warning = `the client secret is shorter than ${SHORTEST_SECRET_BYTES} bytes, which makes client_secret_jwt guessable (RFC 7518 section 3.2)`
      const proof = assertion.in === 'header' ? asBearer(jwt) : asserted(clientId, JWT_BEARER, jwt)
      return { ...proof, ...(short && { warning }) }
    },
  }
}

function withoutQuery({ origin, pathname }: URL): string {
  return origin + pathname
}

function compileKept({ value, type }: ClientAssertion & { kind: 'kept' }, scope: Scope, label: string): ClientAuth {
  const text = compileText(value, scope)
  return {
    texts: [],
    passing: [text],
    words: [text.identity, type],
    authenticate({ clientId, values }) {
      const assertion = text.render(values)
      checkKept(assertion, values, label)
      return asserted(clientId, type ?? JWT_BEARER, assertion)
    },
  }
}

/** Said before a request is made of it: servers answer an expired one with the same words as an unknown client. */
function checkKept(assertion: string, values: Values, label: string): void {
  const fault = (reason: string) => new AppError('secret_unavailable', `${label}: ${reason}`, { transient: true })
  if (keyShape(assertion) !== 'none')
    throw fault('the file holds a key, not an assertion: write `key: { file: … }` to sign with it')
  if (!/^[\x21-\x7e]+$/.test(assertion)) throw fault('the file holds no assertion')
  const exp = jwtClaims(assertion)?.exp
  if (typeof exp !== 'number' || !Number.isFinite(exp) || exp * 1000 > Date.parse(values.now())) return
  throw fault(`the assertion in the file expired at ${expiryText(exp)}; is the program that renews it running?`)
}

function expiryText(exp: number): string {
  const date = new Date(exp * 1000)
  return Number.isNaN(date.getTime()) ? String(exp) : date.toISOString()
}

/** RFC 7617, over UTF-8 bytes. */
export function basicCredentials(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`
}

/** application/x-www-form-urlencoded of one text (RFC 6749 appendix B); the unreserved characters of RFC 3986 stay. */
export function formEncode(text: string): string {
  return percentEncode(text).replaceAll('%20', '+')
}

/** Everything but `A-Za-z0-9-._~` as UTF-8 in percent form; a blank is `%20`, which all servers read the same way. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}
