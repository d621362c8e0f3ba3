// The token response at work: an API whose address comes with the token, and requests that `allow` lets pass, through the
// daemon and through the library's client, against real servers.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { AppError } from '../../src/base/error.ts'
import { type Daemon, startDaemon } from '../../src/daemon/daemon.ts'
import { createExecutor } from '../../src/index.ts'
import { type Loopback, listenOnLoopback, sendJson } from '../support/loopback.ts'

const folder = mkdtempSync(join(tmpdir(), 'bearerd-response-'))
const file = join(folder, 'services.yaml')
const seen: { url: string; authorization: string | undefined; token: string | string[] | undefined }[] = []
let issuer: Loopback
let api: Loopback
let other: Loopback
let daemon: Daemon
let tokenRequests = 0
let otherRequests = 0

test.before(async () => {
  api = await listenOnLoopback((request, response) => {
    request.resume()
    const { authorization, 'x-token': token } = request.headers
    seen.push({ url: request.url ?? '', authorization, token })
    sendJson(response, 200, { ok: true })
  })
  other = await listenOnLoopback((request, response) => {
    request.resume()
    otherRequests++
    sendJson(response, 200, {})
  })
  issuer = await listenOnLoopback((request, response) => {
    request.resume()
    tokenRequests++
    const host = request.url === '/evil' ? other.url.replace('127.0.0.1', 'localhost') : api.url
    sendJson(response, 201, { data: { jwt: 'fake-token' }, instance_url: host, tenant: 'a/b', scope: 'read' })
  })
  const account = (path: string) => ({
    accessTokenUri: `${issuer.url}${path}`,
    clientId: 'job',
    clientSecret: 'fake-secret',
    scope: [],
    tokenResponse: {
      token: '/data/jwt',
      publish: { instance: { at: '/instance_url', hosts: ['127.0.0.1'] }, tenant: { at: '/tenant', hosts: [] } },
    },
    lifetime: { default: '1h' },
  })
  const serverUrl = '{{token.instance}}/base/{{token.tenant}}'
  const services = {
    good: { account: 'good', serverUrl },
    evil: { account: 'evil', serverUrl },
    own: { account: 'good', serverUrl, inject: { name: 'X-Token', prefix: '' } },
    query: { account: 'good', serverUrl, inject: { in: 'query', name: 'key' } },
    eager: { account: 'eager', serverUrl },
    some: { account: 'good', serverUrl, allow: { methods: ['GET'], paths: ['/items/*'] } },
  }
  const accounts = {
    good: account('/good'),
    evil: account('/evil'),
    eager: { ...account('/good'), scope: 'read write' },
  }
  writeFileSync(file, JSON.stringify({ version: 1, accounts, services }))
  daemon = await startDaemon({
    paths: [file],
    listen: '127.0.0.1:0',
    adminListen: '127.0.0.1:0',

    logLevel: 'silent',
  })
})

test.after(async () => {
  await daemon?.stop(100)
  await Promise.all([issuer?.close(), api?.close(), other?.close()])
  rmSync(folder, { recursive: true, force: true })
})

const call = (path: string, init: RequestInit = {}) => fetch(`${daemon.api}/v1/services/${path}`, init)

test('the API is where the token response says, with one token request for all services of the account', async () => {
  assert.is((await call('good/proxy/items?a=1')).status, 200)
  assert.equal(seen.at(-1), { url: '/base/a%2Fb/items?a=1', authorization: 'Bearer fake-token', token: undefined })
  assert.is((await call('own/proxy/items?x-token=evil&a=1', { headers: { 'X-Token': 'evil' } })).status, 200)
  assert.equal(seen.at(-1), { url: '/base/a%2Fb/items?a=1', authorization: undefined, token: 'fake-token' })
  assert.is((await call('own/proxy/items')).status, 200)
  assert.is(seen.at(-1)!.url, '/base/a%2Fb/items')
  assert.is((await call('query/proxy/items?key=evil')).status, 200)
  assert.is(seen.at(-1)!.url, '/base/a%2Fb/items?key=fake-token')
  assert.is(tokenRequests, 1)
})

test('a host that `publish` does not list gets nothing, again and again', async () => {
  for (let round = 0; round < 2; round++) {
    const response = await call('evil/proxy/items')
    assert.is(response.status, 502)
    const { code, detail } = (await response.json()) as { code: string; detail: string }
    assert.is(code, 'invalid_template_value')
    assert.match(
      detail,
      'the token response names the host localhost, which `hosts` of `publish.instance` does not list',
    )
    assert.not.match(detail, 'fake-token')
  }
  assert.is(otherRequests, 0)
})

test('allow: what is not listed is answered with 403 and goes nowhere', async () => {
  const before = seen.length
  assert.is((await call('some/proxy/items/1')).status, 200)
  for (const [method, path] of [
    ['POST', 'items/1'],
    ['GET', 'items'],
    ['GET', 'items/1/2'],
    ['GET', 'items/1%2F2'],
    ['GET', 'other'],
  ] as const) {
    const response = await call(`some/proxy/${path}`, { method })
    assert.is(response.status, 403, `${method} ${path}`)
    assert.is(((await response.json()) as { code: string }).code, 'not_allowed')
  }
  assert.is(seen.length, before + 1)
})

test('allow in the client of the library', async () => {
  await using executor = createExecutor()
  await executor.load(file)
  const client = executor.client('some')
  assert.is((await client('items/1')).status, 200)
  for (const request of [
    client.post('items/1'),
    client('other'),
    client(`${api.url}/outside`),
    client('items/%2e%2e/x'),
  ]) {
    const error = await request.then(
      () => undefined,
      (error: unknown) => error,
    )
    assert.instance(error, AppError)
    assert.is((error as AppError).code, 'not_allowed')
  }
})

test('fewer scopes than were asked for are shown in the status, and only those', async () => {
  for (const name of ['good', 'eager'])
    assert.is((await fetch(`${daemon.api}/v1/services/${name}/proxy/x`)).status, 200)
  const { services } = (await (await fetch(`${daemon.admin}/v1/status`)).json()) as {
    services: Record<string, { scopeGranted?: string }>
  }
  assert.equal([services.good!.scopeGranted, services.eager!.scopeGranted], [undefined, 'read'])
})

test.run()
