// Twenty things that token endpoints do, each from a configuration to the request that the service gets: what is sent, what
// is understood, and how many token requests that takes.
import { inspect } from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { percentEncode } from '../../src/compile/token/client-auth.ts'
import { AppError, type Executor } from '../../src/index.ts'
import { fakeClock } from '../support/fake-clock.ts'
import * as endpoint from '../support/hostile-token-endpoint.ts'
import { type OAuth2ServerOptions, startOAuth2Server } from '../support/oauth2-server.ts'
import { OIDC_BASIC_CLIENT, OIDC_POST_CLIENT, OIDC_USER, startOidcServer } from '../support/oidc-server.ts'
import { type Echo, startProtectedApi } from '../support/protected-api.ts'
import { createRunning, whileTimePasses } from '../support/running.ts'

const running = createRunning()
const { open, execute } = running
test.after.each(running.close)

/** Every kind of character that one of the encodings changes. */
const SECRET = 'a+b c%&=é:'
const ELSEWHERE = 'https://orders.example'

const account = (accessTokenUri: string, keys: object = {}) => ({
  accessTokenUri,
  clientId: 'app',
  clientSecret: 'fake-secret',
  scope: [],
  ...keys,
})

const oneService = (keys: object, serverUrl = ELSEWHERE) => ({ services: { s: { account: keys, serverUrl } } })

function startEndpoint(handler: endpoint.TokenEndpoint) {
  return open(endpoint.startTokenEndpoint(handler))
}

/** A failure as a plain error: the test runner ends without a word at one of ours. */
async function authorize(executor: Executor) {
  return executor.authorize('s').catch(error => assert.unreachable(error.message) as never)
}

async function authorizationOf(executor: Executor): Promise<string | undefined> {
  return (await authorize(executor)).headers.Authorization
}

async function refusal(promise: Promise<unknown>): Promise<AppError> {
  const error = await promise.then(
    value => value,
    thrown => thrown,
  )
  assert.instance(error, AppError, inspect(error))
  return error as AppError
}

async function remainingMs(executor: Executor, nowMs: number): Promise<number> {
  return Date.parse((await authorize(executor)).expiresAt ?? '') - nowMs
}

test('case-1: Basic is form-encoded before base64, and a server that decodes it as RFC 6749 says knows the client', async () => {
  const seen = await startEndpoint(({ headers }) => {
    const [id, secret] = Buffer.from(headers.authorization!.slice('Basic '.length), 'base64').toString().split(':')
    const decoded = new URLSearchParams(`${id}=${secret}`).get('my app')
    return decoded === SECRET ? endpoint.token('known') : endpoint.json(401, { error: 'invalid_client' })
  })
  const executor = await execute(oneService(account(seen.url, { clientId: 'my app', clientSecret: SECRET })))
  assert.is(await authorizationOf(executor), 'Bearer known')
  assert.is(seen.requests.length, 1)
  const sent = Buffer.from(seen.requests[0]!.headers.authorization!.slice('Basic '.length), 'base64').toString()
  assert.is(sent, 'my+app:a%2Bb+c%25%26%3D%C3%A9%3A')

  const oidc = await open(startOidcServer())
  const { client_id, client_secret } = OIDC_BASIC_CLIENT
  const real = await execute(
    oneService(account(oidc.tokenUrl, { clientId: client_id, clientSecret: client_secret, scope: ['read'] })),
  )
  const bearer = await authorizationOf(real)
  assert.ok(await oidc.check(bearer!.slice('Bearer '.length)))
  assert.is(oidc.requests.length, 1)
})

test('case-2: basicEncoding raw for a server that does not decode Basic', async () => {
  const seen = await startEndpoint(({ headers }) => {
    const known = headers.authorization === `Basic ${Buffer.from(`app:${SECRET}`).toString('base64')}`
    return known ? endpoint.token('known') : endpoint.json(401, { error: 'invalid_client' })
  })
  const beyondAscii = await execute(oneService(account(seen.url, { clientSecret: SECRET, basicEncoding: 'raw' })))
  assert.is(await authorizationOf(beyondAscii), 'Bearer known')
  assert.is(seen.requests.length, 1)

  // The package refuses what RFC 6749 appendix A.2 does not allow in a secret.
  const secret = SECRET.replace('é', '')
  const server = await open(startOAuth2Server({ clients: [{ id: 'app', secret, grants: ['client_credentials'] }] }))
  const raw = await execute(oneService(account(server.tokenUrl, { clientSecret: secret, basicEncoding: 'raw' })))
  const bearer = await authorizationOf(raw)
  assert.ok(await server.isActive(bearer!.slice('Bearer '.length)))
  assert.is(server.requests.length, 1)
  const form = await execute(oneService(account(server.tokenUrl, { clientSecret: secret })))
  assert.is((await refusal(form.authorize('s'))).details.oauthError, 'invalid_client')
  assert.is(server.requests.length, 2)
})

test('case-3: client_secret_post sends no Authorization header; the default method fails after one request', async () => {
  const server = await open(startOidcServer())
  const client = { clientId: OIDC_POST_CLIENT.client_id, clientSecret: OIDC_POST_CLIENT.client_secret }
  const post = await execute(
    oneService(account(server.tokenUrl, { ...client, clientAuthMethod: 'client_secret_post' })),
  )
  const bearer = await authorizationOf(post)
  assert.ok(await server.check(bearer!.slice('Bearer '.length)))
  assert.is(server.requests.length, 1)
  assert.is(server.requests[0]?.headers.authorization, undefined)

  const bodyOnly = await startEndpoint(({ body }) =>
    body.includes('client_secret=') ? endpoint.token('t') : endpoint.json(401, { error: 'invalid_client' }),
  )
  const byDefault = await execute(oneService(account(bodyOnly.url)))
  const error = await refusal(byDefault.authorize('s'))
  assert.is(error.code, 'token_refused')
  assert.is(error.details.oauthError, 'invalid_client')
  assert.is(bodyOnly.requests.length, 1)
  assert.is((await refusal(byDefault.authorize('s'))).details.oauthError, 'invalid_client')
  assert.is(bodyOnly.requests.length, 1, 'no guessing, and a pause before the next attempt')
})

test('case-4: scopes go separated by one blank; an empty list sends no scope', async () => {
  const server = await startEndpoint(() => endpoint.token('t'))
  await (await execute(oneService(account(server.url, { scope: 'read,write , admin' })))).authorize('s')
  await (await execute(oneService(account(server.url, { scope: [] })))).authorize('s')
  assert.equal(
    server.requests.map(({ body }) => body),
    ['grant_type=client_credentials&scope=read%20write%20admin', 'grant_type=client_credentials'],
  )
})

test('case-5: expires_in "300" is 300 seconds', async () => {
  const clock = fakeClock()
  const server = await startEndpoint(() => endpoint.token('t', { expires_in: '300' }))
  const executor = await execute(oneService(account(server.url)), { clock })
  assert.is(await remainingMs(executor, clock.nowMs()), 300_000)
  assert.is(server.requests.length, 1)
})

test('case-6: without expires_in the token lives its lifetime.default, and is renewed near its end', async () => {
  const clock = fakeClock()
  const server = await startEndpoint((_request, index) =>
    endpoint.json(200, { access_token: `t-${index}`, token_type: 'Bearer' }),
  )
  const executor = await execute(oneService(account(server.url, { lifetime: { default: '2m' } })), { clock })
  assert.is(await remainingMs(executor, clock.nowMs()), 120_000)
  for (let second = 0; second < 90; second += 10) {
    await clock.advance(10_000)
    assert.is(await authorizationOf(executor), 'Bearer t-0')
  }
  assert.is(server.requests.length, 1)
  await clock.advance(31_000)
  assert.is(await whileTimePasses(clock, authorizationOf(executor)), 'Bearer t-1')
  assert.is(server.requests.length, 2)
})

for (const [name, members] of Object.entries({
  zero: { expires_in: 0 },
  null: { expires_in: null },
  'a negative number': { expires_in: -1 },
  'a word': { expires_in: 'soon' },
})) {
  test(`case-7: expires_in ${name}: used, of unknown life, and no storm of requests`, async () => {
    const clock = fakeClock()
    const server = await startEndpoint(() => endpoint.token('t', members))
    const executor = await execute(oneService(account(server.url)), { clock })
    assert.is(await remainingMs(executor, clock.nowMs()), 300_000)
    for (let call = 0; call < 50; call++) assert.is(await authorizationOf(executor), 'Bearer t')
    assert.is(server.requests.length, 1)
  })
}

test('case-8: whatever the spelling of token_type, and without one: Bearer with capital B', async () => {
  for (const tokenType of [undefined, 'bearer', 'BEARER', 'Bearer']) {
    const server = await startEndpoint(() => endpoint.token('t', { token_type: tokenType }))
    const executor = await execute(oneService(account(server.url)))
    assert.is(await authorizationOf(executor), 'Bearer t')
    assert.is(server.requests.length, 1)
  }
})

test('case-9: a token at data.token is read by pointer; without one the error names what is missing, not the body', async () => {
  const answer = { data: { token: 'fake-nested-token' }, status: 'fake-status' }
  const server = await startEndpoint(() => endpoint.json(200, answer))
  const pointed = await execute(oneService(account(server.url, { tokenResponse: { token: '/data/token' } })))
  assert.is(await authorizationOf(pointed), 'Bearer fake-nested-token')
  assert.is(server.requests.length, 1)
  const plain = await execute(oneService(account(server.url)))
  const error = await refusal(plain.authorize('s'))
  assert.is(error.code, 'token_invalid_response')
  assert.match(error.message, /access_token/)
  assert.not.match(inspect(error, { depth: 10 }), /fake-/)
  assert.is(server.requests.length, 2)
})

test('case-10: 201 is a success', async () => {
  const server = await startEndpoint(() => endpoint.json(201, { access_token: 't', token_type: 'Bearer' }))
  const executor = await execute(oneService(account(server.url)))
  assert.is(await authorizationOf(executor), 'Bearer t')
  assert.is(server.requests.length, 1)
})

test('case-11: an error with 200 fails with its code, and nothing is kept', async () => {
  const clock = fakeClock()
  const server = await startEndpoint((_request, index) =>
    index === 0 ? endpoint.json(200, { access_token: 'bad', error: 'invalid_scope' }) : endpoint.token('good'),
  )
  const executor = await execute(oneService(account(server.url)), { clock })
  const error = await refusal(executor.authorize('s'))
  assert.is(error.code, 'token_refused')
  assert.is(error.details.oauthError, 'invalid_scope')
  assert.is(server.requests.length, 1)
  await clock.advance(15_000)
  assert.is(await authorizationOf(executor), 'Bearer good')
  assert.is(server.requests.length, 2)
})

for (const status of [301, 302, 303, 307, 308]) {
  test(`case-12: ${status} is not followed; the error names status and host`, async () => {
    const other = await startEndpoint(() => endpoint.token('stolen'))
    const server = await startEndpoint(() => endpoint.redirect(other.url, status))
    const executor = await execute(oneService(account(server.url)))
    const error = await refusal(executor.authorize('s'))
    assert.is(error.code, 'token_redirect')
    assert.match(error.message, `answers ${status} and redirects to ${new URL(other.url).host};`)
    assert.equal([server.requests.length, other.requests.length], [1, 0])
  })
}

test('case-13: 429 with Retry-After: 1: a second at least, then success with two requests in all', async () => {
  const clock = fakeClock()
  const server = await startEndpoint((_request, index) =>
    index === 0 ? endpoint.text(429, '', { 'Retry-After': '1' }) : endpoint.token('t'),
  )
  const executor = await execute(oneService(account(server.url)), { clock })
  const startMs = clock.monotonicMs()
  assert.is(await whileTimePasses(clock, authorizationOf(executor)), 'Bearer t')
  const waitedMs = clock.monotonicMs() - startMs
  assert.ok(waitedMs >= 1_000 && waitedMs < 2_000, `${waitedMs} ms`)
  assert.is(server.requests.length, 2)
})

test('case-14: 100 callers while a slow server issues the first token: one request', async () => {
  const held = Promise.withResolvers<void>()
  const server = await startEndpoint(async () => {
    await held.promise
    return endpoint.token('t')
  })
  const executor = await execute(oneService(account(server.url)))
  const callers = Array.from({ length: 100 }, () => authorizationOf(executor))
  held.resolve()
  assert.equal([...new Set(await Promise.all(callers))], ['Bearer t'])
  assert.is(server.requests.length, 1)
})

const PASSWORD = { grant: 'password', username: 'ada', password: 'fake password & é' }

/** A password account at a real server whose tokens live ten seconds. */
async function passwordAccount(options: OAuth2ServerOptions = {}) {
  const clock = fakeClock()
  const clients = [{ id: 'app', secret: 'fake-secret', grants: ['password', 'refresh_token'] }]
  const users = [{ username: PASSWORD.username, password: PASSWORD.password }]
  const server = await open(startOAuth2Server({ clients, users, accessTokenTtlSeconds: 10, ...options }))
  const executor = await execute(oneService(account(server.tokenUrl, PASSWORD)), { clock })
  const next = async () => {
    await clock.advance(11_000)
    const authorization = await whileTimePasses(clock, authorizationOf(executor))
    assert.ok(await server.isActive(authorization!.slice('Bearer '.length)))
  }
  return { server, next, forms: () => server.requests.map(({ body }) => new URLSearchParams(body)) }
}

test('case-15: a refresh token is used for the second token: same client, no user and no password', async () => {
  const { server, next, forms } = await passwordAccount()
  await next()
  await next()
  assert.is(server.requests.length, 2)
  assert.equal([...forms()[0]!.keys()], ['grant_type', 'username', 'password'])
  assert.equal([...forms()[1]!.keys()], ['grant_type', 'refresh_token'])
  assert.is(forms()[1]!.get('grant_type'), 'refresh_token')
  assert.is(server.requests[0]?.headers.authorization, `Basic ${btoa('app:fake-secret')}`)
  assert.is(server.requests[1]?.headers.authorization, server.requests[0]?.headers.authorization)
})

test('case-16: a refresh that brings no refresh token keeps the old one; one that brings a new one replaces it', async () => {
  for (const rotateRefreshTokens of [false, true]) {
    const { server, next, forms } = await passwordAccount({ rotateRefreshTokens })
    for (let call = 0; call < 4; call++) await next()
    assert.equal(
      forms().map(form => form.get('grant_type')),
      ['password', 'refresh_token', 'refresh_token', 'refresh_token'],
    )
    const used = new Set(forms().flatMap(form => form.get('refresh_token') ?? []))
    assert.is(used.size, rotateRefreshTokens ? 3 : 1)
    assert.equal([...new Set(server.requests.map(({ status }) => status))], [200])
  }
})

test('case-17: invalid_grant for a refresh: the grant runs once, in the same call', async () => {
  const { server, next, forms } = await passwordAccount()
  await next()
  server.revokeAll({ refreshTokens: true })
  await next()
  assert.equal(
    forms().map(form => form.get('grant_type')),
    ['password', 'refresh_token', 'password'],
  )
  assert.equal(
    server.requests.map(({ status }) => status),
    [200, 400, 200],
  )
})

test('case-18: 401 of the service: one new token, one repetition, the second answer', async () => {
  const auth = await open(startOAuth2Server())
  const api = await open(startProtectedApi({ check: auth.isActive }))
  const keys = account(auth.tokenUrl, { clientId: 'machine', clientSecret: 'fake-machine-secret' })
  const daemon = await running.serve(oneService(keys, api.url))
  const call = () => fetch(`${daemon.api}/v1/services/s/proxy/orders`, { method: 'POST', body: 'order' })
  assert.is((await call()).status, 200)
  auth.revokeAll()
  const reply = await call()
  assert.is(reply.status, 200)
  assert.is(((await reply.json()) as Echo).body, 'order')
  assert.equal(
    api.requests.map(({ accepted }) => accepted),
    [true, false, true],
  )
  assert.is(auth.requests.length, 2)
})

test('case-18: a service that refuses every token gets two requests, and the caller its answer', async () => {
  const auth = await open(startOAuth2Server())
  const api = await open(startProtectedApi({ check: async () => false }))
  const keys = account(auth.tokenUrl, { clientId: 'machine', clientSecret: 'fake-machine-secret' })
  const daemon = await running.serve(oneService(keys, api.url))
  assert.is((await fetch(`${daemon.api}/v1/services/s/proxy/orders`)).status, 401)
  assert.equal([auth.requests.length, api.count()], [2, 2])
})

test('case-19: one JSON object with the credentials and the audience', async () => {
  const server = await startEndpoint(() => endpoint.token('t'))
  const keys = {
    clientSecret: SECRET,
    clientAuthMethod: 'client_secret_post',
    audience: 'https://orders.example/',
    tokenRequest: { format: 'json' },
  }
  const executor = await execute(oneService(account(server.url, keys)))
  assert.is(await authorizationOf(executor), 'Bearer t')
  const [{ headers, body } = assert.unreachable('no request') as never] = server.requests
  assert.is(server.requests.length, 1)
  assert.is(headers['content-type'], 'application/json')
  assert.is(headers.authorization, undefined)
  assert.equal(JSON.parse(body), {
    grant_type: 'client_credentials',
    audience: 'https://orders.example/',
    client_id: 'app',
    client_secret: SECRET,
  })
})

test('case-20: without an ID token in the answer the access token is never injected', async () => {
  const server = await open(startOidcServer())
  const api = await open(startProtectedApi({ check: async () => true }))
  const keys = {
    clientId: OIDC_POST_CLIENT.client_id,
    clientSecret: OIDC_POST_CLIENT.client_secret,
    clientAuthMethod: 'client_secret_post',
    grant: 'password',
    username: OIDC_USER.username,
    password: OIDC_USER.password,
    bearerTokenType: 'id_token',
  }
  const daemon = await running.serve(oneService(account(server.tokenUrl, keys), api.url))
  const reply = await fetch(`${daemon.api}/v1/services/s/proxy/x`)
  assert.is(reply.status, 502)
  assert.match(((await reply.json()) as { detail: string }).detail, /no id_token/)
  assert.equal([server.requests.length, api.count()], [1, 0])
  assert.match(server.requests[0]!.body, `password=${percentEncode(OIDC_USER.password)}`)
})

test.run()
