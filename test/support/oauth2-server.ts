// A real authorization server (@node-oauth/oauth2-server) with opaque tokens in memory: client_credentials, password, refresh_token.
// It does not form-decode HTTP Basic credentials (RFC 6749 section 2.3.1), as many real servers do not.
import { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import OAuth2Server from '@node-oauth/oauth2-server'
import { listenOnLoopback, readBody, sendJson } from './loopback.ts'

export interface OAuth2Client {
  id: string
  secret: string
  grants: string[]
  /** What the client may ask for; everything when left out. */
  scopes?: string[]
}

export interface OAuth2User {
  username: string
  password: string
}

export interface OAuth2ServerOptions {
  clients?: readonly OAuth2Client[]
  users?: readonly OAuth2User[]
  accessTokenTtlSeconds?: number
  /** Whether a refresh brings a new refresh token and ends the old one; the package's default is true. */
  rotateRefreshTokens?: boolean
  port?: number
}

export interface RecordedTokenRequest {
  headers: IncomingHttpHeaders
  /** As it came over the wire. */
  body: string
  /** 0 until the response has been sent. */
  status: number
}

export interface StartedOAuth2Server {
  url: string
  /** `URL/token`; `URL/introspect` answers `{ "active": boolean }` to a POSTed `token`. */
  tokenUrl: string
  requests: RecordedTokenRequest[]
  /** Whether a bearer is valid now; what a protected API asks. */
  isActive(token: string): Promise<boolean>
  /** Ends every access token; `refreshTokens` too when told so. */
  revokeAll(options?: { refreshTokens?: boolean }): void
  close(): Promise<void>
}

export const OAUTH2_CLIENT = {
  id: 'machine',
  secret: 'fake-machine-secret',
  grants: ['client_credentials', 'password', 'refresh_token'],
} as const satisfies OAuth2Client

export const OAUTH2_USER = { username: 'ada', password: 'fake password + & é' } as const satisfies OAuth2User

interface Stored {
  tokens: Map<string, OAuth2Server.Token>
  refreshTokens: Map<string, OAuth2Server.RefreshToken>
}

type Model = OAuth2Server.ClientCredentialsModel & OAuth2Server.PasswordModel & OAuth2Server.RefreshTokenModel

export async function startOAuth2Server(options: OAuth2ServerOptions = {}): Promise<StartedOAuth2Server> {
  const stored: Stored = { tokens: new Map(), refreshTokens: new Map() }
  const requests: RecordedTokenRequest[] = []
  const oauth = new OAuth2Server({
    model: modelOf(stored, options),
    accessTokenLifetime: options.accessTokenTtlSeconds ?? 3600,
    alwaysIssueNewRefreshToken: options.rotateRefreshTokens ?? true,
  })
  const { url, close } = await listenOnLoopback((request, response) => {
    serve(oauth, requests, request, response).catch(() => response.destroy())
  }, options.port)
  const revokeAll = ({ refreshTokens = false } = {}): void => {
    stored.tokens.clear()
    if (refreshTokens) stored.refreshTokens.clear()
  }
  return { url, tokenUrl: `${url}/token`, requests, isActive: token => isActive(oauth, token), revokeAll, close }
}

function modelOf(stored: Stored, options: OAuth2ServerOptions): Model {
  const { clients = [OAUTH2_CLIENT], users = [OAUTH2_USER] } = options
  return {
    getClient: async (id, secret) =>
      toClient(clients.find(c => c.id === id && (secret === null || c.secret === secret))),
    getUser: async (username, password) => users.find(u => u.username === username && u.password === password),
    getUserFromClient: async client => ({ username: `client:${client.id}` }),
    validateScope: async (_user, client, scope = []) => scope.every(s => client.scopes?.includes(s) ?? true) && scope,
    getAccessToken: async token => stored.tokens.get(token),
    getRefreshToken: async token => stored.refreshTokens.get(token),
    revokeToken: async token => stored.refreshTokens.delete(token.refreshToken),
    saveToken: async (token, client, user) => saveToken(stored, { ...token, client, user }),
  }
}

function toClient(client: OAuth2Client | undefined): OAuth2Server.Client | undefined {
  return client && { ...client, grants: [...client.grants] }
}

function saveToken(stored: Stored, token: OAuth2Server.Token): OAuth2Server.Token {
  stored.tokens.set(token.accessToken, token)
  const { refreshToken } = token
  if (refreshToken) stored.refreshTokens.set(refreshToken, { ...token, refreshToken })
  return token
}

async function isActive(oauth: OAuth2Server, token: string): Promise<boolean> {
  const headers = { authorization: `Bearer ${token}` }
  const request = new OAuth2Server.Request({ headers, method: 'GET', query: {} })
  return oauth.authenticate(request, new OAuth2Server.Response({})).then(
    () => true,
    () => false,
  )
}

async function serve(
  oauth: OAuth2Server,
  requests: RecordedTokenRequest[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = (await readBody(request)).toString()
  if (request.url === '/introspect') {
    const token = new URLSearchParams(body).get('token') ?? ''
    return sendJson(response, 200, { active: await isActive(oauth, token) })
  }
  if (request.url !== '/token') return sendJson(response, 404, { error: STATUS_CODES[404] })
  const seen = { headers: request.headers, body, status: 0 }
  requests.push(seen)
  const answer = await answerTokenRequest(oauth, request, body)
  seen.status = answer.status ?? 500
  sendJson(response, seen.status, answer.body, answer.headers)
}

async function answerTokenRequest(
  oauth: OAuth2Server,
  message: IncomingMessage,
  body: string,
): Promise<OAuth2Server.Response> {
  const request = new OAuth2Server.Request({
    headers: message.headers as Record<string, string>,
    method: message.method ?? '',
    query: {},
    body: Object.fromEntries(new URLSearchParams(body)),
  })
  const response = new OAuth2Server.Response({})
  // The answer to a refused request is in the response; what is thrown says the same.
  await oauth.token(request, response).catch((error: { code?: number; name?: string; message?: string }) => {
    response.status = error.code ?? 500
    response.body = { error: error.name, error_description: error.message }
  })
  return response
}
