// Services with an address of their own: the proxy without a prefix, under the same door, opened and closed by reloads.
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { type IncomingHttpHeaders, request } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Daemon, startDaemon } from '../../src/daemon/daemon.ts'
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts'
import { ConfigurationError } from '../../src/index.ts'
import { listenOnLoopback } from '../support/loopback.ts'
import { OAUTH2_CLIENT, type StartedOAuth2Server, startOAuth2Server } from '../support/oauth2-server.ts'
import { type Echo, type ProtectedApi, startProtectedApi } from '../support/protected-api.ts'

const folder = mkdtempSync(join(tmpdir(), 'bearerd-listen-'))
const file = join(folder, 'services.yaml')
let auth: StartedOAuth2Server
let api: ProtectedApi
let daemon: Daemon | undefined

test.before(async () => {
  auth = await startOAuth2Server()
  api = await startProtectedApi({ check: auth.isActive })
})

test.after.each(async () => {
  await daemon?.stop(1000)
  daemon = undefined
})

test.after(async () => {
  await Promise.all([auth.close(), api.close()])
  rmSync(folder, { recursive: true })
})

interface Reply {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

type Target = { url: string; path?: string } | { socketPath: string; path: string }

function call(
  target: Target,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Reply> {
  const { method = 'GET', headers = {}, body } = options
  return new Promise((resolve, reject) => {
    const done = (response: import('node:http').IncomingMessage) => {
      const chunks: Buffer[] = []
      response.on('data', chunk => chunks.push(chunk))
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks).toString() }),
      )
    }
    const all = { method, headers: { connection: 'close', ...headers } }
    const sent =
      'url' in target
        ? request(target.url, { ...all, ...(target.path !== undefined && { path: target.path }) }, done)
        : request({ ...target, ...all }, done)
    sent.on('error', reject).end(body)
  })
}

const shop = (keys: object) => ({ account: 'machine', serverUrl: `${api.url}/base`, ...keys })

function write(services: object, more: object = {}): void {
  const machine = { accessTokenUri: auth.tokenUrl, clientId: OAUTH2_CLIENT.id, scope: [] }
  const accounts = { machine: { ...machine, clientSecret: OAUTH2_CLIENT.secret } }
  writeFileSync(file, JSON.stringify({ version: 1, accounts, services, ...more }))
}

async function start(services: object, more: object = {}): Promise<Daemon> {
  write(services, more)
  daemon = await startDaemon({ paths: [file], listen: '127.0.0.1:0', adminListen: '127.0.0.1:0', logLevel: 'silent' })
  return daemon
}

test('a base URL for any program: paths, queries, methods and bodies pass with the credential', async () => {
  const { serviceAddresses } = await start({ orders: shop({ listen: '127.0.0.1:0' }) })
  const base = serviceAddresses().orders!
  for (const [path, arrives] of [
    ['/', '/base/'],
    ['/items/1?a=%20&b=2', '/base/items/1?a=%20&b=2'],
    ['/v1/services/orders/authorization', '/base/v1/services/orders/authorization'],
    ['/a/../b', '/base/b'],
  ] as const) {
    const { status, body } = await call(
      { url: base, path },
      { method: 'POST', body: '{"x":1}', headers: { authorization: 'Bearer mine' } },
    )
    assert.is(status, 200)
    const echo = JSON.parse(body) as Echo
    assert.is(echo.path, arrives)
    assert.is(echo.method, 'POST')
    assert.is(echo.body, '{"x":1}')
    assert.is.not(echo.headers.authorization, 'Bearer mine')
  }
  const outside = await call({ url: base, path: '/../x' })
  assert.is(outside.status, 400)
  assert.is(JSON.parse(outside.body).service, 'orders')
  const metrics = (await call({ url: `${daemon!.admin}/metrics` })).body
  assert.match(metrics, /bearerd_proxy_requests_total\{service="orders",status="200"\} 4\b/)
})

test('the door of the API: another host, and a page of another site', async () => {
  const { serviceAddresses } = await start({ orders: shop({ listen: '127.0.0.1:0' }) })
  const url = serviceAddresses().orders!
  assert.is((await call({ url }, { headers: { host: 'evil.example' } })).status, 421)
  assert.is((await call({ url }, { headers: { origin: 'https://evil.example' } })).status, 403)
  assert.is((await call({ url }, { headers: { 'sec-fetch-site': 'cross-site' } })).status, 403)
})

test('callers count here too', async () => {
  const services = { orders: shop({ listen: '127.0.0.1:0' }), other: shop({ listen: '127.0.0.1:0' }) }
  const callers = { job: { token: 'fake-caller-token', services: ['orders'] } }
  const { serviceAddresses } = await start(services, { daemon: { callers } })
  const { orders, other } = serviceAddresses()
  const headers = { authorization: 'Bearer fake-caller-token' }
  assert.is((await call({ url: orders! })).status, 401)
  assert.is((await call({ url: orders! }, { headers })).status, 200)
  assert.is((await call({ url: other! }, { headers })).status, 403)
})

test('parameters are given as everywhere', async () => {
  const parameters = { tenant: { pattern: '^[a-z]+$' } }
  const service = { account: 'machine', serverUrl: `${api.url}/{{params.tenant}}`, parameters, listen: '127.0.0.1:0' }
  const { serviceAddresses } = await start({ orders: service })
  const url = `${serviceAddresses().orders}/x`
  assert.is((await call({ url })).status, 400)
  const { body } = await call({ url: `${url}?param.tenant=acme&a=1` })
  assert.is((JSON.parse(body) as Echo).path, '/acme/x?a=1')
})

test('a Unix socket, for its owner only, gone with the service', async () => {
  const path = join(folder, 'orders.sock')
  const { executor } = await start({ orders: shop({ listen: `unix:${path}` }) })
  assert.is(statSync(path).mode & 0o777, 0o600)
  assert.is((await call({ socketPath: path, path: '/x' })).status, 200)
  write({ orders: shop({}) })
  assert.ok((await executor.reload()).ok)
  const gone = await call({ socketPath: path, path: '/x' }).catch((error: NodeJS.ErrnoException) => error.code)
  assert.ok(gone === 'ENOENT' || gone === 'ECONNREFUSED', String(gone))
})

/** A port that is free now. */
async function freePort(): Promise<number> {
  const { url, close } = await listenOnLoopback(() => {})
  await close()
  return Number(new URL(url).port)
}

test('a reload opens, keeps, hands over and closes addresses', async () => {
  const [first, second] = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${await freePort()}`]
  const { executor, serviceAddresses } = await start({ one: shop({ listen: first }) })
  const path = async (address: string) => {
    const reply = await call({ url: `http://${address}/x` }).catch((error: NodeJS.ErrnoException) => error.code)
    return typeof reply === 'object' ? (JSON.parse(reply.body) as Echo).path : reply
  }
  write({ one: shop({ listen: first }), two: shop({ serverUrl: `${api.url}/two`, listen: second }) })
  assert.ok((await executor.reload()).ok)
  assert.equal([await path(first), await path(second)], ['/base/x', '/two/x'])
  write({ three: shop({ serverUrl: `${api.url}/three`, listen: first }) })
  assert.ok((await executor.reload()).ok)
  assert.equal(serviceAddresses(), { three: `http://${first}` })
  assert.equal([await path(first), await path(second)], ['/three/x', 'ECONNREFUSED'])
})

test('a setting that waits for a restart: told at its key by the answer of a reload and the status', async () => {
  const { admin } = await start({ one: shop({}) })
  const isIt = ({ code }: { code: string }) => code === 'daemon/needs-restart'
  const reload = async () =>
    JSON.parse((await call({ url: `${admin}/-/reload` }, { method: 'POST' })).body).diagnostics.filter(isIt)
  const status = async () => JSON.parse((await call({ url: `${admin}/v1/status` })).body)
  const daemon = { listen: '127.0.0.1:7999', state: { maxSize: '1GiB' }, limits: { idle: '9s', maxQueued: 3 } }
  write({ one: shop({}) }, { daemon })
  const told = await reload()
  assert.equal(
    told.map(({ code, severity, message, hint }: Record<string, string>) => `${code} ${severity} ${message}; ${hint}`),
    ['limits.idle', 'listen'].map(
      key =>
        `daemon/needs-restart warning \`daemon.${key}\` is another one than at the start; restart bearerd to apply it`,
    ),
  )
  assert.ok(told.every(({ file, range }: Diagnostic) => file.endsWith('services.yaml') && range.start.column > 1))
  const { lastReload, reloads } = await status()
  assert.equal(lastReload.diagnostics.filter(isIt), told)
  assert.equal(reloads[0].changes.settings, [
    'daemon.limits.idle',
    'daemon.limits.maxQueued',
    'daemon.listen',
    'daemon.state.maxSize',
  ])
  write({ one: shop({}) })
  assert.equal(await reload(), [], 'as at the start')
})

test('an address that is taken: the reload is refused whole, says where, and leaves nothing open', async () => {
  const taken = createServer()
  await new Promise<void>(resolve => taken.listen(0, '127.0.0.1', resolve))
  const { port } = taken.address() as { port: number }
  const free = `127.0.0.1:${await freePort()}`
  try {
    const { executor, admin, serviceAddresses } = await start({ one: shop({}) })
    write({ one: shop({ listen: free }), two: shop({ listen: `127.0.0.1:${port}` }), three: shop({}) })
    const { status, body } = await call({ url: `${admin}/-/reload` }, { method: 'POST' })
    assert.is(status, 422)
    const diagnostic = JSON.parse(body).diagnostics.find(({ code }: { code: string }) => code === 'listen/unavailable')
    assert.is(diagnostic.message, `cannot listen on 127.0.0.1:${port}: another process listens there`)
    assert.is(diagnostic.file.endsWith('services.yaml'), true)
    assert.equal([...executor.generation!.services.keys()], ['one'])
    assert.equal(serviceAddresses(), {})
    const refused = await call({ url: `http://${free}/x` }).catch((error: NodeJS.ErrnoException) => error.code)
    assert.is(refused, 'ECONNREFUSED')
    // The same at the start: nothing starts, and nothing stays open.
    await daemon!.stop(1000)
    daemon = undefined
    const failure = await startDaemon({
      paths: [file],
      listen: '127.0.0.1:0',
      adminListen: '127.0.0.1:0',
      logLevel: 'silent',
    }).catch(error => error)
    assert.instance(failure, ConfigurationError)
    assert.match(failure.message, 'another process listens there')
  } finally {
    await new Promise(resolve => taken.close(resolve))
  }
})

test.run()
