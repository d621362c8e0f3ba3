// DPoP (RFC 9449): proofs at a real provider that wants nonces, through the proxy, the client and the authorization route to
// an API that checks every one of them.
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { calculateJwkThumbprint, decodeProtectedHeader, EmbeddedJWK, jwtVerify } from 'jose'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { WebSocket } from 'ws'
import type { AppError } from '../../src/base/error.ts'
import { silentLog } from '../../src/base/log.ts'
import { startDaemon } from '../../src/daemon/daemon.ts'
import { createExecutor, type Executor } from '../../src/index.ts'
import { REAL_EFFECTS } from '../../src/runtime/repeats.ts'
import { createMetrics } from '../../src/server/metrics.ts'
import { ServiceProxy } from '../../src/server/proxy/proxy.ts'
import { rejectionOf } from '../compile/compiled.ts'
import { nonceOf, startDpopApi } from '../support/dpop-api.ts'
import * as hostile from '../support/hostile-token-endpoint.ts'
import { listenOnLoopback } from '../support/loopback.ts'
import { OIDC_BASIC_CLIENT, startOidcServer } from '../support/oidc-server.ts'

const opened: (() => unknown)[] = []
test.after.each(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

async function load(definitions: object, environment: Record<string, string> = {}): Promise<Executor> {
  const directory = mkdtempSync(join(tmpdir(), 'bearerd-dpop-'))
  opened.push(() => rmSync(directory, { recursive: true }))
  writeFileSync(join(directory, 'services.yaml'), JSON.stringify({ version: 1, ...definitions }))
  const executor = createExecutor({ directory, environment })
  opened.push(() => executor[Symbol.asyncDispose]())
  await executor.load('services.yaml')
  folders.set(executor, directory)
  return executor
}

const folders = new WeakMap<Executor, string>()

async function setUp(dpop: unknown = true, environment: Record<string, string> = {}, busy = 0) {
  const provider = await startOidcServer({ dpopNonces: true })
  opened.push(provider.close)
  const api = await startDpopApi({ provider, busy })
  opened.push(api.close)
  const { client_id: clientId, client_secret: clientSecret } = OIDC_BASIC_CLIENT
  const account = { accessTokenUri: provider.tokenUrl, clientId, clientSecret, scope: 'read', dpop }
  const service = { account: 'a', serverUrl: `${api.url}/v1` }
  const services = {
    s: { ...service, ...(busy > 0 && { retry: {} }) },
    limited: { ...service, allow: { methods: ['GET'], paths: ['/open/**'] } },
  }
  const copy = { type: 'copyToHttpServer', authenticateWith: 's', path: '/files', content: { file: {} } }
  const executor = await load({ accounts: { a: account }, services, actions: { copy } }, environment)
  return { provider, api, executor }
}

test('token with a nonce, and requests of the client: one more try each time a nonce is wanted, no new token', async () => {
  const { provider, api, executor } = await setUp()
  const client = executor.client('s')
  assert.is((await client('a?b=c')).status, 200)
  assert.equal(
    provider.requests.map(({ status }) => status),
    [400, 200],
  )
  assert.is(api.requests(), 2)
  assert.is((await client.post('things', { json: { x: 1 } })).status, 200)
  assert.is(api.requests(), 3)
  assert.is((await client.put('things', { body: 'again' })).status, 200)
  assert.is(api.requests(), 5)
  assert.equal(
    api.accepted.map(({ method, url, body }) => [method, url, body]),
    [
      ['GET', '/v1/a?b=c', ''],
      ['POST', '/v1/things', '{"x":1}'],
      ['PUT', '/v1/things', 'again'],
    ],
  )
  assert.is(provider.requests.length, 2)
  assert.is(new Set(api.accepted.map(({ jkt }) => jkt)).size, 1)
})

test('nonces belong to their origin: none of the authorization server reaches the service, and the other way round', async () => {
  const { provider, api, executor } = await setUp()
  await executor.client('s')('a')
  executor.forget('s')
  await executor.client('s')('a')
  const [first, ...later] = provider.requests.map(({ headers }) => nonceOf(headers.dpop))
  assert.is(first, undefined)
  assert.equal([api.nonces[0], ...api.nonces.slice(1)], [undefined, 'nonce-0', 'nonce-0'])
  for (const nonce of later) assert.not.match(String(nonce), /^nonce-|undefined/)
})

test('a nonce that comes with a success is the one of the next request, which is not refused first', async () => {
  const endpoint = await hostile.startTokenEndpoint((_request, index) =>
    hostile.json(
      200,
      { access_token: `t${index}`, token_type: 'DPoP', expires_in: 60 },
      { 'DPoP-Nonce': `fresh-${index}` },
    ),
  )
  opened.push(endpoint.close)
  const account = { accessTokenUri: endpoint.url, clientId: 'a', clientSecret: 'fake-secret', scope: [], dpop: true }
  const executor = await load({ services: { s: { account, serverUrl: 'https://x.example' } } })
  for (let round = 0; round < 3; round++) {
    await executor.service('s').authorize()
    executor.forget('s')
  }
  assert.equal(
    endpoint.requests.map(({ headers }) => nonceOf(headers.dpop)),
    [undefined, 'fresh-0', 'fresh-1'],
  )
})

test('through the proxy: proof, nonce, body again; the caller’s own proof does not pass', async () => {
  const { provider, api, executor } = await setUp()
  const proxy = new ServiceProxy({ log: silentLog, metrics: createMetrics() })
  const { url, close } = await listenOnLoopback((request: IncomingMessage, response: ServerResponse) => {
    proxy.forward({ request, response, requestId: 'r' }, executor.service('s'), request.url ?? '')
  })
  opened.push(close, () => proxy.close())
  const first = await fetch(`${url}/x/y?z=1`, {
    method: 'POST',
    body: 'hello',
    headers: { DPoP: 'mine', Authorization: 'DPoP mine' },
  })
  assert.is(first.status, 200, await first.text())
  assert.is((await fetch(`${url}/x`)).status, 200)
  assert.equal(
    api.accepted.map(({ method, url, body }) => [method, url, body]),
    [
      ['POST', '/v1/x/y?z=1', 'hello'],
      ['GET', '/v1/x', ''],
    ],
  )
  assert.is(provider.requests.length, 2)
  assert.is(api.requests(), 3)
})

test('each attempt of `retry` has a proof of its own, a nonce that is wanted meanwhile included', async () => {
  const { api, executor } = await setUp(true, {}, 2)
  const proxy = new ServiceProxy({
    log: silentLog,
    metrics: createMetrics(),
    effects: { ...REAL_EFFECTS, random: () => 0 },
  })
  const { url, close } = await listenOnLoopback((request: IncomingMessage, response: ServerResponse) => {
    proxy.forward({ request, response, requestId: 'r' }, executor.service('s'), request.url ?? '')
  })
  opened.push(close, () => proxy.close())
  assert.is((await fetch(`${url}/x`, { method: 'PUT', body: 'hello' })).status, 200)
  assert.equal(
    api.accepted.map(({ body }) => body),
    ['hello', 'hello', 'hello'],
  )
  // One more for each nonce: at first, and after the third request.
  assert.is(api.requests(), 5)
})

test('authorize says that each request needs a proof, and gives one for a request to this service alone', async () => {
  const { api, executor } = await setUp()
  const refused = (await rejectionOf(executor.authorize('s'))) as AppError
  assert.is(refused.code, 'invalid_request')
  assert.match(refused.message, /uses DPoP.*through the proxy.*\?method=GET&url=/)
  const elsewhere = (await rejectionOf(
    executor.authorize('s', { request: { method: 'GET', url: 'https://evil.example/v1' } }),
  )) as AppError
  assert.is(elsewhere.code, 'invalid_path')
  const url = `${api.url}/v1/me?x=1`
  for (const expected of [401, 200]) {
    const { headers } = await executor.authorize('s', { request: { method: 'GET', url } })
    const response = await fetch(url, { headers })
    // Whoever sends on his own gets the nonce himself; ours comes with requests of ours.
    if (expected === 401) for (const path of ['a', 'b']) await executor.client('s')(path)
    assert.is(response.status, expected)
  }
})

test('a proof is for a path under the service’s URL, in every way in which a server may read it, and for what `allow` names', async () => {
  const { api, executor } = await setUp()
  const codeOf = (service: string, method: string, path: string) =>
    executor.authorize(service, { request: { method, url: `${api.url}${path}` } }).then(
      () => 'ok',
      (error: AppError) => error.code,
    )
  for (const [path, expected] of [
    ['/v1', 'ok'],
    ['/v1/', 'ok'],
    ['/v1/me?x=1', 'ok'],
    ['/v1/a%2fb', 'ok'],
    ['/', 'invalid_path'],
    ['/v2/me', 'invalid_path'],
    ['/v10', 'invalid_path'],
    ['/v1/../admin', 'invalid_path'],
    ['/v1/%2e%2e/admin', 'invalid_path'],
    ['/v1/..%2fadmin', 'invalid_path'],
    ['/v1/x%2f%252e%252e%2f..%2fadmin', 'invalid_path'],
    ['/v1/..;a/admin', 'invalid_path'],
    ['/v1\\..\\admin', 'invalid_path'],
  ] as const)
    assert.is(await codeOf('s', 'GET', path), expected, path)
  for (const [method, path, expected] of [
    ['GET', '/v1/open/x', 'ok'],
    ['GET', '/v1/open%2fx', 'not_allowed'],
    ['POST', '/v1/open/x', 'not_allowed'],
    ['get', '/v1/open/x', 'not_allowed'],
    ['GET', '/v1/closed', 'not_allowed'],
    ['GET', '/open/x', 'invalid_path'],
  ] as const)
    assert.is(await codeOf('limited', method, path), expected, `${method} ${path}`)
})

test('the authorization route: nothing without a request, a proof for one that may be sent, problems for others', async () => {
  const { api, executor } = await setUp()
  const daemon = await startDaemon({
    paths: [join(folders.get(executor)!, 'services.yaml')],
    listen: '127.0.0.1:0',
    adminListen: '127.0.0.1:0',
    logLevel: 'silent',
  })
  opened.push(() => daemon.stop(100))
  const ask = async (service: string, query: Record<string, string>) => {
    const response = await fetch(`${daemon.api}/v1/services/${service}/authorization?${new URLSearchParams(query)}`)
    return {
      status: response.status,
      body: (await response.json()) as { code?: string; headers?: Record<string, string> },
    }
  }
  const codes = await Promise.all([
    ask('s', {}),
    ask('s', { method: 'GET', url: `${api.url}/other` }),
    ask('s', { method: 'GET', url: 'https://evil.example/v1' }),
    ask('limited', { method: 'POST', url: `${api.url}/v1/open/x` }),
  ])
  assert.equal(
    codes.map(({ status, body }) => [status, body.code]),
    [
      [400, 'invalid_request'],
      [400, 'invalid_path'],
      [400, 'invalid_path'],
      [403, 'not_allowed'],
    ],
  )
  const { status, body } = await ask('limited', { method: 'GET', url: `${api.url}/v1/open/x?a=b` })
  assert.is(status, 200)
  const { payload } = await jwtVerify(body.headers!.DPoP!, EmbeddedJWK, { typ: 'dpop+jwt' })
  assert.equal([payload.htm, payload.htu], ['GET', `${api.url}/v1/open/x`])
})

test('a delivery: a proof with each request, the file again when a nonce is wanted, told as sent once', async () => {
  const { provider, api, executor } = await setUp()
  const file = join(mkdtempSync(join(tmpdir(), 'bearerd-dpop-')), 'note.txt')
  opened.push(() => rmSync(dirname(file), { recursive: true }))
  writeFileSync(file, 'a note')
  const sent: number[] = []
  for (const _ of [1, 2, 3]) {
    const delivery = executor.deliver('copy', { files: [file] })
    for await (const { sentBytes } of delivery) sent.push(sentBytes)
    assert.is((await delivery.result).requests[0]!.status, 200)
  }
  assert.equal(
    api.accepted.map(({ method, url, body }) => [method, url, body]),
    Array(3).fill(['POST', '/v1/files', 'a note']),
  )
  // One more for each nonce: at first, and after the third request; nobody waits for another attempt.
  assert.is(api.requests(), 5)
  assert.is(Math.max(...sent), 'a note'.length)
  assert.is(provider.requests.length, 2)
})

test('a WebSocket handshake: a proof, and once more with the nonce that is wanted', async () => {
  const { provider, api, executor } = await setUp()
  const daemon = await startDaemon({
    paths: [join(folders.get(executor)!, 'services.yaml')],
    listen: '127.0.0.1:0',
    adminListen: '127.0.0.1:0',
    logLevel: 'silent',
  })
  opened.push(() => daemon.stop(100))
  const echo = async () => {
    const socket = new WebSocket(`${daemon.api.replace('http', 'ws')}/v1/services/s/proxy/live?x=1`, {
      headers: { DPoP: 'mine', Authorization: 'DPoP mine' },
    })
    await once(socket, 'open')
    socket.send('hello')
    const [data] = await once(socket, 'message')
    socket.close()
    return String(data)
  }
  assert.equal([await echo(), await echo(), await echo()], ['hello', 'hello', 'hello'])
  assert.equal(
    api.accepted.map(({ method, url }) => [method, url]),
    Array(3).fill(['GET', '/v1/live?x=1']),
  )
  assert.is(api.requests(), 5)
  assert.is(provider.requests.length, 2)
})

test('a key of the account: PEM, its algorithm, the same after a reload', async () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const KEY = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const { executor } = await setUp({ key: { env: 'KEY' } }, { KEY })
  const authorize = () => executor.authorize('s', { request: { method: 'GET', url: executorOrigin(executor) } })
  const header = decodeProtectedHeader((await authorize()).headers.DPoP!)
  assert.is(header.alg, 'ES256')
  const own = await calculateJwkThumbprint(privateKey.export({ format: 'jwk' }) as never)
  assert.is(await calculateJwkThumbprint(header.jwk!), own)
})

function executorOrigin(executor: Executor): string {
  return executor.generation!.services.get('s')!.plan.serverUrl.expand({} as never).href
}

test('a public client: its refresh token is bound to the key, which the refresh proves again (RFC 9449 section 5)', async () => {
  const keys: string[] = []
  const endpoint = await hostile.startTokenEndpoint(async ({ headers, body }) => {
    const { protectedHeader } = await jwtVerify(String(headers.dpop), EmbeddedJWK, { typ: 'dpop+jwt' })
    keys.push(await calculateJwkThumbprint(protectedHeader.jwk!))
    const isBound = !body.includes('refresh_token=r') || keys.every(key => key === keys[0])
    const token = hostile.token(`t${keys.length}`, { token_type: 'DPoP', refresh_token: 'r' })
    return isBound ? token : hostile.json(400, { error: 'invalid_grant' })
  })
  opened.push(endpoint.close)
  const user = { grant: 'password', username: 'ada', password: 'fake-password' }
  const client = { clientId: 'a', clientAuthMethod: 'none', scope: [], dpop: true }
  const account = { accessTokenUri: endpoint.url, ...client, ...user }
  const executor = await load({ services: { s: { account, serverUrl: 'https://x.example' } } })
  for (const expected of ['DPoP t1', 'DPoP t2', 'DPoP t3']) {
    const request = { method: 'GET', url: 'https://x.example/me' }
    assert.is((await executor.authorize('s', { request })).headers.Authorization, expected)
    executor.forget('s')
  }
  assert.equal(
    endpoint.requests.map(({ body }) => new URLSearchParams(body).get('grant_type')),
    ['password', 'refresh_token', 'refresh_token'],
  )
})

test('a reload keeps the key that was made with its token', async () => {
  const { provider, api, executor } = await setUp()
  await executor.client('s')('a')
  await executor.reload()
  await executor.client('s')('a')
  assert.is(provider.requests.length, 2)
  assert.is(new Set(api.accepted.map(({ jkt }) => jkt)).size, 1)
})

test('no silent downgrade: a bearer token, and none of a type, are refused', async () => {
  for (const token_type of ['Bearer', undefined]) {
    const endpoint = await hostile.startTokenEndpoint(() => hostile.token('t', { token_type }))
    opened.push(endpoint.close)
    const account = { accessTokenUri: endpoint.url, clientId: 'a', clientSecret: 'fake-secret', scope: [], dpop: true }
    const executor = await load({ services: { s: { account, serverUrl: 'https://x.example' } } })
    const error = (await rejectionOf(executor.service('s').authorize())) as AppError
    assert.is(error.code, 'token_invalid_response')
    assert.match(error.message, 'not DPoP')
    assert.is(endpoint.requests.length, 1)
  }
})

test('a server that wants nonces for ever is asked twice; a nonce with a line break is none', async () => {
  for (const [nonce, requests] of [
    ['n', 2],
    ['a"b', 1],
  ] as const) {
    let count = 0
    const answer = () =>
      hostile.json(400, { error: 'use_dpop_nonce' }, { 'DPoP-Nonce': nonce + (nonce === 'n' ? String(count++) : '') })
    const endpoint = await hostile.startTokenEndpoint(answer)
    opened.push(endpoint.close)
    const account = { accessTokenUri: endpoint.url, clientId: 'a', clientSecret: 'fake-secret', scope: [], dpop: true }
    const executor = await load({ services: { s: { account, serverUrl: 'https://x.example' } } })
    await rejectionOf(executor.service('s').authorize())
    assert.is(endpoint.requests.length, requests)
  }
})

test.run()
