// Several client secrets: which one is tried when, with each token request counted; a change of the secret without a gap.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { inspect } from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type AppError, createExecutor, type Executor } from '../../src/index.ts'
import { clientSecretOf } from '../../src/runtime/generation/live-account.ts'
import { compileAccount, valuesOf } from '../compile/compiled.ts'
import * as hostile from '../support/hostile-token-endpoint.ts'

const opened: (() => unknown)[] = []
test.after.each(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

/** A token endpoint that knows some secrets, which may change, and the secrets that it saw. */
async function endpointOf(...accepted: string[]) {
  const known = new Set(accepted)
  const seen: string[] = []
  let refusal = hostile.json(401, { error: 'invalid_client' })
  const server = await hostile.startTokenEndpoint(({ body }, index) => {
    const secret = new URLSearchParams(body).get('client_secret') ?? ''
    seen.push(secret)
    return known.has(secret) ? hostile.token(`t${index}`, { refresh_token: 'fake-refresh' }) : refusal
  })
  opened.push(() => server.close())
  const refuseWith = (answer: hostile.Answer) => {
    refusal = answer
  }
  return { url: server.url, known, seen, refuseWith, requests: server.requests }
}

const service = (url: string, clientSecret: unknown, keys: object = {}) => ({
  account: {
    accessTokenUri: url,
    clientId: 'app',
    clientAuthMethod: 'client_secret_post',
    clientSecret,
    scope: [],
    ...keys,
  },
  serverUrl: 'https://x.example',
})

async function running(services: object, files: Record<string, string> = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'bearerd-client-secrets-'))
  opened.push(() => rmSync(directory, { recursive: true, force: true }))
  const put = (name: string, text: string) => writeFileSync(join(directory, name), text)
  const write = (next: object) => put('services.yaml', JSON.stringify({ version: 1, services: next }))
  for (const [name, text] of Object.entries(files)) put(name, text)
  write(services)
  const executor = createExecutor({ directory, environment: {} })
  opened.push(() => executor[Symbol.asyncDispose]())
  await executor.load('services.yaml')
  return { executor, write, put }
}

const bearer = async (executor: Executor, name = 's') => (await executor.authorize(name)).headers.Authorization
const inUse = (executor: Executor, name = 's') => clientSecretOf(executor.service(name).account)
const forget = (executor: Executor) => executor.service('s').account.source.forget()

async function failure(promise: Promise<unknown>): Promise<AppError> {
  return promise.then(
    () => assert.unreachable('expected a rejection'),
    error => error,
  ) as Promise<AppError>
}

async function eventually(what: string, check: () => unknown): Promise<void> {
  const endMs = performance.now() + 60_000
  while (!(await check())) {
    if (performance.now() > endMs) assert.unreachable(`${what}: not within 60 s`)
    await sleep(5)
  }
}

for (const [accepted, list, seen, place] of [
  ['fake-1', ['fake-1', 'fake-2'], ['fake-1'], 1],
  ['fake-2', ['fake-1', 'fake-2'], ['fake-1', 'fake-2'], 2],
  ['fake-3', ['fake-1', 'fake-2', 'fake-3'], ['fake-1', 'fake-2', 'fake-3'], 3],
  ['fake-2', ['fake-1', 'fake-1', 'fake-2'], ['fake-1', 'fake-2'], 3],
  ['fake-1', ['', 'fake-1'], ['', 'fake-1'], 2],
] as const) {
  test(`of ${JSON.stringify(list)}, with ${accepted} known: ${seen.length} requests, then one each time`, async () => {
    const endpoint = await endpointOf(accepted)
    const { executor } = await running({ s: service(endpoint.url, list) })
    assert.equal(inUse(executor), { inUse: 1, of: list.length })
    await bearer(executor)
    assert.equal(endpoint.seen, seen)
    assert.equal(inUse(executor), { inUse: place, of: list.length })
    forget(executor)
    await bearer(executor)
    assert.equal(endpoint.seen, [...seen, accepted])
  })
}

for (const [status, error] of [
  [400, 'invalid_grant'],
  [400, 'unauthorized_client'],
  [400, 'invalid_scope'],
  [401, undefined],
  [403, 'access_denied'],
] as const) {
  test(`${status} ${error}: no other secret is tried`, async () => {
    const endpoint = await endpointOf('fake-2')
    endpoint.refuseWith(hostile.json(status, error ? { error } : {}))
    const { executor } = await running({ s: service(endpoint.url, ['fake-1', 'fake-2']) })
    await failure(bearer(executor))
    assert.equal(endpoint.seen, ['fake-1'])
    assert.equal(inUse(executor), { inUse: 1, of: 2 })
  })
}

test('none is known: each is tried once, and then there is a pause; nothing says a secret', async () => {
  const endpoint = await endpointOf()
  endpoint.refuseWith(hostile.json(401, { error: 'invalid_client', error_description: 'fake-one is not fake-two' }))
  const { executor } = await running({ s: service(endpoint.url, ['fake-one', 'fake-two', 'fake-three']) })
  const error = await failure(bearer(executor))
  assert.is(error.details.oauthError, 'invalid_client')
  assert.is(error.details.attempts, 3)
  await failure(bearer(executor))
  assert.equal(endpoint.seen, ['fake-one', 'fake-two', 'fake-three'])
  assert.equal(inUse(executor), { inUse: 1, of: 3 })
  assert.not.match(inspect(error, { depth: 9 }), /fake-(one|two|three)/)
})

test('a secret alone is tried once, and nothing is said of a choice', async () => {
  const endpoint = await endpointOf()
  const { executor } = await running({ s: service(endpoint.url, 'fake-1'), t: service(endpoint.url, ['fake-2']) })
  await failure(bearer(executor))
  await failure(bearer(executor, 't'))
  assert.equal(endpoint.seen, ['fake-1', 'fake-2'])
  assert.is(inUse(executor), undefined)
  assert.is(inUse(executor, 't'), undefined)
})

test('the one that works is used until it fails; then the one that the provider activated meanwhile', async () => {
  const endpoint = await endpointOf('fake-old')
  const { executor } = await running({ s: service(endpoint.url, ['fake-new', 'fake-old']) })
  await bearer(executor)
  endpoint.known.add('fake-new')
  forget(executor)
  await bearer(executor)
  assert.equal(endpoint.seen, ['fake-new', 'fake-old', 'fake-old'])
  endpoint.known.delete('fake-old')
  forget(executor)
  await bearer(executor)
  assert.equal(endpoint.seen.slice(3), ['fake-old', 'fake-new'])
  assert.equal(inUse(executor), { inUse: 1, of: 2 })
})

test('files that change: again from the first, and the living token serves, also while every secret is wrong', async () => {
  const endpoint = await endpointOf('fake-old')
  const list = [{ file: 'new' }, { file: 'old' }]
  const { executor, put } = await running({ s: service(endpoint.url, list) }, { new: 'fake-early', old: 'fake-old' })
  const { source } = executor.service('s').account
  assert.is(await bearer(executor), 'Bearer t1')
  const change = async (name: string, text: string) => {
    put(name, text)
    await executor.generation!.checkSecrets()
  }
  await change('new', 'fake-new')
  await eventually('the old one works still', async () => (await bearer(executor)) === 'Bearer t3')
  assert.equal(inUse(executor), { inUse: 2, of: 2 })
  await change('old', 'fake-nonsense')
  await eventually('both are tried', () => source.state === 'degraded')
  assert.is(await bearer(executor), 'Bearer t3')
  endpoint.known.add('fake-newer')
  await change('new', 'fake-newer')
  await eventually('the new one', async () => (await bearer(executor)) === 'Bearer t6')
  assert.is(source.state, 'ready')
  assert.equal(inUse(executor), { inUse: 1, of: 2 })
  const rotations = [
    ['fake-early', 'fake-old'],
    ['fake-new', 'fake-old'],
    ['fake-new', 'fake-nonsense'],
    ['fake-newer'],
  ]
  assert.equal(endpoint.seen, rotations.flat())
})

test('a refresh token goes with the secret that works', async () => {
  const endpoint = await endpointOf('fake-1', 'fake-2')
  const user = { grant: 'password', username: 'ada', password: 'fake-password' }
  const { executor } = await running({ s: service(endpoint.url, ['fake-1', 'fake-2'], user) })
  await bearer(executor)
  endpoint.known.delete('fake-1')
  executor.service('s').account.source.renew()
  await eventually('refreshed', async () => (await bearer(executor)) === 'Bearer t2')
  const grants = endpoint.requests.map(({ body }) => new URLSearchParams(body).get('grant_type'))
  assert.equal(grants, ['password', 'refresh_token', 'refresh_token'])
  assert.equal(endpoint.seen, ['fake-1', 'fake-1', 'fake-2'])
})

test('a token is for those who have the same secrets, in whatever order, and for nobody who lacks one', async () => {
  const endpoint = await endpointOf('fake-2')
  const { executor } = await running({
    s: service(endpoint.url, ['fake-1', 'fake-2']),
    same: service(endpoint.url, ['fake-2', 'fake-1']),
    lacks: service(endpoint.url, 'fake-1'),
    alone: service(endpoint.url, 'fake-2'),
  })
  assert.is(await bearer(executor), 'Bearer t1')
  assert.is(await bearer(executor, 'same'), 'Bearer t1')
  assert.is((await failure(bearer(executor, 'lacks'))).details.oauthError, 'invalid_client')
  assert.is(await bearer(executor, 'alone'), 'Bearer t3')
  assert.is(endpoint.requests.length, 4)
  assert.equal(inUse(executor, 's'), { inUse: 2, of: 2 })
  assert.equal(inUse(executor, 'same'), { inUse: 1, of: 2 }, 'the same one, by its place there')
})

test('a token is revoked with the secret that works', async () => {
  const sent: string[] = []
  const server = await hostile.startTokenEndpoint(({ url, body }) => {
    const { origin } = new URL(server.url)
    const secret = new URLSearchParams(body).get('client_secret')
    if (secret !== null) sent.push(`${url} ${secret}`)
    if (url === '/revoke') return response => void response.writeHead(200).end()
    if (url === '/token')
      return secret === 'fake-2' ? hostile.token('t') : hostile.json(401, { error: 'invalid_client' })
    const endpoints = { token_endpoint: `${origin}/token`, revocation_endpoint: `${origin}/revoke` }
    return hostile.json(200, { issuer: origin, ...endpoints })
  })
  opened.push(() => server.close())
  const keys = { accessTokenUri: undefined, issuer: new URL(server.url).origin, revoke: 'on_shutdown' }
  const { executor } = await running({ s: service('', ['fake-1', 'fake-2'], keys) })
  await bearer(executor)
  await executor[Symbol.asyncDispose]()
  assert.equal(sent, ['/token fake-1', '/token fake-2', '/revoke fake-2'])
})

test('the values decide, not where they are written', () => {
  const token = (clientSecret: unknown, environment: Record<string, string>) =>
    compileAccount({ clientSecret }).identify!(valuesOf(environment)).token.reveal()
  const list = [{ env: 'A' }, { env: 'B' }]
  const one = token(list, { A: 'fake-1', B: 'fake-2' })
  assert.is(token(list, { A: 'fake-2', B: 'fake-1' }), one)
  assert.is.not(token(list, { A: 'fake-1', B: 'fake-3' }), one)
  assert.is.not(token({ env: 'A' }, { A: '["fake-1","fake-2"]' }), one, 'where values meet')
  const family = (clientSecret: unknown) =>
    compileAccount({ clientSecret }).identify!(valuesOf({ A: 'fake-1', B: 'fake-2' })).family.reveal()
  assert.is(family(list), family({ env: 'A' }), 'a refresh token outlives a change of the list')
})

test('a reload keeps what works; another order starts from its first, and needs no new token', async () => {
  const endpoint = await endpointOf('fake-2')
  const { executor, write } = await running({ s: service(endpoint.url, ['fake-1', 'fake-2']) })
  await bearer(executor)
  write({ s: service(endpoint.url, ['fake-1', 'fake-2'], { timeout: '3s' }) })
  assert.ok((await executor.reload()).ok)
  assert.equal(inUse(executor), { inUse: 2, of: 2 })
  write({ s: service(endpoint.url, ['fake-2', 'fake-1'], { timeout: '3s' }) })
  assert.ok((await executor.reload()).ok)
  assert.equal(inUse(executor), { inUse: 1, of: 2 })
  assert.is(await bearer(executor), 'Bearer t1')
  assert.equal(endpoint.seen, ['fake-1', 'fake-2'])
})

test.run()
