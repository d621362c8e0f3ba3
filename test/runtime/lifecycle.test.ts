// The life of tokens in an executor: kept warm, paused and forgiven, refused by the service, carried over reloads.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { AppError, createExecutor, type Executor, type ExecutorOptions } from '../../src/index.ts'
import * as hostile from '../support/hostile-token-endpoint.ts'

const opened: (() => unknown)[] = []
test.after.each(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'bearerd-lifecycle-'))
  opened.push(() => rmSync(path, { recursive: true, force: true }))
  return path
}

async function endpointOf(handler: hostile.TokenEndpoint) {
  const endpoint = await hostile.startTokenEndpoint(handler)
  opened.push(() => endpoint.close())
  return endpoint
}

const counting = () => endpointOf((_request, index) => hostile.token(`token-${index + 1}`))

/** An executor, and how to give it another configuration. */
async function running(definitions: object, options: ExecutorOptions = {}, directory = folder()) {
  const write = (next: object) =>
    writeFileSync(join(directory, 'services.yaml'), JSON.stringify({ version: 1, ...next }))
  write(definitions)
  const executor = createExecutor({ directory, environment: {}, ...options })
  opened.push(() => executor[Symbol.asyncDispose]())
  await executor.load('services.yaml')
  return { executor, write, directory }
}

async function eventually(what: string, check: () => unknown, limitMs = 8_000): Promise<void> {
  const endMs = performance.now() + limitMs
  while (!(await check())) {
    if (performance.now() > endMs) assert.unreachable(`${what}: not within ${limitMs} ms`)
    await sleep(5)
  }
}

const oauth2 = (accessTokenUri: string, keys: object = {}) => ({
  accessTokenUri,
  clientId: 'app',
  clientSecret: 'fake-secret',
  scope: [],
  ...keys,
})
const service = (account: unknown) => ({ account, serverUrl: 'https://x.example' })
const bearer = async (executor: Executor, name = 's') => (await executor.authorize(name)).headers.Authorization

test('keepWarm: fetched by loading, once, also over reloads; not by a short run', async () => {
  const endpoint = await counting()
  const definitions = {
    services: { s: service(oauth2(endpoint.url, { keepWarm: true })), t: service(oauth2(endpoint.url)) },
  }
  const short = await running(definitions, { keepWarm: false })
  const { executor } = await running(definitions)
  await eventually('warm', () => executor.service('s').current())
  assert.ok(executor.service('t').current(), 'equal accounts share it')
  assert.ok((await executor.reload()).ok)
  assert.is(await bearer(executor), 'Bearer token-1')
  assert.is(endpoint.requests.length, 1)
  assert.is(short.executor.service('s').current(), undefined)
})

test('keepWarm may come and go by a reload, and the token stays', async () => {
  const endpoint = await counting()
  const { executor, write } = await running({ services: { s: service(oauth2(endpoint.url)) } })
  assert.is(await bearer(executor), 'Bearer token-1')
  for (const keepWarm of [true, false]) {
    write({ services: { s: service(oauth2(endpoint.url, { keepWarm })) } })
    assert.ok((await executor.reload()).ok)
    assert.is(await bearer(executor), 'Bearer token-1')
  }
  assert.is(endpoint.requests.length, 1)
})

test('a wrong password is asked once, whoever asks how often; a changed definition ends the pause at once', async () => {
  const endpoint = await endpointOf(({ body }) =>
    new URLSearchParams(body).get('password') === 'right'
      ? hostile.token('in')
      : hostile.json(400, { error: 'invalid_grant' }),
  )
  const login = (password: string) => ({
    services: { s: service(oauth2(endpoint.url, { grant: 'password', username: 'ada', password })) },
  })
  const { executor, write } = await running(login('wrong'))
  for (let time = 0; time < 20; time++) {
    const error: unknown = await executor.authorize('s').catch(thrown => thrown)
    assert.instance(error, AppError)
    assert.is((error as AppError).details.oauthError, 'invalid_grant')
  }
  assert.is(endpoint.requests.length, 1)
  assert.ok((await executor.reload()).ok)
  await executor.authorize('s').catch(() => undefined)
  assert.is(endpoint.requests.length, 1, 'an unchanged definition is no reason')
  write(login('right'))
  assert.ok((await executor.reload()).ok)
  assert.is(await bearer(executor), 'Bearer in')
  assert.is(endpoint.requests.length, 2)
})

test('50 simultaneous refusals of one token: one new token; a late one of the old token changes nothing', async () => {
  const endpoint = await counting()
  const { executor } = await running({ services: { s: service(oauth2(endpoint.url)) } })
  const live = executor.service('s')
  const first = await live.authorize()
  const again = await Promise.all(
    Array.from({ length: 50 }, () => {
      live.account.source.reject(first.credential)
      return live.authorize()
    }),
  )
  assert.is(new Set(again.map(({ credential }) => credential)).size, 1)
  assert.is(endpoint.requests.length, 2)
  live.account.source.reject(first.credential)
  assert.is(await bearer(executor), 'Bearer token-2')
  assert.is(endpoint.requests.length, 2)
})

test('a service that refuses everything causes no storm of token requests', async () => {
  const endpoint = await counting()
  const api = await endpointOf(() => hostile.json(401, {}))
  const { executor } = await running({
    services: { s: { account: oauth2(endpoint.url), serverUrl: new URL(api.url).origin } },
  })
  for (let time = 0; time < 10; time++)
    assert.is((await executor.client('s').get('x', { throwHttpErrors: false })).status, 401)
  assert.is(endpoint.requests.length, 2)
})

test('10 000 cold callers: one token request', async () => {
  const endpoint = await counting()
  const { executor } = await running({ services: { s: service(oauth2(endpoint.url)) } })
  const bearers = await Promise.all(Array.from({ length: 10_000 }, () => bearer(executor)))
  assert.equal([...new Set(bearers)], ['Bearer token-1'])
  assert.is(endpoint.requests.length, 1)
})

test.run()
