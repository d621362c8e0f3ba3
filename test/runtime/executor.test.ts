// The library as a program uses it: load, authorize, client, watch, against real authorization servers and a real API.
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { inspect } from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { formEncode } from '../../src/compile/token/client-auth.ts'
import { AppError, ConfigurationError, createExecutor, type Executor, type ExecutorOptions } from '../../src/index.ts'
import * as hostile from '../support/hostile-token-endpoint.ts'
import { listenOnLoopback } from '../support/loopback.ts'
import { OAUTH2_CLIENT, OAUTH2_USER, startOAuth2Server } from '../support/oauth2-server.ts'
import {
  OIDC_BASIC_CLIENT,
  OIDC_POST_CLIENT,
  OIDC_PUBLIC_CLIENT,
  OIDC_USER,
  startOidcServer,
} from '../support/oidc-server.ts'
import { type Echo, startProtectedApi } from '../support/protected-api.ts'

/** What a test opened: closed after it, whether it passed or not, the last one first. */
const opened: (() => unknown)[] = []

test.after.each(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

function opening<T extends { close(): Promise<void> }>(server: T): T {
  opened.push(() => server.close())
  return server
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'bearerd-executor-'))
  opened.push(() => rmSync(path, { recursive: true, force: true }))
  return path
}

function executorIn(directory: string, options: ExecutorOptions = {}): Executor {
  const executor = createExecutor({ directory, environment: {}, ...options })
  opened.push(() => executor[Symbol.asyncDispose]())
  return executor
}

async function load(definitions: object, options: ExecutorOptions = {}): Promise<Executor> {
  const directory = folder()
  writeFileSync(join(directory, 'services.yaml'), JSON.stringify({ version: 1, ...definitions }))
  const executor = executorIn(directory, options)
  await executor.load('services.yaml')
  return executor
}

async function failure(promise: Promise<unknown>): Promise<Error> {
  const error = await promise.then(
    value => assert.unreachable(`expected a rejection, got ${inspect(value)}`),
    thrown => thrown,
  )
  return error as Error
}

async function appError(promise: Promise<unknown>, code: string): Promise<AppError> {
  const error = await failure(promise)
  assert.instance(error, AppError, inspect(error))
  assert.is((error as AppError).code, code)
  return error as AppError
}

/** Waits for what happens by itself. */
async function eventually(what: string, check: () => unknown, limitMs = 60_000): Promise<void> {
  const endMs = performance.now() + limitMs
  while (!(await check())) {
    if (performance.now() > endMs) assert.unreachable(`${what}: not within ${limitMs} ms`)
    await sleep(20)
  }
}

const oauth2 = (accessTokenUri: string, keys: object = {}) => ({
  accessTokenUri,
  clientId: 'app',
  clientSecret: 'fake-secret',
  scope: [],
  ...keys,
})

const counting = () =>
  hostile.startTokenEndpoint((_request, index) => hostile.token(`token-${index + 1}`)).then(opening)

test('load, authorize: headers, query, expiresAt; one token request for 100 callers', async () => {
  const endpoint = await counting()
  const executor = await load({ services: { s: { account: oauth2(endpoint.url), serverUrl: 'https://x.example' } } })
  const all = await Promise.all(Array.from({ length: 100 }, () => executor.authorize('s')))
  const [{ headers, query, expiresAt }] = all as [(typeof all)[0]]
  assert.equal(headers, { Authorization: 'Bearer token-1' })
  assert.equal(query, {})
  const lifeMs = Date.parse(expiresAt!) - Date.now()
  assert.ok(lifeMs > 3_590_000 && lifeMs <= 3_600_000)
  assert.is(endpoint.requests.length, 1)
  executor.forget('s')
  assert.equal((await executor.authorize('s')).headers, { Authorization: 'Bearer token-2' })
})

test('the four kinds without a token: header, query, basic, none', async () => {
  const directory = folder()
  writeFileSync(join(directory, 'key'), 'file key\n')
  const services = {
    h: { authorization: 'header', header: { name: 'X-Key', value: { file: 'key' } } },
    q: { authorization: 'query', query: { name: 'key', value: { env: 'KEY' } } },
    b: { authorization: 'basic', username: 'ada', password: { env: 'KEY' } },
    n: { authorization: 'none' },
  }
  const entries = Object.entries(services).map(([name, account]) => [name, { account, serverUrl: 'https://x.example' }])
  const text = JSON.stringify({ version: 1, services: Object.fromEntries(entries) })
  writeFileSync(join(directory, 'services.yaml'), text)
  const executor = executorIn(directory, { environment: { KEY: 'k' } })
  await executor.load('services.yaml')
  assert.equal(await executor.authorize('h'), { headers: { 'X-Key': 'file key' }, query: {}, expiresAt: null })
  assert.equal(await executor.authorize('q'), { headers: {}, query: { key: 'k' }, expiresAt: null })
  assert.equal((await executor.authorize('b')).headers, { Authorization: `Basic ${btoa('ada:k')}` })
  assert.equal(await executor.authorize('n'), { headers: {}, query: {}, expiresAt: null })
})

test('before load, and for an unknown service', async () => {
  await appError(executorIn(folder()).authorize('s'), 'no_configuration')
  const executor = await load({
    services: { orders: { account: { authorization: 'none' }, serverUrl: 'https://x.example' } },
  })
  const error = await appError(executor.authorize('order'), 'unknown_service')
  assert.match(error.message, 'did you mean `orders`?')
})

test('a wrong configuration: ConfigurationError with every diagnostic; nothing is loaded', async () => {
  const directory = folder()
  writeFileSync(
    join(directory, 'services.yaml'),
    'version: 1\nservices:\n  s:\n    acount: x\n    serverUrl: nowhere\n',
  )
  const executor = executorIn(directory)
  const error = (await failure(executor.load('services.yaml'))) as ConfigurationError
  assert.instance(error, ConfigurationError)
  assert.ok(error.diagnostics.some(({ code, range }) => code === 'schema/unknown-key' && range.start.line === 4))
  assert.match(error.message, /^services\.yaml:4:5: .*\[schema\/unknown-key\]( \(and \d more\))?$/)
  assert.is(executor.generation, undefined)
  assert.is(executor.lastReload?.ok, false)
  const missing = (await failure(executor.load('missing.yaml'))) as ConfigurationError
  assert.is(missing.diagnostics[0]?.code, 'file/not-found')
})

test('await using ends the background work: the process could end', async () => {
  const endpoint = await counting()
  const directory = folder()
  const services = { s: { account: oauth2(endpoint.url), serverUrl: 'https://x.example' } }
  writeFileSync(join(directory, 'services.yaml'), JSON.stringify({ version: 1, services }))
  let stopped: Executor
  {
    await using executor = createExecutor({ directory, environment: {} })
    stopped = executor
    await executor.load('services.yaml')
    await executor.watch({ pollIntervalMs: 50 })
    await executor.authorize('s')
  }
  writeFileSync(join(directory, 'services.yaml'), 'version: 1')
  await sleep(300)
  assert.is(stopped.generation?.id, 1, 'no longer watched')
})

async function protectedBy(
  endpointOptions: { tokenUrl: string; check: (token: string) => Promise<boolean> },
  keys: object,
) {
  const api = opening(await startProtectedApi({ check: endpointOptions.check }))
  const account = oauth2(endpointOptions.tokenUrl, keys)
  const executor = await load({ services: { api: { account, serverUrl: `${api.url}/v1` } } })
  return { api, executor, client: executor.client('api') }
}

const credentials = ({ client_id, client_secret }: { client_id: string; client_secret: string }) => ({
  clientId: client_id,
  clientSecret: client_secret,
})
const OIDC_LOGIN = { grant: 'password', username: OIDC_USER.username, password: OIDC_USER.password }

const OIDC_CASES: [string, object][] = [
  ['client_credentials, basic', credentials(OIDC_BASIC_CLIENT)],
  ['client_credentials, post', { ...credentials(OIDC_POST_CLIENT), clientAuthMethod: 'client_secret_post' }],
  ['password, basic', { ...credentials(OIDC_BASIC_CLIENT), ...OIDC_LOGIN, scope: 'read, write' }],
  [
    'password, none',
    { clientId: OIDC_PUBLIC_CLIENT.client_id, clientSecret: undefined, clientAuthMethod: 'none', ...OIDC_LOGIN },
  ],
]

for (const [name, keys] of OIDC_CASES) {
  test(`oidc-provider, ${name}: the API accepts the token`, async () => {
    const oidc = opening(await startOidcServer())
    const { client, api } = await protectedBy(oidc, keys)
    const echo = await client.get('things').json<Echo>()
    assert.is(echo.path, '/v1/things')
    assert.is(api.requests[0]?.accepted, true)
    assert.is(oidc.requests.length, 1)
  })
}

test('oidc-provider: the id_token as bearer, with its own exp; without openid an error and no access token', async () => {
  const oidc = opening(await startOidcServer({ accessTokenTtlSeconds: 3600, idTokenTtlSeconds: 600 }))
  const account = {
    ...oauth2(oidc.tokenUrl, credentials(OIDC_BASIC_CLIENT)),
    ...OIDC_LOGIN,
    bearerTokenType: 'id_token',
  }
  const serverUrl = 'https://x.example'
  const executor = await load({
    services: {
      good: { account: { ...account, scope: 'openid' }, serverUrl },
      bad: { account: { ...account, scope: 'read' }, serverUrl },
    },
  })
  const { headers, expiresAt } = await executor.authorize('good')
  const claims = JSON.parse(Buffer.from(headers.Authorization!.split('.')[1]!, 'base64url').toString())
  assert.is(claims.sub, OIDC_USER.username)
  assert.ok(Math.abs(Date.parse(expiresAt!) - claims.exp * 1000) < 1_000)
  assert.match((await appError(executor.authorize('bad'), 'token_invalid_response')).message, 'no id_token')
})

test('oidc-provider: a wrong secret is one request and an error that says what to check', async () => {
  const oidc = opening(await startOidcServer())
  const secret = 'fake-wrong+secret %'
  const { executor } = await protectedBy(oidc, { clientId: OIDC_BASIC_CLIENT.client_id, clientSecret: secret })
  const error = await appError(executor.authorize('api'), 'token_refused')
  assert.is(error.details.oauthError, 'invalid_client')
  assert.match(error.message, 'check clientId, clientAuthMethod, and the secret')
  assert.not.ok(inspect(error).includes(secret))
  await appError(executor.authorize('api'), 'token_refused')
  assert.is(oidc.requests.length, 1, 'the pause holds the second request back')
})

const OAUTH2_CASES: [string, object][] = [
  ['case 2: client_credentials, raw basic', { basicEncoding: 'raw' }],
  ['case 3: client_credentials, post', { clientAuthMethod: 'client_secret_post' }],
  ['password', { grant: 'password', username: OAUTH2_USER.username, password: OAUTH2_USER.password }],
]

for (const [name, keys] of OAUTH2_CASES) {
  test(`oauth2-server, ${name}: the API accepts the token`, async () => {
    const clientSecret = 'a+b c%&=:'
    const oauth = opening(
      await startOAuth2Server({
        clients: [{ ...OAUTH2_CLIENT, grants: [...OAUTH2_CLIENT.grants], secret: clientSecret }],
      }),
    )
    const account = { clientId: OAUTH2_CLIENT.id, clientSecret, basicEncoding: 'raw', ...keys }
    const post = 'clientAuthMethod' in account
    const { client, api } = await protectedBy(
      { tokenUrl: oauth.tokenUrl, check: oauth.isActive },
      post ? { ...account, basicEncoding: undefined } : account,
    )
    await client.get('x')
    assert.is(api.requests[0]?.accepted, true)
    assert.is(oauth.requests[0]?.headers.authorization === undefined, post)
  })
}

test('{ account: NAME } feeds another account, and follows it', async () => {
  const first = await counting()
  const second = opening(
    await hostile.startTokenEndpoint(({ body }) =>
      hostile.token(`for-${new URLSearchParams(body).get('client_secret')}`),
    ),
  )
  const fed = { clientSecret: { account: 'source' }, clientAuthMethod: 'client_secret_post' }
  const executor = await load({
    accounts: { source: oauth2(first.url), fed: oauth2(second.url, fed) },
    services: {
      s: { account: 'source', serverUrl: 'https://x.example' },
      t: { account: 'fed', serverUrl: 'https://x.example' },
      u: {
        account: { authorization: 'header', header: { name: 'X-Token', value: { account: 'source' } } },
        serverUrl: 'https://x.example',
      },
    },
  })
  const authorization = async (name: string) => (await executor.authorize(name)).headers
  assert.equal(await authorization('t'), { Authorization: 'Bearer for-token-1' })
  assert.equal(await authorization('u'), { 'X-Token': 'token-1' })
  assert.is(first.requests.length, 1)
  executor.forget('s')
  executor.forget('t')
  assert.equal(await authorization('t'), { Authorization: 'Bearer for-token-2' })
})

test('a header fed by another account: its expiry, its time to live and its renewals are those of that account', async () => {
  const { fakeClock } = await import('../support/fake-clock.ts')
  const clock = fakeClock()
  const first = await counting()
  const value = { account: 'source' }
  const executor = await load(
    {
      accounts: { source: oauth2(first.url) },
      services: {
        s: { account: 'source', serverUrl: 'https://x.example' },
        u: { account: { authorization: 'header', header: { name: 'X-Token', value } }, serverUrl: 'https://x.example' },
        q: { account: { authorization: 'query', query: { name: 'token', value } }, serverUrl: 'https://x.example' },
        own: { account: { authorization: 'none' }, headers: { 'X-Own': value }, serverUrl: 'https://x.example' },
      },
    },
    { clock },
  )
  const token = async (name: string, minTtlMs = 0) => {
    const { headers, query, expiresAt } = await executor.authorize(name, { minTtlMs })
    return [headers['X-Token'] ?? headers['X-Own'] ?? query.token, expiresAt]
  }
  const ends = new Date(clock.nowMs() + 3_600_000).toISOString()
  assert.equal(await token('u'), ['token-1', ends])
  assert.equal(await token('q'), ['token-1', ends])
  assert.equal(await token('own'), ['token-1', null])
  // Renewed in the background because it is used through what it feeds.
  await clock.advance(3_000_000)
  const next = new Date(Date.parse((await executor.authorize('s')).expiresAt!)).toISOString()
  assert.is(first.requests.length, 2)
  assert.equal(await token('u'), ['token-2', next])
  assert.is((await token('own'))[0], 'token-2')
  executor.forget('s')
  assert.is((await token('q'))[0], 'token-3')
  await clock.advance(1_000_000)
  assert.is((await token('u', 3_000_000))[0], 'token-4')
  assert.is((await token('q'))[0], 'token-4')
  assert.is(first.requests.length, 4)
})

test('{ account: NAME, field } is a member of that account’s token response, and follows it', async () => {
  const first = opening(
    await hostile.startTokenEndpoint((_request, index) =>
      hostile.token(`token-${index + 1}`, index === 2 ? {} : { session: { key: `key-${index + 1}` } }),
    ),
  )
  const second = await counting()
  const publish = { session_key: { at: '/session/key', hosts: [] } }
  const value = { account: 'source', field: 'session_key' }
  const tokenRequest = { params: { session: value } }
  const post = { clientAuthMethod: 'client_secret_post', clientSecret: value, tokenRequest }
  const executor = await load({
    accounts: { source: oauth2(first.url, { tokenResponse: { publish } }), fed: oauth2(second.url, post) },
    services: {
      s: { account: 'source', serverUrl: 'https://x.example', headers: { 'X-Session': value } },
      t: { account: 'fed', serverUrl: 'https://x.example' },
      u: {
        account: {
          authorization: 'header',
          header: [
            { name: 'X-Session', value },
            { name: 'X-Token', value: { account: 'source' } },
          ],
        },
        serverUrl: 'https://x.example',
      },
    },
  })
  const headers = async (name: string) => (await executor.authorize(name)).headers
  assert.equal(await headers('u'), { 'X-Session': 'key-1', 'X-Token': 'token-1' })
  assert.equal(await headers('s'), { Authorization: 'Bearer token-1', 'X-Session': 'key-1' })
  await headers('t')
  const sent = new URLSearchParams(second.requests[0]!.body)
  assert.equal([sent.get('client_secret'), sent.get('session')], ['key-1', 'key-1'])
  assert.is(first.requests.length, 1)
  executor.forget('s')
  assert.equal(await headers('u'), { 'X-Session': 'key-2', 'X-Token': 'token-2' })
  executor.forget('s')
  // The third answer does not have it: no request without it, and none with the bearer in its place.
  const { details } = await appError(executor.authorize('u'), 'token_invalid_response')
  assert.is(details.feeder, 'source')
})

test('a chain: one flight for each link, and it works again as soon as its first link does', async () => {
  const directory = folder()
  const root = opening(
    await hostile.startTokenEndpoint(({ body }, index) =>
      new URLSearchParams(body).get('client_secret') === 'right'
        ? hostile.token(`root-${index}`)
        : hostile.json(401, { error: 'invalid_client' }),
    ),
  )
  const next = await counting()
  const post = { clientAuthMethod: 'client_secret_post' }
  const definitions = {
    accounts: {
      a: oauth2(root.url, { ...post, clientSecret: { file: 'secret' } }),
      b: oauth2(next.url, { ...post, clientId: 'b', clientSecret: { account: 'a' } }),
      c: oauth2(next.url, { ...post, clientId: 'c', clientSecret: { account: 'b' } }),
    },
    services: { s: { account: 'c', serverUrl: 'https://x.example' } },
  }
  writeFileSync(join(directory, 'services.yaml'), JSON.stringify({ version: 1, ...definitions }))
  writeFileSync(join(directory, 'secret'), 'wrong')
  const executor = executorIn(directory)
  await executor.load('services.yaml')
  const all = () => Promise.all(Array.from({ length: 20 }, () => executor.authorize('s').catch(error => error)))
  for (const error of await all()) assert.is((error as AppError).code, 'token_refused')
  for (const error of await all()) assert.is((error as AppError).details.account, 'a')
  assert.is(root.requests.length, 1, 'a refused client is not hammered through what it feeds')
  assert.is(executor.service('s').account.source.state, 'failing')
  writeFileSync(join(directory, 'secret'), 'right')
  await executor.generation!.checkSecrets()
  const credentials = await all()
  assert.is(new Set(credentials.map(({ headers }) => headers.Authorization)).size, 1)
  assert.is(root.requests.length, 2)
  assert.equal(
    next.requests.map(({ body }) => new URLSearchParams(body).get('client_id')),
    ['b', 'c'],
  )
})

test('a header fed by another account does not outlive that account’s token', async () => {
  const { fakeClock } = await import('../support/fake-clock.ts')
  const clock = fakeClock()
  const first = await counting()
  const executor = await load(
    {
      accounts: { source: oauth2(first.url) },
      services: {
        u: {
          account: { authorization: 'header', header: { name: 'X-Token', value: { account: 'source' } } },
          serverUrl: 'https://x.example',
        },
      },
    },
    { clock },
  )
  assert.equal((await executor.authorize('u')).headers, { 'X-Token': 'token-1' })
  await clock.advance(10 * 3_600_000)
  assert.equal((await executor.authorize('u')).headers, { 'X-Token': 'token-2' })
})

test('equal accounts: one token request; a reject by one serves the other', async () => {
  const endpoint = await counting()
  const executor = await load({
    accounts: { a: oauth2(endpoint.url), b: oauth2(endpoint.url, { title: 'the same' }) },
    services: {
      s: { account: 'a', serverUrl: 'https://x.example' },
      t: { account: 'b', serverUrl: 'https://x.example' },
    },
  })
  const both = await Promise.all([executor.authorize('s'), executor.authorize('t')])
  assert.equal(both[0], both[1])
  assert.is(endpoint.requests.length, 1)
  executor.forget('t')
  assert.equal((await executor.authorize('s')).headers, { Authorization: 'Bearer token-2' })
})

/** An API that accepts what `accepts` says, with a token endpoint that counts. */
async function apiWith(accepts: (token: string) => boolean, keys: object = {}) {
  const endpoint = await counting()
  const api = opening(await startProtectedApi({ check: async token => accepts(token) }))
  const executor = await load({
    services: { api: { account: oauth2(endpoint.url), serverUrl: `${api.url}/v1/`, ...keys } },
  })
  return { endpoint, api, executor, client: executor.client('api') }
}

test('client: relative paths are below serverUrl, whatever they look like', async () => {
  const { client, api } = await apiWith(() => true)
  for (const path of ['things', '/things', 'a:b', 'things?x=1', '../up', '//evil.example/x', 'a/%2e%2e/b'])
    await client.get(path)
  const paths = api.requests.map(request => request.path)
  assert.equal(paths.slice(0, 4), ['/v1/things', '/v1/things', '/v1/a:b', '/v1/things?x=1'])
  for (const path of paths) assert.ok(path.startsWith('/v1/'), path)
  assert.is(api.requests.length, 7)
})

test('client: a caller’s own Authorization is replaced, other headers and the body pass', async () => {
  const { client } = await apiWith(() => true)
  const headers = { Authorization: 'Bearer mine', 'X-Own': 'yes' }
  const echo = await client.post('things', { headers, json: { a: 1 } }).json<Echo>()
  assert.is(echo.headers.authorization, 'Bearer token-1')
  assert.is(echo.headers['x-own'], 'yes')
  assert.is(echo.body, '{"a":1}')
})

test('client, case 18: 401, one new token, one replay', async () => {
  const { client, api, endpoint } = await apiWith(token => token !== 'token-1')
  await client.get('things')
  assert.equal(
    api.requests.map(({ accepted }) => accepted),
    [false, true],
  )
  assert.is(endpoint.requests.length, 2)
})

test('client: never more than one replay', async () => {
  const { client, api, endpoint } = await apiWith(() => false)
  const response = await client.get('things', { throwHttpErrors: false })
  assert.is(response.status, 401)
  assert.is(api.requests.length, 2)
  assert.is(endpoint.requests.length, 2)
})

test('client: 403 is an answer, not a reason for a new token', async () => {
  const { client, api, endpoint } = await apiWith(() => true)
  assert.is((await client.get('status/403', { throwHttpErrors: false })).status, 200, 'the route is below /v1')
  const executor = await load({ services: { api: { account: oauth2(endpoint.url), serverUrl: api.url } } })
  assert.is((await executor.client('api').get('status/403', { throwHttpErrors: false })).status, 403)
  assert.is(endpoint.requests.length, 2)
  assert.is(api.requests.length, 2)
})

test('client: redirects are not followed', async () => {
  const { api, endpoint } = await apiWith(() => true)
  const other = await counting()
  const executor = await load({ services: { api: { account: oauth2(endpoint.url), serverUrl: api.url } } })
  const response = await executor
    .client('api')
    .get('redirect', { searchParams: { to: other.url }, throwHttpErrors: false })
  assert.is(response.status, 302)
  assert.is(response.headers.get('location'), other.url)
  assert.is(other.requests.length, 0)
})

test('client: another origin is refused before anything is sent', async () => {
  const { client, endpoint } = await apiWith(() => true)
  const other = await counting()
  for (const target of [other.url, new URL(other.url)]) {
    const error = await appError(client.get(target), 'invalid_path')
    assert.match(error.message, 'sends only to http://127.0.0.1:')
  }
  assert.is(other.requests.length, 0)
  assert.ok(endpoint.requests.length <= 1)
})

/** A service whose answers are written by hand. */
async function slowApi(
  timeout: string,
  write: (response: import('node:http').ServerResponse) => unknown,
  keys: object = {},
) {
  const server = opening(await listenOnLoopback((_request, response) => void write(response)))
  const account = { authorization: 'query', query: { name: 'key', value: { env: 'KEY' } } }
  const services = { api: { account, serverUrl: server.url, timeout, ...keys } }
  return (await load({ services }, { environment: { KEY: 'fake-hush-key' } })).client('api')
}

test('client: a service that does not answer: its timeoutMessage', async () => {
  const client = await slowApi('100ms', () => {}, { timeoutMessage: 'The CRM takes too long.' })
  const error = await appError(client.get('x'), 'upstream_timeout')
  assert.is(error.message, 'The CRM takes too long.')
  const plain = await slowApi('100ms', () => {})
  assert.is((await appError(plain.get('x'), 'upstream_timeout')).message, 'service `api` did not answer in time')
})

test('client: the timeout counts between parts of the body, not over the whole', async () => {
  const client = await slowApi('2s', async response => {
    for (let part = 0; part < 5; part++) {
      response.write('part ')
      await sleep(500)
    }
    response.end()
  })
  assert.is(await client.get('x').text(), 'part '.repeat(5))
  const stalled = await slowApi('2s', response => response.write('part '))
  const response = await stalled.get('x')
  await appError(response.text(), 'upstream_timeout')
})

test('client: a caller that takes its time with an answer is not a slow service', async () => {
  const client = await slowApi('2s', response => response.end('all of it'))
  const response = await client.get('x')
  await sleep(2_500)
  assert.is(await response.text(), 'all of it')
})

test('client: nobody listens; the caller’s own abort', async () => {
  const client = await slowApi('5s', () => {})
  const reason = new Error('enough')
  const controller = new AbortController()
  const waiting = failure(client.get('x', { signal: controller.signal }))
  setTimeout(() => controller.abort(reason), 50)
  assert.is(await waiting, reason)
  const gone = await listenOnLoopback(() => {})
  await gone.close()
  const services = { api: { account: { authorization: 'none' }, serverUrl: gone.url } }
  await appError((await load({ services })).client('api').get('x'), 'upstream_unreachable')
})

test('client: no error shows a credential, neither ours nor one of ky', async () => {
  const client = await slowApi('20s', response => response.writeHead(500).end('no'))
  const httpError = await failure(client.get('x').then())
  assert.is(httpError.name, 'HTTPError')
  assert.not.match(inspect(httpError, { depth: 20, showHidden: true }), 'fake-hush-key')

  const oauth = await apiWith(() => true)
  const executor = await load({ services: { api: { account: oauth2(oauth.endpoint.url), serverUrl: oauth.api.url } } })
  const refused = await failure(executor.client('api').get('status/500').then())
  assert.is(refused.name, 'HTTPError')
  assert.not.match(inspect(refused, { depth: 20, showHidden: true }), /token-\d/)

  const broken = opening(await hostile.startTokenEndpoint(() => hostile.json(401, { error: 'invalid_client' })))
  const failing = await load({ services: { api: { account: oauth2(broken.url), serverUrl: 'https://x.example' } } })
  const error = await appError(failing.client('api').get('x'), 'token_refused')
  for (const form of ['fake-secret', btoa('app:fake-secret'), formEncode('fake-secret')]) {
    assert.not.ok(inspect(error, { depth: 20, showHidden: true }).includes(form))
  }
  assert.is(broken.requests.length, 1)
})

/** A folder under watch, with a service for each name that its files define. */
async function watched(files: Record<string, string>, paths: string, pollIntervalMs = 60_000) {
  const directory = folder()
  const write = (name: string, text: string) => writeFileSync(join(directory, name), text)
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(directory, name, '..'), { recursive: true })
    write(name, text)
  }
  const executor = executorIn(directory)
  await executor.load(paths)
  await executor.watch({ pollIntervalMs })
  const services = () => [...(executor.generation?.services.keys() ?? [])].sort().join(' ')
  const becomes = (names: string) => eventually(`services ${names}`, () => services() === names)
  return { directory, write, executor, services, becomes }
}

const defining = (...names: string[]) =>
  JSON.stringify({
    version: 1,
    services: Object.fromEntries(
      names.map(name => [name, { account: { authorization: 'none' }, serverUrl: 'https://x.example' }]),
    ),
  })

test('watch, one file: edit, atomic rename, broken edit, repair, deleted and written again', async () => {
  const { directory, write, executor, becomes, services } = await watched(
    { 'services.yaml': defining('a') },
    'services.yaml',
  )
  write('services.yaml', defining('b'))
  await becomes('b')
  write('services.yaml.tmp', defining('c'))
  renameSync(join(directory, 'services.yaml.tmp'), join(directory, 'services.yaml'))
  await becomes('c')
  write('services.yaml', 'version: 1\nservices: [')
  await eventually('a refused reload', () => executor.lastReload?.ok === false)
  assert.is(services(), 'c')
  write('services.yaml', defining('d'))
  await becomes('d')
  rmSync(join(directory, 'services.yaml'))
  await eventually('a refused reload', () => executor.lastReload?.ok === false)
  assert.is(services(), 'd')
  write('services.yaml', defining('e'))
  await becomes('e')
  assert.is(executor.lastReload?.ok, true)
})

test('watch, a folder: new file, deleted file, folder deleted and made again', async () => {
  const { directory, write, executor, becomes, services } = await watched({ 'conf/a.yaml': defining('a') }, 'conf')
  write('conf/b.yaml', defining('b'))
  await becomes('a b')
  rmSync(join(directory, 'conf/a.yaml'))
  await becomes('b')
  rmSync(join(directory, 'conf'), { recursive: true })
  await eventually('a refused reload', () => executor.lastReload?.ok === false)
  assert.is(services(), 'b')
  mkdirSync(join(directory, 'conf'))
  write('conf/c.yaml', defining('c'))
  await becomes('c')
  write('conf/c.yaml', defining('d'))
  await becomes('d')
})

test('watch: the same content is no reload', async () => {
  const { write, executor } = await watched({ 'services.yaml': defining('a') }, 'services.yaml', 100)
  write('services.yaml', defining('a'))
  await sleep(400)
  assert.is(executor.generation?.id, 1)
})

test('watch: a folder behind a link that is swapped, as Kubernetes does it', async () => {
  const directory = folder()
  for (const version of ['v1', 'v2']) {
    mkdirSync(join(directory, version))
    writeFileSync(join(directory, version, 'services.yaml'), defining(version))
  }
  symlinkSync('v1', join(directory, '..data'))
  symlinkSync('..data/services.yaml', join(directory, 'services.yaml'))
  const executor = executorIn(directory)
  await executor.load('services.yaml')
  await executor.watch({ pollIntervalMs: 100 })
  symlinkSync('v2', join(directory, '..data_tmp'))
  renameSync(join(directory, '..data_tmp'), join(directory, '..data'))
  await eventually('the other version', () => executor.generation?.services.has('v2'))
})

for (const [name, keys] of [
  ['of a running account', {}],
  ['after a reload that only changed a timeout', { timeout: '5s' }],
] as const) {
  test(`watch: a changed secret file ${name} leads to a new token, and the old one serves meanwhile`, async () => {
    let open = () => {}
    let held: Promise<void> | undefined
    const endpoint = opening(
      await hostile.startTokenEndpoint(async (_request, index) => {
        await held
        return hostile.token(`token-${index + 1}`)
      }),
    )
    const directory = folder()
    const write = (extra: object) => {
      const account = oauth2(endpoint.url, { clientSecret: { file: 'secret' }, ...extra })
      const services = { s: { account, serverUrl: 'https://x.example' } }
      writeFileSync(join(directory, 'services.yaml'), JSON.stringify({ version: 1, services }))
    }
    writeFileSync(join(directory, 'secret'), 'fake-one\n')
    write({})
    const executor = executorIn(directory)
    await executor.load('services.yaml')
    await executor.authorize('s')
    write(keys)
    await executor.reload()
    await executor.watch({ pollIntervalMs: 60_000 })
    const bearer = async () => (await executor.authorize('s')).headers.Authorization
    assert.is(await bearer(), 'Bearer token-1')
    assert.is(endpoint.requests.length, 1)
    held = new Promise(resolve => {
      open = resolve
    })
    writeFileSync(join(directory, 'secret'), 'fake-two\n')
    await eventually('a second token request', () => endpoint.requests.length === 2)
    assert.is(await bearer(), 'Bearer token-1')
    open()
    await eventually('the new token', async () => (await bearer()) === 'Bearer token-2')
    assert.is(endpoint.requests[1]?.headers.authorization, `Basic ${btoa('app:fake-two')}`)
    assert.is(endpoint.requests.length, 2)
  })
}

test('watch: a wrong secret is forgiven at once when its file changes', async () => {
  const right = `Basic ${btoa('app:fake-right')}`
  const endpoint = opening(
    await hostile.startTokenEndpoint(({ headers }) =>
      headers.authorization === right ? hostile.token('good') : hostile.json(401, { error: 'invalid_client' }),
    ),
  )
  const directory = folder()
  writeFileSync(join(directory, 'secret'), 'fake-wrong')
  const account = oauth2(endpoint.url, { clientSecret: { file: 'secret' } })
  const services = { s: { account, serverUrl: 'https://x.example' } }
  writeFileSync(join(directory, 'services.yaml'), JSON.stringify({ version: 1, services }))
  const executor = executorIn(directory)
  await executor.load('services.yaml')
  await executor.watch({ pollIntervalMs: 60_000 })
  await appError(executor.authorize('s'), 'token_refused')
  await appError(executor.authorize('s'), 'token_refused')
  assert.is(endpoint.requests.length, 1)
  // In one step: an empty secret is one too.
  writeFileSync(join(directory, 'next'), 'fake-right')
  renameSync(join(directory, 'next'), join(directory, 'secret'))
  await eventually('a good token', async () => {
    const { headers } = await executor.authorize('s').catch(() => ({ headers: {} as Record<string, string> }))
    return headers.Authorization === 'Bearer good'
  })
  const sent = endpoint.requests.map(({ headers }) => atob(String(headers.authorization).slice('Basic '.length)))
  assert.equal(sent, ['app:fake-wrong', 'app:fake-right'])
})

test('reload is one after the other, and the last edit wins', async () => {
  const { directory, executor, services } = await watched({ 'services.yaml': defining('a') }, 'services.yaml')
  const reloads = Array.from({ length: 20 }, (_, index) => {
    writeFileSync(join(directory, 'services.yaml'), defining(`s${index}`))
    return executor.reload()
  })
  await Promise.all(reloads)
  assert.is(services(), 's19')
  assert.ok(existsSync(directory))
})

test.run()
