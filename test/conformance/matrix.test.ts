// Every client authentication method × every grant × five authorization servers from packages. A cell that works gives a
// token that the server knows, after one request for twenty callers; one that does not has its reason here, and is refused
// after one request: nothing is guessed, nothing is tried again.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { AppError, ConfigurationError, createExecutor } from '../../src/index.ts'
import { listenOnLoopback, sendJson } from '../support/loopback.ts'
import {
  HELD,
  type MatrixServer,
  METHODS,
  type Method,
  SECRET,
  SERVERS,
  type ServerName,
  samlFor,
  USER,
} from './servers.ts'

type Keys = Record<string, unknown>

const PASSWORD = { grant: 'password', ...USER }

const GRANTS = {
  client_credentials: {},
  password: PASSWORD,
  /** Twice: the second token comes by the refresh token of the first. */
  refresh_token: PASSWORD,
  jwt_bearer: { grant: 'jwt_bearer', assertion: { key: { env: 'KEY' }, claims: { iss: 'ada', sub: 'ada' } } },
  /** Which something else has signed. */
  saml2_bearer: { grant: 'saml2_bearer', assertion: { env: 'SAML' } },
  token_exchange: {
    grant: 'token_exchange',
    subjectToken: { env: 'SUBJECT' },
    subjectTokenType: 'urn:ietf:params:oauth:token-type:access_token',
  },
} satisfies Record<string, Keys>
type Grant = keyof typeof GRANTS

/** Why a server does not serve a grant, or a method. Everything that is not named works. */
const NOT_SERVED: Record<ServerName, Partial<Record<Grant | Method, string>>> = {
  'oidc-provider': {
    token_exchange: 'the package has no such grant',
  },
  '@node-oauth/oauth2-server': {
    jwt_bearer: 'the package has no such grant',
    saml2_bearer: 'the package has no such grant',
    token_exchange: 'the package has no such grant',
    client_secret_jwt: 'the package reads secrets only, from Basic or the body',
    private_key_jwt: 'the package reads secrets only, from Basic or the body',
    tls_client_auth: 'the package knows no certificates',
    self_signed_tls_client_auth: 'the package knows no certificates',
    none: 'the package wants a secret for each grant unless its settings say otherwise',
  },
  '@jmondi/oauth2-server': {
    jwt_bearer: 'the package has no such grant',
    saml2_bearer: 'the package has no such grant',
    client_secret_jwt: 'the package reads secrets only, from Basic or the body',
    private_key_jwt: 'the package reads secrets only, from Basic or the body',
    tls_client_auth: 'the package knows no certificates',
    self_signed_tls_client_auth: 'the package knows no certificates',
  },
  'oauth2-mock-server': {
    saml2_bearer: 'the package has no such grant',
    token_exchange: 'the package has no such grant',
  },
  'better-auth': {
    password: 'the package has no such grant',
    refresh_token: 'the package has no grant without a browser that brings one: see below',
    jwt_bearer: 'the package has no such grant',
    saml2_bearer: 'the package has no such grant',
    token_exchange: 'the package has no such grant',
    client_secret_jwt: 'the package reads secrets, and assertions of keys',
    tls_client_auth: 'the package knows no certificates',
    self_signed_tls_client_auth: 'the package knows no certificates',
  },
}

/** Refused by `validate`: RFC 6749 section 4.4 wants a client that authenticates. */
const NOT_VALID: Record<string, string> = { 'none client_credentials': 'oauth/public-client' }

const CLIENT_KEYS: Record<Method, Keys> = {
  client_secret_basic: { clientSecret: SECRET },
  client_secret_post: { clientSecret: SECRET },
  client_secret_jwt: { clientSecret: SECRET },
  private_key_jwt: { clientAssertion: { key: { env: 'KEY' } } },
  tls_client_auth: {},
  self_signed_tls_client_auth: {},
  none: {},
}

const folder = mkdtempSync(join(tmpdir(), 'bearerd-matrix-'))
const started = {} as Record<ServerName, MatrixServer>
const executors: AsyncDisposable[] = []

test.before(async () => {
  writeFileSync(join(folder, 'ca.pem'), HELD.authority)
  for (const method of ['tls_client_auth', 'self_signed_tls_client_auth'] as const) {
    writeFileSync(join(folder, `${method}.crt`), HELD[method].certificate)
    writeFileSync(join(folder, `${method}.key`), HELD[method].key)
  }
  for (const [name, start] of Object.entries(SERVERS)) started[name as ServerName] = await start()
})

test.after.each(async () => {
  for (const executor of executors.splice(0)) await executor[Symbol.asyncDispose]()
})

test.after(async () => {
  for (const server of Object.values(started)) await server.close()
  rmSync(folder, { recursive: true })
})

function tlsOf(server: MatrixServer, method: Method): Keys {
  const certificate = method.includes('tls') && { certFile: `${method}.crt`, keyFile: `${method}.key` }
  const authority = server.tokenUrl.startsWith('https:') && { caFile: 'ca.pem' }
  return certificate || authority ? { tls: { ...authority, ...certificate } } : {}
}

async function load(server: MatrixServer, method: Method, keys: Keys, held: Record<string, string> = {}) {
  const account = {
    accessTokenUri: server.tokenUrl,
    clientId: `client-${method}`,
    clientAuthMethod: method,
    scope: keys.grant === 'password' && server === started['oidc-provider'] ? 'offline_access' : [],
    timeout: '60s',
    ...CLIENT_KEYS[method],
    ...tlsOf(server, method),
    ...keys,
  }
  const services = { s: { account, serverUrl: 'https://api.example' } }
  writeFileSync(join(folder, 'services.yaml'), JSON.stringify({ version: 1, services }))
  const environment = { KEY: HELD.key, SUBJECT: 'fake-subject-token', SAML: samlFor(server.tokenUrl), ...held }
  const executor = createExecutor({ directory: folder, environment })
  executors.push(executor)
  await executor.load('services.yaml')
  return executor
}

/** A failure is a value here: the test runner ends without a word at an error of ours. */
async function settled<T>(promise: Promise<T>): Promise<T | Error> {
  return promise.catch((error: Error) => error)
}

async function twentyCallers(executor: Awaited<ReturnType<typeof load>>): Promise<string> {
  const all = await settled(Promise.all(Array.from({ length: 20 }, () => executor.authorize('s'))))
  if (all instanceof Error) return assert.unreachable(all.message) as never
  const bearers = new Set(all.map(({ headers }) => headers.Authorization!.slice('Bearer '.length)))
  assert.is(bearers.size, 1)
  return [...bearers][0]!
}

async function works(server: MatrixServer, method: Method, grant: Grant): Promise<void> {
  const executor = await load(server, method, GRANTS[grant])
  const before = server.statuses().length
  const first = await twentyCallers(executor)
  assert.ok(await server.issued(first), 'the server knows it')
  const expected = [200]
  if (grant === 'refresh_token') {
    executor.forget('s')
    const second = await twentyCallers(executor)
    assert.is.not(second, first)
    assert.ok(await server.issued(second), 'the server knows the second one')
    expected.push(200)
  }
  assert.equal(server.statuses().slice(before), expected)
}

async function refused(server: MatrixServer, method: Method, grant: Grant): Promise<void> {
  const executor = await load(server, method, GRANTS[grant])
  const before = server.statuses().length
  const error = await settled(executor.authorize('s'))
  assert.instance(error, AppError, inspect(error))
  assert.is((error as AppError).code, 'token_refused', (error as AppError).message)
  const statuses = server.statuses().slice(before)
  assert.is(statuses.length, 1)
  assert.ok(statuses[0]! >= 400 && statuses[0]! < 500, String(statuses[0]))
}

for (const name of Object.keys(SERVERS) as ServerName[]) {
  for (const method of METHODS) {
    for (const grant of Object.keys(GRANTS) as Grant[]) {
      const invalid = NOT_VALID[`${method} ${grant}`]
      const reason = NOT_SERVED[name][grant] ?? NOT_SERVED[name][method]
      if (invalid) {
        test(`${name}, ${method}, ${grant}: ${invalid}`, async () => {
          const error = await settled(load(started[name], method, GRANTS[grant]))
          assert.instance(error, ConfigurationError)
          assert.ok((error as ConfigurationError).diagnostics.some(({ code }) => code === invalid))
        })
      } else if (reason) {
        test(`${name}, ${method}, ${grant}: refused after one request (${reason})`, () =>
          refused(started[name], method, grant))
      } else {
        test(`${name}, ${method}, ${grant}: one request for twenty callers`, () => works(started[name], method, grant))
      }
    }
  }
}

for (const method of METHODS.filter(name => name.startsWith('client_secret'))) {
  for (const name of ['oidc-provider', '@node-oauth/oauth2-server', '@jmondi/oauth2-server'] as const) {
    test(`${name}, ${method} with a wrong secret: one request, then a pause`, async () => {
      const server = started[name]
      const executor = await load(server, method, { clientSecret: `${SECRET}-wrong` })
      const before = server.statuses().length
      for (let call = 0; call < 5; call++) {
        const error = await settled(executor.authorize('s'))
        assert.is((error as AppError).code, 'token_refused', inspect(error))
        assert.not.match(inspect(error, { depth: 10 }), SECRET)
      }
      assert.is(server.statuses().length - before, 1)
    })
  }
}

for (const method of ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'] as const) {
  test(`better-auth, ${method}: the code of a person's login buys the first token, each refresh token the next one`, async () => {
    const server = started['better-auth']
    const params = await server.logIn!(`client-${method}`)
    const executor = await load(server, method, {
      grant: 'custom',
      tokenRequest: { grantType: 'authorization_code', params },
    })
    const before = server.statuses().length
    const tokens = new Set<string>()
    for (let round = 0; round < 3; round++) {
      const token = await twentyCallers(executor)
      assert.ok(await server.issued(token), 'the server knows it')
      tokens.add(token)
      executor.forget('s')
    }
    assert.is(tokens.size, 3)
    assert.equal(server.statuses().slice(before), [200, 200, 200])
  })
}

for (const method of ['client_secret_basic', 'private_key_jwt'] as const) {
  test(`better-auth, ${method}, with DPoP: a token that is bound to the key, after one request`, async () => {
    const server = started['better-auth']
    const executor = await load(server, method, { dpop: true })
    const before = server.statuses().length
    const request = { method: 'GET', url: 'https://api.example/x' }
    const { headers } = await executor.authorize('s', { request })
    assert.match(headers.Authorization ?? '', /^DPoP /)
    assert.match(headers.DPoP ?? '', /^eyJ/)
    assert.ok(await server.issued(headers.Authorization!.slice('DPoP '.length)), 'the server knows it')
    assert.equal(server.statuses().slice(before), [200])
  })
}

const signed = (keys: Keys) => ({ ...GRANTS.jwt_bearer, assertion: { ...GRANTS.jwt_bearer.assertion, ...keys } })

for (const [name, keys, saml] of [
  ['a JWT for another audience', signed({ audience: 'https://other.example' })],
  ['a JWT by another issuer', signed({ claims: { iss: 'eve', sub: 'ada' } })],
  ['a JWT about a stranger', signed({ claims: { iss: 'ada', sub: 'eve' } })],
  ['a JWT that lives for two hours', signed({ lifetime: '2h' })],
  ['SAML for another server', GRANTS.saml2_bearer, (url: string) => samlFor(url.replace('127.0.0.1', 'other.example'))],
  ['SAML that was changed', GRANTS.saml2_bearer, (url: string) => samlFor(url).replace('>ada<', '>eve<')],
  ['SAML that has ended', GRANTS.saml2_bearer, (url: string) => samlFor(url, -1)],
  [
    'SAML without a signature',
    GRANTS.saml2_bearer,
    (url: string) => samlFor(url).replace(/<Signature.*Signature>/s, ''),
  ],
] as [string, Keys, ((url: string) => string)?][]) {
  test(`oidc-provider, ${name}: invalid_grant after one request, and nothing of it is told`, async () => {
    const server = started['oidc-provider']
    const executor = await load(server, 'client_secret_basic', keys, saml && { SAML: saml(server.tokenUrl) })
    const before = server.statuses().length
    const error = await settled(executor.authorize('s'))
    assert.instance(error, AppError, inspect(error))
    assert.is((error as AppError).details.oauthError, 'invalid_grant')
    assert.not.match(inspect(error, { depth: 10 }), /eyJ|PEFzc2VydGlvbi|<Assertion/)
    assert.equal(server.statuses().slice(before), [400])
  })
}

test('oidc-provider, a signed JWT: a new one for each request; SAML that is read: refused when it is used again', async () => {
  const server = started['oidc-provider']
  const codes: (string | undefined)[] = []
  for (const keys of [GRANTS.jwt_bearer, GRANTS.saml2_bearer]) {
    const executor = await load(server, 'client_secret_basic', keys)
    await twentyCallers(executor)
    executor.forget('s')
    const again = await settled(executor.authorize('s'))
    codes.push(again instanceof AppError ? again.details.oauthError : 'none')
  }
  assert.equal(codes, ['none', 'invalid_grant'])
})

test('mtls_endpoint_aliases: a client with a certificate asks there, and nowhere else', async () => {
  const server = started['oidc-provider']
  const plain: string[] = []
  const metadata = await listenOnLoopback((request, response) => {
    const issuer = `http://${request.headers.host}`
    if (request.url === '/token') plain.push(request.url)
    const mtls_endpoint_aliases = { token_endpoint: server.tokenUrl }
    sendJson(response, 200, { issuer, token_endpoint: `${issuer}/token`, mtls_endpoint_aliases })
  })
  try {
    const where = { accessTokenUri: undefined, issuer: metadata.url, tls: tlsOf(server, 'tls_client_auth').tls }
    const executor = await load(server, 'tls_client_auth', where)
    const before = server.statuses().length
    assert.ok(await server.issued(await twentyCallers(executor)))
    assert.equal(server.statuses().slice(before), [200])
    assert.equal(plain, [])
  } finally {
    await metadata.close()
  }
})

test.run()
