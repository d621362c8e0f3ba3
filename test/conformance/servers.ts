// The authorization servers of the matrix, each with one client for each way to authenticate, `client-METHOD`. Each counts
// its token requests and says itself whether a token is one of its own.
import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  AuthorizationServer,
  DateInterval,
  generateRandomToken,
  type OAuthClient,
  type OAuthToken,
} from '@jmondi/oauth2-server'
import { createLocalJWKSet, exportJWK, generateKeyPair, type JWK, jwtVerify } from 'jose'
import { OAuth2Issuer, OAuth2Service } from 'oauth2-mock-server'
import { type StartedBetterAuth, startBetterAuth } from '../support/better-auth.ts'
import { makeCertificate } from '../support/certificates.ts'
import { listenOnLoopback, readBody, sendJson } from '../support/loopback.ts'
import { startOAuth2Server } from '../support/oauth2-server.ts'
import { type OidcClient, startOidcServer } from '../support/oidc-server.ts'
import { makeSamlAssertion } from '../support/saml-assertion.ts'

export const METHODS = [
  'client_secret_basic',
  'client_secret_post',
  'client_secret_jwt',
  'private_key_jwt',
  'tls_client_auth',
  'self_signed_tls_client_auth',
  'none',
] as const
export type Method = (typeof METHODS)[number]

export interface MatrixServer {
  tokenUrl: string
  /** Of each token request, in the order of arrival. */
  statuses(): number[]
  /** Asked of the server: introspection, its store, or its published keys. */
  issued(token: string): Promise<boolean>
  /** A person's login in a browser, for servers that want one first. */
  logIn?: StartedBetterAuth['logIn']
  close(): Promise<void>
}

/** Long enough for HS256 (RFC 7518 section 3.2). */
export const SECRET = 'fake-secret-of-at-least-32-bytes-x'
export const USER = { username: 'ada', password: 'fake p+ss word%&=:' }

const authority = makeCertificate({ name: 'matrix authority', authority: true })
const host = makeCertificate({ name: 'server', by: authority, hosts: ['IP:127.0.0.1'] })
const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })

/** Of the identity provider that makes SAML assertions. */
const saml = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})
const SAML_ISSUER = 'https://identity.example'

/** An assertion counts once: a new one for each account. */
export function samlFor(tokenUrl: string, livesSeconds = 300): string {
  const parts = {
    livesSeconds,
    issuer: SAML_ISSUER,
    subject: USER.username,
    audience: new URL(tokenUrl).origin,
    recipient: tokenUrl,
  }
  return makeSamlAssertion(parts, saml.privateKey)
}

/** What the clients hold, by the name of the variable or file. */
export const HELD = {
  key: JSON.stringify(await exportJWK(privateKey)),
  authority: authority.certificate,
  tls_client_auth: makeCertificate({ name: 'client', by: authority }),
  self_signed_tls_client_auth: makeCertificate({ name: 'self-signed' }),
}

function selfSignedJwk(): object {
  const certificate = new X509Certificate(HELD.self_signed_tls_client_auth.certificate)
  const x5c = [certificate.raw.toString('base64')]
  return { ...certificate.publicKey.export({ format: 'jwk' }), x5c, use: 'sig' }
}

async function oidcClient(method: Method): Promise<OidcClient> {
  const keys: Partial<Record<Method, () => Promise<object[]>>> = {
    private_key_jwt: async () => [{ ...(await exportJWK(publicKey)), alg: 'ES256', use: 'sig' }],
    self_signed_tls_client_auth: async () => [selfSignedJwk()],
  }
  return {
    client_id: `client-${method}`,
    token_endpoint_auth_method: method,
    ...(method.startsWith('client_secret') && { client_secret: SECRET }),
    ...(keys[method] && { jwks: { keys: await keys[method]() } }),
    ...(method === 'private_key_jwt' && { token_endpoint_auth_signing_alg: 'ES256' }),
    ...(method === 'tls_client_auth' && { tls_client_auth_subject_dn: 'CN=client' }),
  }
}

/** oidc-provider over TLS; a token is known when it is in its store. */
async function startOidc(): Promise<MatrixServer> {
  const server = await startOidcServer({
    clients: await Promise.all(METHODS.map(oidcClient)),
    users: [{ ...USER, email: 'ada@example.com' }],
    trusted: {
      jwt: { issuer: USER.username, key: { ...(await exportJWK(publicKey)), alg: 'ES256' } },
      saml: { issuer: SAML_ISSUER, publicKey: saml.publicKey },
    },
    tls: { cert: host.certificate, key: host.key, ca: authority.certificate },
  })
  const { AccessToken, ClientCredentials } = server.provider as unknown as Record<
    'AccessToken' | 'ClientCredentials',
    { find(token: string): Promise<{ isValid: boolean } | undefined> }
  >
  const issued = async (token: string) =>
    ((await AccessToken.find(token)) ?? (await ClientCredentials.find(token)))?.isValid === true
  return { ...server, statuses: () => server.requests.map(({ status }) => status), issued }
}

async function startNodeOauth(): Promise<MatrixServer> {
  const grants = ['client_credentials', 'password', 'refresh_token']
  const clients = METHODS.map(method => ({ id: `client-${method}`, secret: SECRET, grants }))
  const server = await startOAuth2Server({ clients, users: [USER] })
  return { ...server, statuses: () => server.requests.map(({ status }) => status), issued: server.isActive }
}

/** Answers `/token`, and keeps the status of each answer. */
async function startCounting(
  answer: (request: IncomingMessage, response: ServerResponse) => unknown,
): Promise<Pick<MatrixServer, 'statuses' | 'close'> & { url: string }> {
  const statuses: number[] = []
  const { url, close } = await listenOnLoopback((request, response) => {
    const index = statuses.push(0) - 1
    response.on('finish', () => {
      statuses[index] = response.statusCode
    })
    answer(request, response)
  })
  return { url, close, statuses: () => statuses }
}

type JmondiRequest = Parameters<AuthorizationServer['introspect']>[0]

async function startJmondi(): Promise<MatrixServer> {
  const oauth = jmondiServer()
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = Object.fromEntries(new URLSearchParams((await readBody(request)).toString()))
    const asked = { headers: request.headers, query: {}, body } as JmondiRequest
    try {
      const { status, body: answer } = await oauth.respondToAccessTokenRequest(asked)
      sendJson(response, status, answer)
    } catch (error) {
      const { status = 500, errorType } = error as { status?: number; errorType?: string }
      sendJson(response, status, { error: errorType })
    }
  }
  const { url, statuses, close } = await startCounting(respond)
  const issued = async (token: string) => {
    const { body } = await oauth.introspect({ headers: {}, query: {}, body: { token } } as JmondiRequest)
    return (body as { active?: boolean }).active === true
  }
  return { tokenUrl: `${url}/token`, statuses, issued, close }
}

function jmondiServer(): AuthorizationServer {
  const tokens: OAuthToken[] = []
  const clientOf = (id: string): OAuthClient => ({
    id,
    name: id,
    ...(id !== 'client-none' && { secret: SECRET }),
    redirectUris: [],
    allowedGrants: [],
    scopes: [],
  })
  const byToken = async (find: (token: OAuthToken) => boolean) => tokens.find(find)!
  const inAnHour = () => new DateInterval('1h').getEndDate()
  const clients = {
    getByIdentifier: async (id: string) => clientOf(id),
    isClientValid: async (_grant: string, client: OAuthClient, secret?: string) => client.secret === secret,
  }
  const tokenStore = {
    issueToken: async (client: OAuthClient, scopes: OAuthToken['scopes'], user?: OAuthToken['user']) => ({
      accessToken: generateRandomToken(),
      accessTokenExpiresAt: inAnHour(),
      client,
      user: user ?? null,
      scopes,
    }),
    issueRefreshToken: async (token: OAuthToken) =>
      Object.assign(token, { refreshToken: generateRandomToken(), refreshTokenExpiresAt: inAnHour() }),
    persist: async (token: OAuthToken) => void tokens.push(token),
    revoke: async (token: OAuthToken) => void Object.assign(token, { refreshToken: null }),
    isRefreshTokenRevoked: async (token: OAuthToken) => !token?.refreshToken,
    getByRefreshToken: (text: string) => byToken(({ refreshToken }) => refreshToken === text),
    getByAccessToken: (text: string) => byToken(({ accessToken }) => accessToken === text),
  }
  const scopes = { getAllByIdentifiers: async () => [], finalize: async () => [] }
  const users = {
    getUserByCredentials: async (name: string | number, password?: string) =>
      name === USER.username && password === USER.password ? { id: name } : undefined,
  }
  const server = new AuthorizationServer(clients, tokenStore, scopes, 'fake-signing-secret', {
    authenticateIntrospect: false,
  })
  server.enableGrantTypes('client_credentials', 'refresh_token', { grant: 'password', userRepository: users })
  server.enableGrantType({
    grant: 'urn:ietf:params:oauth:grant-type:token-exchange',
    processTokenExchange: async ({ subjectToken }) =>
      subjectToken === 'fake-subject-token' ? { id: USER.username } : Promise.reject(new Error('unknown subject')),
  })
  return server
}

/** oauth2-mock-server lets every client in; its tokens are checked by the keys that it publishes. */
async function startMock(): Promise<MatrixServer> {
  const issuer = new OAuth2Issuer()
  await issuer.keys.generate('RS256')
  const { requestHandler } = new OAuth2Service(issuer)
  const { url, statuses, close } = await startCounting(requestHandler)
  issuer.url = url
  const keys = createLocalJWKSet({ keys: issuer.keys.toJSON() as JWK[] })
  const issued = (token: string) =>
    jwtVerify(token, keys, { issuer: url }).then(
      () => true,
      () => false,
    )
  return { tokenUrl: `${url}/token`, statuses, issued, close }
}

/** Of the methods that the package knows. */
async function startBetter(): Promise<MatrixServer> {
  const key = { ...(await exportJWK(publicKey)), alg: 'ES256', use: 'sig', kid: 'key-1' }
  return startBetterAuth([
    { id: 'client-client_secret_basic', method: 'client_secret_basic', secret: SECRET },
    { id: 'client-client_secret_post', method: 'client_secret_post', secret: SECRET },
    { id: 'client-private_key_jwt', method: 'private_key_jwt', publicKey: key },
    { id: 'client-none', method: 'none' },
  ])
}

export const SERVERS = {
  'oidc-provider': startOidc,
  '@node-oauth/oauth2-server': startNodeOauth,
  '@jmondi/oauth2-server': startJmondi,
  'oauth2-mock-server': startMock,
  'better-auth': startBetter,
} satisfies Record<string, () => Promise<MatrixServer>>
export type ServerName = keyof typeof SERVERS
