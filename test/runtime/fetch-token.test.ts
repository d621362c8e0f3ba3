// Refresh tokens: when one is used instead of the grant, how it is replaced, and what happens when it is refused or lost.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { AppError } from '../../src/base/error.ts'
import { Secret } from '../../src/base/secret.ts'
import type { TokenRequest as Wire } from '../../src/compile/plan.ts'
import { createDiscovery } from '../../src/runtime/authorization-server/discovery.ts'
import { createProvers } from '../../src/runtime/authorization-server/dpop.ts'
import { tokenEndpoint } from '../../src/runtime/authorization-server/token-endpoint.ts'
import { createSecretStore } from '../../src/runtime/secrets/secret-store.ts'
import { createMemoryStore } from '../../src/runtime/state/memory-store.ts'
import { fetchToken, type TokenHistory } from '../../src/runtime/tokens/fetch-token.ts'
import { createTokenPool } from '../../src/runtime/tokens/token-pool.ts'
import { compileAccount } from '../compile/compiled.ts'
import { fakeClock } from '../support/fake-clock.ts'
import * as hostile from '../support/hostile-token-endpoint.ts'
import { OAUTH2_CLIENT, OAUTH2_USER, startOAuth2Server } from '../support/oauth2-server.ts'
import { OIDC_BASIC_CLIENT, OIDC_USER, startOidcServer } from '../support/oidc-server.ts'

const opened: { close(): Promise<void> }[] = []
test.after.each(async () => {
  await Promise.all(opened.splice(0).map(server => server.close()))
})

function opening<T extends { close(): Promise<void> }>(server: T): T {
  opened.push(server)
  return server
}

const ADA = { grant: 'password', username: 'ada', password: 'fake-password' }
const silent = () => {}

/** An account whose tokens are fetched one after the other. */
function account(url: string, keys: Record<string, unknown> = {}) {
  const plan = compileAccount({ accessTokenUri: url, clientSecret: 'fake-secret', ...ADA, ...keys })
  const clock = fakeClock()
  const logged: string[] = []
  const outcomes: string[] = []
  const log = { debug: silent, info: (_: object, message: string) => logged.push(message), warn: silent, error: silent }
  const secrets = createSecretStore({ environment: {}, accountBearer: () => Promise.reject(new Error('none')) })
  const tokens = createMemoryStore()
  const history: TokenHistory = {}
  const onTokenRequest = (_account: string, outcome: string) => outcomes.push(outcome)
  // A pause ends at once: what is asked here is what is sent.
  const instant = { ...clock, sleep: async () => {} }
  const pool = createTokenPool(clock)
  const discovery = createDiscovery({ tokenEndpoint, clock, log, random: () => 1 })
  const effects = {
    secrets,
    tokenEndpoint,
    discovery,
    pool,
    tokens,
    clock: instant,
    log,
    random: () => 1,
    provers: createProvers(clock),
    onTokenRequest,
  }
  const fetch = async () => {
    history.held = (await fetchToken(plan, effects, history)).bearer
    return history.held.reveal()
  }
  const values = { secret: (reference: { secret: unknown }) => reference.secret, uuid: () => '', now: () => '' }
  const kept = async () => (await tokens.refreshToken(plan.identify!(values as never).family))?.reveal()
  const keep = (token: string) => tokens.keep(plan.identify!(values as never).family, new Secret(token))
  return { fetch, kept, keep, logged, outcomes, plan }
}

type Answers = (form: Record<string, string>, index: number) => hostile.Answer | Promise<hostile.Answer>

/** What was sent, as forms, without what is the same in each. */
async function endpointOf(answers: Answers) {
  const forms: Record<string, string>[] = []
  const authorizations: (string | undefined)[] = []
  const server = opening(
    await hostile.startTokenEndpoint(({ body, headers }, index) => {
      const form = Object.fromEntries(new URLSearchParams(body))
      forms.push(form)
      authorizations.push(headers.authorization)
      return answers(form, index)
    }),
  )
  const grants = () => forms.map(form => form.grant_type)
  return { url: server.url, forms, grants, authorizations }
}

const refused = (error: string) => hostile.json(400, { error })
async function failure(promise: Promise<unknown>): Promise<AppError> {
  const error = await promise.then(
    () => assert.unreachable('expected a rejection'),
    thrown => thrown,
  )
  return error as AppError
}

test('case 15: the second token comes by the refresh token, with the same client authentication, without user and scope', async () => {
  const endpoint = await endpointOf((_form, index) => hostile.token(`t${index}`, { refresh_token: `r${index}` }))
  const { fetch, kept } = account(endpoint.url)
  assert.is(await fetch(), 't0')
  assert.is(await fetch(), 't1')
  assert.is(await fetch(), 't2')
  assert.equal(endpoint.forms[0], { grant_type: 'password', scope: 'read', username: 'ada', password: 'fake-password' })
  assert.equal(endpoint.forms[1], { grant_type: 'refresh_token', refresh_token: 'r0' })
  assert.equal(endpoint.forms[2], { grant_type: 'refresh_token', refresh_token: 'r1' }, 'rotated')
  assert.is(new Set(endpoint.authorizations).size, 1)
  assert.match(endpoint.authorizations[0]!, /^Basic /)
  assert.is(await kept(), 'r2')
})

test('case 16: an answer without a refresh token keeps the old one', async () => {
  const endpoint = await endpointOf((_form, index) =>
    hostile.token(`t${index}`, index === 0 ? { refresh_token: 'r0' } : {}),
  )
  const { fetch } = account(endpoint.url)
  await fetch()
  await fetch()
  await fetch()
  assert.equal(
    endpoint.forms.slice(1).map(form => form.refresh_token),
    ['r0', 'r0'],
  )
})

test('case 17: invalid_grant gives the refresh token up, and the grant runs once in the same call', async () => {
  const endpoint = await endpointOf((form, index) =>
    form.grant_type === 'refresh_token'
      ? refused('invalid_grant')
      : hostile.token(`t${index}`, { refresh_token: `r${index}` }),
  )
  const { fetch, kept, logged, outcomes } = account(endpoint.url)
  await fetch()
  assert.is(await fetch(), 't2')
  assert.equal(endpoint.grants(), ['password', 'refresh_token', 'password'])
  assert.is(await kept(), 'r2', 'the new family counts')
  assert.equal(outcomes, ['success', 'failure', 'success'])
  assert.match(logged.join(), 'refresh token given up')
})

test('refused here because another process replaced it: its token is tried before the grant', async () => {
  const endpoint = await endpointOf(async ({ refresh_token: spent }) => {
    if (spent !== 'r0') return hostile.token('t', { refresh_token: spent ? 'next' : 'r0' })
    await it.keep('theirs')
    return refused('invalid_grant')
  })
  const it = account(endpoint.url)
  await it.fetch()
  await it.fetch()
  assert.equal(
    endpoint.forms.map(form => form.refresh_token),
    [undefined, 'r0', 'theirs'],
  )
  assert.is(await it.kept(), 'next')
})

test('invalid_grant for both: one request each, and no refresh token is left', async () => {
  const endpoint = await endpointOf((_form, index) =>
    index === 0 ? hostile.token('t', { refresh_token: 'r' }) : refused('invalid_grant'),
  )
  const { fetch, kept } = account(endpoint.url)
  await fetch()
  assert.is((await failure(fetch())).details.oauthError, 'invalid_grant')
  assert.equal(endpoint.grants(), ['password', 'refresh_token', 'password'])
  assert.is(await kept(), undefined)
})

for (const error of ['invalid_client', 'invalid_scope', 'server_error']) {
  test(`${error} is no reason to give the refresh token up, nor to send the password again`, async () => {
    const endpoint = await endpointOf((_form, index) =>
      index === 0 ? hostile.token('t', { refresh_token: 'r' }) : refused(error),
    )
    const { fetch, kept } = account(endpoint.url)
    await fetch()
    assert.is((await failure(fetch())).details.oauthError, error)
    assert.equal(endpoint.grants(), ['password', 'refresh_token'])
    assert.is(await kept(), 'r')
  })
}

test('a client that may not refresh: the grant at once, and from then on without trying', async () => {
  const endpoint = await endpointOf((form, index) =>
    form.grant_type === 'refresh_token'
      ? refused('unauthorized_client')
      : hostile.token(`t${index}`, { refresh_token: 'r' }),
  )
  const { fetch } = account(endpoint.url)
  for (let time = 0; time < 3; time++) await fetch()
  assert.equal(endpoint.grants(), ['password', 'refresh_token', 'password', 'password'])
})

/** Of this client, unsigned: no issuer is known here. */
function idToken(index: number): string {
  const claims = { iss: 'https://id.example', aud: 'app', exp: 4_000_000_000, index }
  return [{ alg: 'RS256' }, claims, {}].map(part => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
}

test('a refresh that brings no ID token: the grant in the same call, and from then on (OpenID Connect Core 12.2)', async () => {
  const endpoint = await endpointOf((form, index) =>
    hostile.token('access', {
      refresh_token: 'r',
      ...(form.grant_type === 'password' && { id_token: idToken(index) }),
    }),
  )
  const { fetch } = account(endpoint.url, { bearerTokenType: 'id_token' })
  assert.is(await fetch(), idToken(0))
  assert.is(await fetch(), idToken(2))
  assert.is(await fetch(), idToken(3))
  assert.equal(endpoint.grants(), ['password', 'refresh_token', 'password', 'password'])
})

test('a refresh whose answer was lost is repeated once with the same token, then the error is told and the token kept', async () => {
  const endpoint = await endpointOf((_form, index) =>
    index === 0 ? hostile.token('t', { refresh_token: 'r' }) : index < 3 ? hostile.reset() : hostile.token('late'),
  )
  const { fetch, kept } = account(endpoint.url)
  await fetch()
  assert.is((await failure(fetch())).code, 'token_unreachable')
  assert.equal(
    endpoint.forms.slice(1).map(form => form.refresh_token),
    ['r', 'r'],
  )
  assert.is(await kept(), 'r')
  assert.is(await fetch(), 'late')
})

test('lost, and used up when it is repeated: the grant', async () => {
  const endpoint = await endpointOf((form, index) => {
    if (form.grant_type === 'password') return hostile.token(`t${index}`, { refresh_token: `r${index}` })
    return index === 1 ? hostile.cut() : refused('invalid_grant')
  })
  const { fetch } = account(endpoint.url)
  await fetch()
  assert.is(await fetch(), 't3')
  assert.equal(endpoint.grants(), ['password', 'refresh_token', 'refresh_token', 'password'])
})

test('503 was no answer to the refresh: repeated like every other request', async () => {
  const endpoint = await endpointOf((_form, index) =>
    index === 0
      ? hostile.token('t', { refresh_token: 'r' })
      : index < 4
        ? hostile.text(503, '')
        : hostile.token('late'),
  )
  const { fetch } = account(endpoint.url)
  await fetch()
  assert.is(await fetch(), 'late')
  assert.is(endpoint.forms.length, 5)
})

for (const [name, keys] of [
  [
    'client_credentials ignores a refresh token (RFC 6749 section 4.4.3)',
    { grant: 'client_credentials', username: undefined, password: undefined },
  ],
  ['refresh: never', { refresh: 'never' }],
] as const) {
  test(`${name}: the grant each time`, async () => {
    const endpoint = await endpointOf((_form, index) => hostile.token(`t${index}`, { refresh_token: 'r' }))
    const { fetch, kept } = account(endpoint.url, keys)
    await fetch()
    await fetch()
    assert.is(new Set(endpoint.grants()).size, 1)
    assert.is(endpoint.grants()[0], keys.grant ?? 'password')
    assert.is(await kept(), undefined)
  })
}

const SEEDED = { grant: 'refresh_token', username: undefined, password: undefined, refreshToken: 'seed' }

test('grant refresh_token: the configured one is sent once, then the one that came last', async () => {
  const endpoint = await endpointOf((_form, index) => hostile.token(`t${index}`, { refresh_token: `r${index}` }))
  const { fetch } = account(endpoint.url, SEEDED)
  for (let time = 0; time < 3; time++) await fetch()
  assert.equal(
    endpoint.forms.map(form => form.refresh_token),
    ['seed', 'r0', 'r1'],
  )
})

test('grant refresh_token: the one that came last is refused, so the configured one is tried once more, and no other', async () => {
  const endpoint = await endpointOf((_form, index) =>
    index === 0 ? hostile.token('t', { refresh_token: 'r' }) : refused('invalid_grant'),
  )
  const { fetch } = account(endpoint.url, SEEDED)
  await fetch()
  assert.is((await failure(fetch())).details.oauthError, 'invalid_grant')
  assert.equal(
    endpoint.forms.map(form => form.refresh_token),
    ['seed', 'r', 'seed'],
  )
})

test('grant refresh_token without rotation: the configured one each time', async () => {
  const endpoint = await endpointOf((_form, index) => hostile.token(`t${index}`))
  const { fetch } = account(endpoint.url, SEEDED)
  for (let time = 0; time < 3; time++) await fetch()
  assert.equal([...new Set(endpoint.forms.map(form => form.refresh_token))], ['seed'])
})

test('a public client refreshes with its client_id in the body', async () => {
  const endpoint = await endpointOf(() => hostile.token('t', { refresh_token: 'r' }))
  const { fetch } = account(endpoint.url, { clientAuthMethod: 'none', clientSecret: undefined, clientId: 'app' })
  await fetch()
  await fetch()
  assert.equal(endpoint.forms[1], { grant_type: 'refresh_token', refresh_token: 'r', client_id: 'app' })
  assert.is(endpoint.authorizations[1], undefined)
})

const LOGIN = {
  ...{ grant: 'login', username: undefined, password: undefined, clientSecret: undefined, clientId: undefined },
  ...{ clientAuthMethod: 'none', scope: [] },
}

test('refresh of its own: the access token is what the next one is asked for with (Salesmsg)', async () => {
  const endpoint = await endpointOf((_form, index) => hostile.token(`t${index}`))
  const refresh = { headers: { Authorization: 'Bearer {{refreshToken}}' }, token: '/access_token' }
  const { fetch, kept } = account(endpoint.url, { ...LOGIN, refresh })
  for (let time = 0; time < 3; time++) await fetch()
  assert.equal(endpoint.authorizations, [undefined, 'Bearer t0', 'Bearer t1'])
  assert.is(await kept(), 't2')
})

test('refresh of its own: a refusal in words of its own gives the token up, and the next refresh is tried again', async () => {
  const endpoint = await endpointOf((_form, index) =>
    index === 1 ? hostile.json(401, { message: 'Token expired' }) : hostile.token(`t${index}`),
  )
  const refresh = { headers: { Authorization: 'Bearer {{refreshToken}}' }, token: '/access_token' }
  const { fetch } = account(endpoint.url, { ...LOGIN, refresh })
  for (let time = 0; time < 3; time++) await fetch()
  assert.equal(endpoint.authorizations, [undefined, 'Bearer t0', undefined, 'Bearer t2'])
})

test('refresh of its own: 503 and invalid_client are no refusals of the token', async () => {
  const endpoint = await endpointOf((_form, index) =>
    index === 0
      ? hostile.token('t', { refresh_token: 'r' })
      : index === 1
        ? hostile.json(503, {})
        : refused('invalid_client'),
  )
  const { fetch, kept } = account(endpoint.url, { refresh: { params: { request: 'token' } } })
  await fetch()
  assert.is((await failure(fetch())).details.oauthError, 'invalid_client')
  assert.equal(endpoint.grants(), ['password', 'refresh_token', 'refresh_token'])
  assert.is(await kept(), 'r')
})

test('refresh of its own that needs the bearer: without one the grant runs, and the refresh token stays', async () => {
  const endpoint = await endpointOf((_form, index) => hostile.token(`t${index}`))
  const { fetch, keep, kept } = account(endpoint.url, {
    refresh: { params: { old: '{{bearer}}', r: '{{refreshToken}}' } },
  })
  await keep('r')
  await fetch()
  await fetch()
  assert.equal(
    endpoint.forms.map(({ grant_type, old, r }) => [grant_type, old, r]),
    [
      ['password', undefined, undefined],
      [undefined, 't0', 'r'],
    ],
  )
  assert.is(await kept(), 'r')
})

test('refresh of its own: client_credentials too, when it is written', async () => {
  const endpoint = await endpointOf((_form, index) => hostile.token(`t${index}`, { refresh_token: 'r' }))
  const client = { grant: 'client_credentials', username: undefined, password: undefined }
  const { fetch } = account(endpoint.url, { ...client, refresh: {} })
  await fetch()
  await fetch()
  assert.equal(endpoint.grants(), ['client_credentials', 'refresh_token'])
})

test('what a refresh request holds is stripped from what is said about it', async () => {
  const token = 'fake refresh+token/=='
  const { plan } = account('https://id.example/token')
  const values = { secret: (reference: { secret: unknown }) => reference.secret, uuid: () => '', now: () => '' }
  const request: Wire = await plan.buildRefresh!(values as never, { refreshToken: new Secret(token) })
  const known = request.secrets.map(secret => secret.reveal())
  for (const form of [token, encodeURIComponent(token)]) assert.ok(known.includes(form), form)
})

for (const [name, bad] of Object.entries({ empty: '', number: 7, 'line break': 'a\r\nb', null: null })) {
  test(`a refresh token that is none (${name}) is as good as not there`, async () => {
    const endpoint = await endpointOf(() => hostile.token('t', { refresh_token: bad }))
    const { fetch, kept } = account(endpoint.url)
    await fetch()
    await fetch()
    assert.equal(endpoint.grants(), ['password', 'password'])
    assert.is(await kept(), undefined)
  })
}

for (const rotate of [true, false]) {
  test(`@node-oauth/oauth2-server, ${rotate ? 'with' : 'without'} rotation: login once, then refreshes`, async () => {
    const server = opening(await startOAuth2Server({ rotateRefreshTokens: rotate }))
    const user = { username: OAUTH2_USER.username, password: OAUTH2_USER.password }
    const { fetch } = account(server.tokenUrl, {
      clientId: OAUTH2_CLIENT.id,
      clientSecret: OAUTH2_CLIENT.secret,
      ...user,
    })
    const bearers = new Set<string>()
    for (let time = 0; time < 4; time++) {
      const bearer = await fetch()
      assert.ok(await server.isActive(bearer))
      bearers.add(bearer)
    }
    assert.is(bearers.size, 4)
    const grants = server.requests.map(({ body }) => new URLSearchParams(body).get('grant_type'))
    assert.equal(grants, ['password', 'refresh_token', 'refresh_token', 'refresh_token'])
    server.revokeAll({ refreshTokens: true })
    assert.ok(await server.isActive(await fetch()), 'the family is gone: login in the same call')
    assert.is(server.requests.length, 6)
  })
}

for (const rotate of [true, false]) {
  test(`oidc-provider, ${rotate ? 'with' : 'without'} rotation, the ID token as bearer`, async () => {
    const server = opening(await startOidcServer({ rotateRefreshTokens: rotate }))
    const { fetch } = account(server.tokenUrl, {
      clientId: OIDC_BASIC_CLIENT.client_id,
      clientSecret: OIDC_BASIC_CLIENT.client_secret,
      username: OIDC_USER.username,
      password: OIDC_USER.password,
      scope: 'openid offline_access',
      bearerTokenType: 'id_token',
    })
    for (let time = 0; time < 3; time++) assert.is((await fetch()).split('.').length, 3)
    const grants = server.requests.map(({ body }) => new URLSearchParams(body).get('grant_type'))
    assert.equal(grants, ['password', 'refresh_token', 'refresh_token'])
  })
}

test.run()
