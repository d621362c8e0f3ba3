// The authorization server of better-auth (@better-auth/oauth-provider) on 127.0.0.1: client_credentials, and refresh tokens
// that rotate, which begin with a person's login. It refuses an assertion that was used before, is for somebody else, or lives
// too long, and binds tokens to the key of a DPoP proof. Its tokens are opaque and in its store.
import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { oauthProvider } from '@better-auth/oauth-provider'
import { betterAuth } from 'better-auth'
import { memoryAdapter } from 'better-auth/adapters/memory'
import { toNodeHandler } from 'better-auth/node'
import { jwt } from 'better-auth/plugins'
import { listenOnLoopback } from './loopback.ts'

export interface BetterAuthClient {
  id: string
  method: 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt' | 'none'
  /** Of those that have one. */
  secret?: string
  publicKey?: object
}

export interface StartedBetterAuth {
  tokenUrl: string
  statuses(): number[]
  issued(token: string): Promise<boolean>
  /** What a client sends for its first token after a person has logged in and let it (RFC 6749 section 4.1.3, RFC 7636). */
  logIn(clientId: string): Promise<Record<'code' | 'code_verifier' | 'redirect_uri', string>>
  close(): Promise<void>
}

const MACHINE_SCOPES = ['read', 'write']
const SCOPES = [...MACHINE_SCOPES, 'offline_access']
const REDIRECT_URI = 'https://app.example/callback'
const VERIFIER = 'fake-verifier-that-is-long-enough-for-the-standard'

export async function startBetterAuth(clients: readonly BetterAuthClient[]): Promise<StartedBetterAuth> {
  let handle = async (_request: IncomingMessage, response: ServerResponse): Promise<void> => void response.end()
  const statuses: number[] = []
  const { url, close } = await listenOnLoopback((request, response) => {
    if (request.url === '/api/auth/oauth2/token') record(statuses, response)
    handle(request, response).catch(() => response.destroy())
  })
  const registering: { client?: BetterAuthClient } = {}
  const auth = createServer(url, registering)
  handle = toNodeHandler(auth)
  const headers = await signUp(auth)
  for (const client of clients) {
    registering.client = client
    await (auth.api as unknown as Registration).adminCreateOAuthClient({ headers, body: registrationOf(client) })
  }
  return {
    tokenUrl: `${url}/api/auth/oauth2/token`,
    statuses: () => statuses,
    issued: async token => auth.tables.oauthAccessToken!.some(row => row.token === token),
    logIn: async clientId => {
      const query = new URLSearchParams({
        ...{ response_type: 'code', client_id: clientId, redirect_uri: REDIRECT_URI, scope: 'read offline_access' },
        ...{ state: 'fake-state', code_challenge_method: 'S256' },
        code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
      })
      const answer = await fetch(`${url}/api/auth/oauth2/authorize?${query}`, { headers })
      const { url: location } = (await answer.json()) as { url: string }
      const code = new URL(location).searchParams.get('code') ?? `none: ${location}`
      return { code, code_verifier: VERIFIER, redirect_uri: REDIRECT_URI }
    },
    close,
  }
}

/** Its clients get the ID and the secret of the one that is being registered. */
function createServer(baseURL: string, registering: { client?: BetterAuthClient }) {
  const tables: Record<string, { token?: string }[]> = {}
  const provider = oauthProvider({
    loginPage: '/login',
    consentPage: '/consent',
    scopes: SCOPES,
    grantTypes: ['client_credentials', 'authorization_code', 'refresh_token'],
    clientPrivileges: () => true,
    generateClientId: () => registering.client!.id,
    generateClientSecret: () => registering.client!.secret ?? '',
    storeTokens: { hash: async token => token },
    rateLimit: { token: false },
    silenceWarnings: { oauthAuthServerConfig: true, openidConfig: true },
  })
  const auth = betterAuth({
    baseURL,
    secret: 'fake-secret-of-at-least-32-bytes-and-more',
    database: memoryAdapter(tables),
    emailAndPassword: { enabled: true },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
    // The package's own types do not fit those of its host.
    plugins: [jwt(), provider as unknown as ReturnType<typeof jwt>],
  })
  return Object.assign(auth, { tables })
}

interface Registration {
  adminCreateOAuthClient(client: { headers: Headers; body: object }): Promise<unknown>
}

type Server = ReturnType<typeof createServer>

/** Who registers clients is a user with a session. */
async function signUp(auth: Server): Promise<Headers> {
  for (const table of Object.keys((await auth.$context).tables)) auth.tables[table] = []
  const body = { name: 'Ada', email: 'ada@example.com', password: 'fake-password' }
  const { headers } = await auth.api.signUpEmail({ body, returnHeaders: true })
  const cookies = headers.getSetCookie().map(cookie => cookie.split(';', 1)[0])
  return new Headers({ cookie: cookies.join('; ') })
}

function registrationOf({ id, method, publicKey }: BetterAuthClient) {
  return {
    client_name: id,
    redirect_uris: [REDIRECT_URI],
    skip_consent: true,
    response_types: ['code'],
    grant_types: ['authorization_code', 'refresh_token', ...(method === 'none' ? [] : ['client_credentials'])],
    token_endpoint_auth_method: method,
    scope: SCOPES.join(' '),
    ...(method !== 'none' && { client_credentials_scopes: MACHINE_SCOPES }),
    ...(publicKey && { jwks: { keys: [publicKey] } }),
  }
}

function record(statuses: number[], response: ServerResponse): void {
  const index = statuses.push(0) - 1
  response.on('finish', () => {
    statuses[index] = response.statusCode
  })
}
