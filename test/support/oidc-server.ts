// A real OpenID Provider (oidc-provider) on 127.0.0.1: client_credentials, refresh_token and a password grant.
// Access tokens are opaque and checked by introspection (RFC 7662); ID tokens are ES256 JWTs verifiable by /jwks.
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { TLSSocket } from 'node:tls'
import { assertionJudges, type JudgeAssertion, type TrustedIssuers } from './assertion-grants.ts'
import { listenOnLoopback } from './loopback.ts'

export interface OidcClient {
  client_id: string
  /** Left out only with the method `none`. Printable ASCII, as RFC 6749 wants it. */
  client_secret?: string
  token_endpoint_auth_method:
    | 'client_secret_basic'
    | 'client_secret_post'
    | 'client_secret_jwt'
    | 'private_key_jwt'
    | 'tls_client_auth'
    | 'self_signed_tls_client_auth'
    | 'none'
  token_endpoint_auth_signing_alg?: string
  /** The public keys of the methods that sign or show a certificate. */
  jwks?: { keys: object[] }
  tls_client_auth_subject_dn?: string
  /** Its tokens are of use only with its certificate (RFC 8705 section 3). */
  tls_client_certificate_bound_access_tokens?: boolean
  /** Space-separated scopes it may ask for; all when left out. */
  scope?: string
}

export interface OidcUser {
  username: string
  password: string
  email: string
}

export interface OidcServerOptions {
  port?: number
  clients?: readonly OidcClient[]
  users?: readonly OidcUser[]
  /** Also the life of ID tokens unless idTokenTtlSeconds is given. */
  accessTokenTtlSeconds?: number
  idTokenTtlSeconds?: number
  rotateRefreshTokens?: boolean
  /** DPoP (RFC 9449), and each proof needs a nonce. */
  dpopNonces?: boolean
  /** With the grants jwt_bearer and saml2_bearer, for its users. */
  trusted?: TrustedIssuers
  /** Over TLS, with clients that show certificates of this authority, or their own. */
  tls?: { cert: string; key: string; ca: string }
}

export interface RecordedTokenRequest {
  headers: IncomingHttpHeaders
  /** As it came over the wire. */
  body: string
  /** 0 until the response has been sent. */
  status: number
}

export interface StartedOidcServer {
  /** The issuer, `http://127.0.0.1:PORT`. */
  url: string
  tokenUrl: string
  introspectionUrl: string
  jwksUrl: string
  requests: RecordedTokenRequest[]
  provider: OidcProvider
  /** Whether an access token is valid now, by introspection over HTTP; what a protected API asks. */
  check(token: string): Promise<boolean>
  /** Ends every access token; with `refreshTokens` those too. */
  revokeAll(options?: { refreshTokens?: boolean }): void
  close(): Promise<void>
}

/** Its secret changes in every way in which form encoding (RFC 6749 section 2.3.1) can change it. */
export const OIDC_BASIC_CLIENT = {
  client_id: 'basic client',
  client_secret: 'fake a+b c%&=:%20~"/secret',
  token_endpoint_auth_method: 'client_secret_basic',
} as const satisfies OidcClient

export const OIDC_POST_CLIENT = {
  client_id: 'post-client',
  client_secret: 'fake a+b c%&=:%20~"/post-secret',
  token_endpoint_auth_method: 'client_secret_post',
} as const satisfies OidcClient

export const OIDC_PUBLIC_CLIENT = {
  client_id: 'public-client',
  token_endpoint_auth_method: 'none',
} as const satisfies OidcClient

export const OIDC_USER = {
  username: 'ada@example.com',
  password: 'fake p+ss wörd%&=:',
  email: 'ada@example.com',
} as const satisfies OidcUser

const INTROSPECTION_CLIENT = {
  client_id: 'protected-api',
  client_secret: 'fake-protected-api-secret',
  token_endpoint_auth_method: 'client_secret_basic',
} as const satisfies OidcClient

const SCOPES = ['openid', 'offline_access', 'email', 'read', 'write']

/** What the tests use of the package, which has no types of its own. */
export interface OidcProvider {
  callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>
  registerGrantType(name: string, handler: (context: Context) => Promise<void>, parameters: string[]): void
  on(event: string, listener: (...values: unknown[]) => void): this
  AccessToken: new (members: object) => Token
  ClientCredentials: { find(token: string): Promise<Record<string, unknown> | undefined> }
  RefreshToken: new (members: object) => Token
  Grant: new (members: object) => Token & { addOIDCScope(scope: string): void }
  IdToken: new (
    claims: object,
    options: { ctx: Context },
  ) => { scope: string; issue(options: { use: 'idtoken' }): Promise<string> }
}

interface Token {
  expiration: number
  save(): Promise<string>
}

interface Context {
  oidc: {
    client: { clientId: string }
    params: Record<string, string | undefined>
    requestParamScopes: Set<string>
    entity(name: string, value: unknown): void
  }
  body: unknown
}

interface OidcPackage {
  Provider: new (issuer: string, configuration: object) => OidcProvider
  errors: { InvalidGrant: new (message: string) => Error }
}

/** The stored models, `MODEL:ID` -> what the provider keeps. */
type Store = Map<string, Record<string, unknown>>

let loaded: Promise<OidcPackage> | undefined

/** The package prints a notice about every runtime that is not a long-term release while it loads. */
async function loadPackage(): Promise<OidcPackage> {
  const { warn } = console
  console.warn = (...values: unknown[]) => {
    if (!String(values[0]).startsWith('oidc-provider WARNING: Unsupported runtime')) warn(...values)
  }
  try {
    // @ts-expect-error: the package has no types.
    return (await import('oidc-provider')) as OidcPackage
  } finally {
    console.warn = warn
  }
}

export async function startOidcServer(options: OidcServerOptions = {}): Promise<StartedOidcServer> {
  loaded ??= loadPackage()
  const { Provider, errors } = await loaded
  const requests: RecordedTokenRequest[] = []
  const store: Store = new Map()
  let handle: ReturnType<OidcProvider['callback']> = async () => {}
  const { url, close } = await listenOnLoopback(
    (request, response) => {
      if (request.url === '/token') record(requests, request, response)
      handle(request, response).catch(() => response.destroy())
    },
    options.port,
    options.tls && { ...options.tls, requestCert: true, rejectUnauthorized: false },
  )
  const provider = new Provider(url, configurationOf(options, store))
  const users = options.users ?? [OIDC_USER]
  provider.registerGrantType('password', passwordGrant(provider, users, errors.InvalidGrant), PASSWORD_PARAMETERS)
  const judges = options.trusted ? assertionJudges(options.trusted, { issuer: url, tokenUrl: `${url}/token` }) : {}
  for (const [type, judge] of Object.entries(judges))
    provider.registerGrantType(type, assertionGrant(provider, users, { judge, ...errors }), ['assertion', 'scope'])
  handle = provider.callback()
  const introspectionUrl = `${url}/token/introspection`
  return {
    url,
    tokenUrl: `${url}/token`,
    introspectionUrl,
    jwksUrl: `${url}/jwks`,
    requests,
    provider,
    check: token => introspect(introspectionUrl, token),
    revokeAll: ({ refreshTokens = false } = {}) => revokeAll(store, refreshTokens),
    close,
  }
}

function configurationOf(options: OidcServerOptions, store: Store): object {
  const { clients = [OIDC_BASIC_CLIENT, OIDC_POST_CLIENT, OIDC_PUBLIC_CLIENT], users = [OIDC_USER] } = options
  const {
    accessTokenTtlSeconds = 3600,
    idTokenTtlSeconds = accessTokenTtlSeconds,
    rotateRefreshTokens = true,
  } = options
  return {
    adapter: memoryAdapter(store),
    jwks: { keys: [signingKey()] },
    clients: [...clients, INTROSPECTION_CLIENT].map(client => completeClient(client, options.trusted !== undefined)),
    scopes: SCOPES,
    claims: { openid: ['sub'], email: ['email'] },
    conformIdTokenClaims: false,
    clientAuthMethods: [
      ...['client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'private_key_jwt', 'none'],
      ...(options.tls ? ['tls_client_auth', 'self_signed_tls_client_auth'] : []),
    ],
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    features: {
      clientCredentials: { enabled: true },
      ...(options.tls && { mTLS: mutualTls() }),
      introspection: { enabled: true, allowedPolicy: () => true },
      revocation: { enabled: true },
      devInteractions: { enabled: false },
      ...(options.dpopNonces && { dPoP: { enabled: true, nonceSecret: randomBytes(32), requireNonce: () => true } }),
      resourceIndicators: { enabled: false },
    },
    findAccount: (_context: unknown, id: string) => accountOf(users, id),
    rotateRefreshToken: rotateRefreshTokens,
    ttl: {
      AccessToken: accessTokenTtlSeconds,
      ClientCredentials: accessTokenTtlSeconds,
      IdToken: idTokenTtlSeconds,
      RefreshToken: 14 * 24 * 3600,
      Grant: 14 * 24 * 3600,
    },
  }
}

function mutualTls(): object {
  const certificateOf = ({ socket }: { socket: TLSSocket }) => socket.getPeerX509Certificate()
  return {
    enabled: true,
    certificateBoundAccessTokens: true,
    selfSignedTlsClientAuth: true,
    tlsClientAuth: true,
    getCertificate: (context: { socket: TLSSocket }) => certificateOf(context)?.toString(),
    certificateAuthorized: ({ socket }: { socket: TLSSocket }) => socket.authorized,
    certificateSubjectMatches: (context: { socket: TLSSocket }, _property: string, expected: string) =>
      certificateOf(context)?.subject === expected,
  }
}

function signingKey(): object {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), alg: 'ES256', use: 'sig' }
}

function completeClient(client: OidcClient, withAssertions: boolean): object {
  const grants = ['password', 'refresh_token', ...ASSERTION_GRANTS.filter(() => withAssertions)]
  if (client.token_endpoint_auth_method !== 'none') grants.push('client_credentials')
  return {
    ...client,
    grant_types: grants,
    redirect_uris: [],
    response_types: [],
    id_token_signed_response_alg: 'ES256',
  }
}

function accountOf(users: readonly OidcUser[], id: string): object | undefined {
  const user = users.find(({ username }) => username === id)
  return user && { accountId: id, claims: () => ({ sub: id, email: user.email }) }
}

/** The provider's storage contract over one Map. Expiry is checked by the provider itself. */
function memoryAdapter(store: Store): (model: string) => object {
  return model => ({
    upsert: async (id: string, payload: Record<string, unknown>) => void store.set(`${model}:${id}`, { ...payload }),
    find: async (id: string) => store.get(`${model}:${id}`),
    destroy: async (id: string) => void store.delete(`${model}:${id}`),
    consume: async (id: string) => void Object.assign(store.get(`${model}:${id}`) ?? {}, { consumed: true }),
    findByUid: async () => undefined,
    findByUserCode: async () => undefined,
    revokeByGrantId: async (grantId: string) => removeWhere(store, (_key, { grantId: id }) => id === grantId),
  })
}

function removeWhere(store: Store, matches: (key: string, payload: Record<string, unknown>) => boolean): void {
  for (const [key, payload] of store) if (matches(key, payload)) store.delete(key)
}

function revokeAll(store: Store, refreshTokens: boolean): void {
  const models = refreshTokens ? /^(AccessToken|ClientCredentials|RefreshToken):/ : /^(AccessToken|ClientCredentials):/
  removeWhere(store, key => models.test(key))
}

const ASSERTION_GRANTS = ['jwt', 'saml2'].map(kind => `urn:ietf:params:oauth:grant-type:${kind}-bearer`)

const PASSWORD_PARAMETERS = ['username', 'password', 'scope']

/** RFC 6749 section 4.3; an ID token with the scope `openid`, a refresh token with `offline_access`. */
function passwordGrant(
  provider: OidcProvider,
  users: readonly OidcUser[],
  InvalidGrant: OidcPackage['errors']['InvalidGrant'],
): (context: Context) => Promise<void> {
  return async context => {
    const { params } = context.oidc
    const user = users.find(({ username, password }) => username === params.username && password === params.password)
    if (!user) throw new InvalidGrant('username or password is wrong')
    await grantTo(provider, context, user)
  }
}

/** An assertion that is wrong is an invalid grant (RFC 7521 section 4.1.1). */
function assertionGrant(
  provider: OidcProvider,
  users: readonly OidcUser[],
  { judge, InvalidGrant }: OidcPackage['errors'] & { judge: JudgeAssertion },
): (context: Context) => Promise<void> {
  return async context => {
    const subject = await judge(context.oidc.params.assertion ?? '').catch((error: Error) => {
      throw new InvalidGrant(error.message)
    })
    const user = users.find(({ username }) => username === subject)
    if (!user) throw new InvalidGrant('nobody of that name')
    await grantTo(provider, context, user)
  }
}

async function grantTo(provider: OidcProvider, context: Context, user: OidcUser): Promise<void> {
  const { client } = context.oidc
  const scopes = [...context.oidc.requestParamScopes].filter(scope => SCOPES.includes(scope))
  const grant = new provider.Grant({ accountId: user.username, clientId: client.clientId })
  grant.addOIDCScope(scopes.join(' '))
  const grantId = await grant.save()
  const members = { accountId: user.username, client, grantId, gty: 'password', scope: scopes.join(' ') || undefined }
  context.body = await issueTokens(provider, context, { user, scopes, members })
}

async function issueTokens(
  provider: OidcProvider,
  context: Context,
  { user, scopes, members }: { user: OidcUser; scopes: string[]; members: object },
): Promise<object> {
  const accessToken = new provider.AccessToken(members)
  context.oidc.entity('AccessToken', accessToken)
  const answer: Record<string, unknown> = {
    access_token: await accessToken.save(),
    expires_in: accessToken.expiration,
    token_type: 'Bearer',
  }
  if (scopes.length > 0) answer.scope = scopes.join(' ')
  if (scopes.includes('offline_access')) answer.refresh_token = await new provider.RefreshToken(members).save()
  if (scopes.includes('openid')) {
    const idToken = new provider.IdToken({ sub: user.username, email: user.email }, { ctx: context })
    idToken.scope = scopes.join(' ')
    answer.id_token = await idToken.issue({ use: 'idtoken' })
  }
  return answer
}

async function introspect(introspectionUrl: string, token: string): Promise<boolean> {
  const { client_id, client_secret } = INTROSPECTION_CLIENT
  const response = await fetch(introspectionUrl, {
    method: 'POST',
    headers: { Authorization: `Basic ${btoa(`${client_id}:${client_secret}`)}` },
    body: new URLSearchParams({ token }),
  })
  const { active } = (await response.json()) as { active?: boolean }
  return active === true
}

/** Looks at the body while the provider reads it: `push` is where node:http hands it in. */
function record(requests: RecordedTokenRequest[], request: IncomingMessage, response: ServerResponse): void {
  const seen: RecordedTokenRequest = { headers: request.headers, body: '', status: 0 }
  requests.push(seen)
  const push = request.push.bind(request)
  request.push = (chunk, encoding) => {
    if (chunk) seen.body += chunk.toString()
    return push(chunk, encoding)
  }
  response.on('finish', () => {
    seen.status = response.statusCode
  })
}
