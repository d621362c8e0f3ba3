// The daemon as its callers and its administrator see it over HTTP: credentials, problems, reloads, health, refusals.
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { type IncomingHttpHeaders, type IncomingMessage, request as openRequest } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Daemon, type DaemonOptions, startDaemon } from '../../src/daemon/daemon.ts'
import { OAUTH2_CLIENT, type StartedOAuth2Server, startOAuth2Server } from '../support/oauth2-server.ts'
import { startProtectedApi } from '../support/protected-api.ts'
import { capture } from '../support/run-command.ts'

interface Reply {
  status: number
  headers: IncomingHttpHeaders
  text: string
  // biome-ignore lint/suspicious/noExplicitAny: whatever the daemon answers is looked at member by member.
  json: any
}

type Api = Awaited<ReturnType<typeof startProtectedApi>>

const folder = mkdtempSync(join(tmpdir(), 'bearerd-daemon-'))
const file = join(folder, 'services.yaml')
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/
let auth: StartedOAuth2Server
let api: Api
let daemon: Daemon
let closedPort: number

function configuration(): { version: 1; accounts: object; services: object } {
  const account = { accessTokenUri: auth.tokenUrl, clientId: OAUTH2_CLIENT.id, scope: [] }
  return {
    version: 1,
    accounts: {
      machine: { ...account, clientSecret: OAUTH2_CLIENT.secret },
      away: { ...account, accessTokenUri: `http://127.0.0.1:${closedPort}/token`, clientSecret: 'x', timeout: '2s' },
      wrong: { ...account, clientSecret: 'not-the-secret' },
      key: { authorization: 'query', query: { name: 'api_key', value: 'query-secret' } },
    },
    services: {
      orders: { title: 'Orders', account: 'machine', serverUrl: api.url },
      lost: { account: 'away', serverUrl: api.url },
      refused: { account: 'wrong', serverUrl: api.url },
      keyed: { account: 'key', serverUrl: api.url },
      open: { account: { authorization: 'none' }, serverUrl: api.url },
    },
  }
}

function start(options: Partial<DaemonOptions> = {}): Promise<Daemon> {
  return startDaemon({
    paths: [file],
    listen: '127.0.0.1:0',
    adminListen: '127.0.0.1:0',
    logLevel: 'silent',
    ...options,
  })
}

test.before(async () => {
  closedPort = await freePort()
  auth = await startOAuth2Server()
  api = await startProtectedApi({ check: auth.isActive })
  writeFileSync(file, JSON.stringify(configuration()))
  daemon = await start()
})

test.after(async () => {
  await daemon?.stop(500)
  for (const server of [auth, api]) await server?.close()
  rmSync(folder, { recursive: true, force: true })
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  await new Promise(resolve => server.close(resolve))
  return port
}

/** With any header, which `fetch` does not send. */
async function send(base: string, path: string, options: { method?: string; headers?: object } = {}): Promise<Reply> {
  const { method = 'GET', headers = {} } = options
  const target = base.startsWith('unix:')
    ? { socketPath: base.slice('unix:'.length), host: 'localhost' }
    : { host: new URL(base).hostname, port: new URL(base).port }
  const outgoing = openRequest({ ...target, path, method, headers: { ...headers }, timeout: 5000 })
  outgoing.on('timeout', () => outgoing.destroy(new Error('no answer within 5 s'))).end()
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage]
  const body = await text(incoming)
  const json = /json/.test(incoming.headers['content-type'] ?? '') && body !== '' ? JSON.parse(body) : undefined
  return { status: incoming.statusCode ?? 0, headers: incoming.headers, text: body, json }
}

const get = (path: string, headers: object = {}) => send(daemon.api, path, { headers })
const admin = (path: string, method = 'GET') => send(daemon.admin, path, { method })

function assertProblem(reply: Reply, expected: { status: number; code: string; service?: string }): void {
  assert.is(reply.status, expected.status, reply.text)
  assert.is(reply.headers['content-type'], 'application/problem+json')
  const { type, title, status, detail, code, service, requestId } = reply.json
  assert.equal({ status, code, service }, { service: undefined, ...expected })
  for (const member of [title, detail, requestId]) assert.ok(typeof member === 'string' && member !== '', reply.text)
  assert.ok(URL.canParse(type), type)
}

async function failure(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => assert.unreachable('this must fail') as never,
    (error: Error) => error,
  )
}

async function metric(name: string): Promise<number | undefined> {
  const { text: metrics } = await admin('/metrics')
  const line = metrics.split('\n').find(candidate => candidate.startsWith(`${name} `))
  return line === undefined ? undefined : Number(line.slice(name.length + 1))
}

/** The configuration of the other tests is back afterwards. */
async function withFile(content: string, run: () => Promise<void>): Promise<void> {
  writeFileSync(file, content)
  try {
    await run()
  } finally {
    writeFileSync(file, JSON.stringify(configuration()))
    assert.is((await admin('/-/reload', 'POST')).status, 200)
  }
}

test('services are listed and shown one by one, without a secret', async () => {
  await get('/v1/services/orders/authorization')
  const list = await get('/v1/services')
  assert.equal(
    list.json.services.map(({ name }: { name: string }) => name),
    ['orders', 'lost', 'refused', 'keyed', 'open'],
  )
  const orders = { name: 'orders', title: 'Orders', account: 'machine', state: 'ready' }
  assert.equal(list.json.services[0], orders)
  assert.equal((await get('/v1/services/orders')).json, orders)
  assert.is((await get('/v1/services/keyed')).json.state, 'ready')
  for (const secret of [OAUTH2_CLIENT.secret, 'query-secret', 'not-the-secret']) assert.not.match(list.text, secret)
})

test('an authorization stands in the header of the response and in its body', async () => {
  const { status, headers, json } = await get('/v1/services/orders/authorization')
  assert.is(status, 200)
  assert.match(String(headers.authorization), /^Bearer \S+$/)
  assert.ok(await auth.isActive(String(headers.authorization).slice('Bearer '.length)))
  assert.is(headers['cache-control'], 'no-store')
  assert.match(String(headers['content-type']), /^application\/json/)
  const { expiresAt, ...rest } = json
  assert.equal(rest, { service: 'orders', headers: { Authorization: headers.authorization }, query: {} })
  assert.match(expiresAt, RFC_3339)
  const lifeMs = Date.parse(expiresAt) - Date.now()
  assert.ok(lifeMs > 3_500_000 && lifeMs <= 3_600_000, String(lifeMs))
})

test('HEAD has the header and no body, as forward authentication asks', async () => {
  const {
    status,
    headers,
    text: body,
  } = await send(daemon.api, '/v1/services/orders/authorization', { method: 'HEAD' })
  assert.is(status, 200)
  assert.match(String(headers.authorization), /^Bearer /)
  assert.is(body, '')
})

test('a key for the query, and an open service, never expire', async () => {
  assert.equal((await get('/v1/services/keyed/authorization')).json, {
    service: 'keyed',
    headers: {},
    query: { api_key: 'query-secret' },
    expiresAt: null,
  })
  const open = { service: 'open', headers: {}, query: {}, expiresAt: null }
  assert.equal((await get('/v1/services/open/authorization')).json, open)
})

test('minTtl: a shorter one keeps the token, a longer one asks for another', async () => {
  await get('/v1/services/orders/authorization')
  const before = auth.requests.length
  for (const minTtl of ['0s', '500ms', '10s', '10m']) {
    assert.is((await get(`/v1/services/orders/authorization?minTtl=${minTtl}`)).status, 200, minTtl)
  }
  assert.is(auth.requests.length, before)
  // A little more than what is left, and less than a fresh token's life.
  const { expiresAt } = (await get('/v1/services/orders/authorization')).json as { expiresAt: string }
  await new Promise(resolve => setTimeout(resolve, 60))
  const leftMs = Date.parse(expiresAt) - Date.now() + 30
  assert.is((await get(`/v1/services/orders/authorization?minTtl=${leftMs}ms`)).status, 200)
  assert.is(auth.requests.length, before + 1)
  // No token of this server lives so long: a fresh one is as good as it gets.
  assert.is((await get('/v1/services/orders/authorization?minTtl=2h')).status, 200)
})

for (const query of ['minTtl=10', 'minTtl=', 'minTtl=-5s', 'minTtl=ten', 'minTtl=1.5h', 'minTtl=5s&minTtl=6s']) {
  test(`${query} is refused`, async () => {
    const reply = await get(`/v1/services/orders/authorization?${query}`)
    assertProblem(reply, { status: 400, code: 'invalid_request', service: 'orders' })
    assert.match(reply.json.detail, 'minTtl')
    assert.is(reply.headers.authorization, undefined)
  })
}

test('concurrent callers cause one token request', async () => {
  await send(daemon.api, '/v1/services/orders/token', { method: 'DELETE' })
  const before = auth.requests.length
  const replies = await Promise.all(Array.from({ length: 50 }, () => get('/v1/services/orders/authorization')))
  assert.is(new Set(replies.map(({ headers }) => headers.authorization)).size, 1)
  assert.is(auth.requests.length, before + 1)
})

test('a token that is deleted is fetched anew', async () => {
  const first = await get('/v1/services/orders/authorization')
  const deleted = await send(daemon.api, '/v1/services/orders/token', { method: 'DELETE' })
  assert.is(deleted.status, 204)
  assert.is(deleted.text, '')
  const second = await get('/v1/services/orders/authorization')
  assert.is(second.status, 200)
  assert.is.not(second.headers.authorization, first.headers.authorization)
})

for (const [method, path] of [
  ['GET', ''],
  ['GET', '/authorization'],
  ['DELETE', '/token'],
  ['GET', '/proxy/x'],
  ['POST', '/proxy'],
] as const) {
  test(`an unknown service has a suggestion: ${method} ${path}`, async () => {
    const reply = await send(daemon.api, `/v1/services/order${path}`, { method })
    assertProblem(reply, { status: 404, code: 'unknown_service', service: 'order' })
    assert.match(reply.json.detail, 'did you mean `orders`')
  })
}

test('an unknown route is a problem too, on both listeners', async () => {
  assertProblem(await get('/v2'), { status: 404, code: 'not_found' })
  assertProblem(await get('/v1/services/%zz'), { status: 400, code: 'invalid_request' })
  assertProblem(await admin('/v2'), { status: 404, code: 'not_found' })
  assertProblem(await admin('/-/reload', 'GET'), { status: 405, code: 'method_not_allowed' })
})

test("a request's own id comes back, unless it is not a plain one", async () => {
  assert.is((await get('/v1/services/x', { 'x-request-id': 'abc-1.2_3' })).json.requestId, 'abc-1.2_3')
  assert.is.not((await get('/v1/services/x', { 'x-request-id': 'a"b c' })).json.requestId, 'a"b c')
})

test('a refused token request says what the endpoint said and what to do', async () => {
  const reply = await get('/v1/services/refused/authorization')
  assertProblem(reply, { status: 502, code: 'token_refused', service: 'refused' })
  assert.match(reply.json.detail, /`wrong`.*\/token answered 40[01] invalid_client.*check clientId/)
  assert.is(reply.json.account, 'wrong')
  assert.not.match(reply.text, 'not-the-secret')
  const again = await get('/v1/services/refused/authorization')
  assert.match(again.json.nextAttemptAt, RFC_3339)
})

test('an unreachable token endpoint fails its own service alone', async () => {
  const started = await admin('/-/ready')
  assert.is(started.status, 200)
  const lost = get('/v1/services/lost/authorization')
  assert.is((await get('/v1/services/orders/authorization')).status, 200)
  const reply = await lost
  assertProblem(reply, { status: 503, code: 'token_unreachable', service: 'lost' })
  assert.match(reply.json.detail, /`away`: 127\.0\.0\.1:\d+\/token cannot be reached: connection refused/)
  assert.is((await get('/v1/services/lost/proxy/x')).status, 503)
})

test('an answer for want of a token says when the next attempt is: authorization, forward authentication and proxy, the first caller too', async () => {
  const asked = ['GET', 'authorization', {}] as const
  const forward = ['HEAD', 'authorization', { 'X-Forwarded-Uri': '/x' }] as const
  const proxied = ['POST', 'proxy/x', {}] as const
  for (const [method, path, headers] of [asked, forward, proxied, asked]) {
    if (path === 'proxy/x') await send(daemon.api, '/v1/services/lost/token', { method: 'DELETE' })
    const reply = await send(daemon.api, `/v1/services/lost/${path}`, { method, headers })
    assert.is(reply.status, 503, reply.text)
    assert.match(reply.headers['retry-after'] ?? 'none', /^[1-9]\d?$/)
    if (method !== 'HEAD') assert.match(reply.json.nextAttemptAt, RFC_3339)
  }
  for (const path of ['authorization', 'proxy/x', 'authorization']) {
    const refused = await get(`/v1/services/refused/${path}`)
    assert.is(refused.status, 502)
    assert.match(refused.headers['retry-after'] ?? 'none', /^[1-9]\d*$/)
    assert.match(refused.json.nextAttemptAt, RFC_3339)
  }
})

for (const host of [
  'evil.example',
  'evil.example:80',
  '127.0.0.1.evil.example',
  '[::2]',
  '10.0.0.1',
  'localhost@evil',
]) {
  test(`Host ${host} is not ours`, async () => {
    for (const base of [daemon.api, daemon.admin]) {
      const reply = await send(base, '/v1/services/orders/authorization', { headers: { host } })
      assertProblem(reply, { status: 421, code: 'misdirected_request' })
      assert.is(reply.headers.authorization, undefined)
    }
  })
}

for (const host of ['127.0.0.1', '127.0.0.1:9', 'localhost', 'LOCALHOST:8080', '[::1]:80']) {
  test(`Host ${host} is ours`, async () => {
    assert.is((await get('/v1/services', { host })).status, 200)
  })
}

const PAGES: [string, object, number][] = [
  ['another site', { 'sec-fetch-site': 'cross-site' }, 403],
  ['another host of the same site', { 'sec-fetch-site': 'same-site' }, 403],
  ['another origin', { origin: 'https://evil.example' }, 403],
  ['another port', { origin: 'http://127.0.0.1:1' }, 403],
  ['a hidden origin', { origin: 'null' }, 403],
  ['the same origin', { 'sec-fetch-site': 'same-origin' }, 200],
  ['the address bar', { 'sec-fetch-site': 'none' }, 200],
]

for (const [name, headers, status] of PAGES) {
  test(`a browser's request from ${name}: ${status}`, async () => {
    for (const [base, path] of [
      [daemon.api, '/v1/services/orders/authorization'],
      [daemon.admin, '/v1/status'],
    ] as const) {
      const reply = await send(base, path, { headers })
      if (status === 403) assertProblem(reply, { status, code: 'cross_site_request' })
      else assert.is(reply.status, status)
    }
  })
}

test('a page from elsewhere cannot reach a service through the proxy', async () => {
  const before = api.count()
  const headers = { 'sec-fetch-site': 'cross-site' }
  assert.is((await send(daemon.api, '/v1/services/orders/proxy/x', { method: 'POST', headers })).status, 403)
  assert.is(api.count(), before)
})

test('healthy and ready', async () => {
  assert.equal([(await admin('/-/healthy')).status, (await admin('/-/healthy')).text], [200, 'healthy\n'])
  assert.equal([(await admin('/-/ready')).status, (await admin('/-/ready')).text], [200, 'ready\n'])
})

test('a reload without a change: next generation, same token', async () => {
  const before = await get('/v1/services/orders/authorization')
  const { json: status } = await admin('/v1/status')
  const reply = await admin('/-/reload', 'POST')
  assert.is(reply.status, 200)
  assert.is(reply.json.generation, status.generation.id + 1)
  const after = await get('/v1/services/orders/authorization')
  assert.is(after.headers.authorization, before.headers.authorization)
})

test('a changed file is active after a reload', async () => {
  const { services, ...rest } = configuration()
  const changed = { ...rest, services: { ...services, added: { account: 'machine', serverUrl: api.url } } }
  await withFile(JSON.stringify(changed), async () => {
    assert.is((await get('/v1/services/added')).status, 404)
    assert.is((await admin('/-/reload', 'POST')).status, 200)
    assert.is((await get('/v1/services/added/authorization')).status, 200)
  })
})

test('a broken edit keeps the running generation and is shown everywhere', async () => {
  const broken = 'version: 1\nservices:\n  orders:\n    acount: machine\n    serverUrl: https://api.example\n'
  const { json: before } = await admin('/v1/status')
  await withFile(broken, async () => {
    const reply = await admin('/-/reload', 'POST')
    assertProblem(reply, { status: 422, code: 'invalid_configuration' })
    const { diagnostics } = reply.json
    const unknown = diagnostics.find(({ code }: { code: string }) => code === 'schema/unknown-key')
    assert.match(unknown.message, 'acount')
    const position = (line: number, column: number) => ({ line, column })
    assert.equal(unknown.range, { start: position(4, 5), end: position(4, 11) })
    const report = await jsonReportOf(file)
    assert.equal(diagnostics, report.diagnostics)
    const { json: status } = await admin('/v1/status')
    assert.equal(status.generation, before.generation)
    assert.is(status.lastReload.ok, false)
    assert.match(status.lastReload.at, RFC_3339)
    assert.equal(status.lastReload.diagnostics, diagnostics)
    assert.is(await metric('bearerd_config_last_reload_successful'), 0)
    assert.is(await metric('bearerd_generation'), before.generation.id)
    assert.is((await get('/v1/services/orders/authorization')).status, 200)
    assert.is((await admin('/-/ready')).status, 200)
  })
  assert.is(await metric('bearerd_config_last_reload_successful'), 1)
})

/** What `bearerd validate --format json` prints about the same file. */
async function jsonReportOf(path: string): Promise<{ diagnostics: unknown[] }> {
  const { execFile } = await import('node:child_process')
  const stdout = await new Promise<string>(resolve => {
    execFile(process.execPath, ['src/cli/main.ts', 'validate', '--format', 'json', path], (_error, out) => resolve(out))
  })
  return JSON.parse(stdout)
}

test('status has its shape', async () => {
  await get('/v1/services/orders/authorization')
  await get('/v1/services/refused/authorization')
  const { json, text: body } = await admin('/v1/status')
  assert.equal(Object.keys(json).sort(), ['deliveries', 'generation', 'lastReload', 'reloads', 'services', 'state'])
  assert.type(json.generation.id, 'number')
  assert.match(json.generation.activatedAt, RFC_3339)
  assert.equal(Object.keys(json.lastReload), ['ok', 'at', 'diagnostics'])
  for (const service of Object.values(json.services) as Record<string, unknown>[]) {
    for (const key of ['account', 'state', 'expiresAt', 'lastError']) assert.ok(key in service, key)
  }
  assert.is(json.services.orders.state, 'ready')
  assert.match(json.services.orders.expiresAt, RFC_3339)
  assert.is(json.services.orders.lastError, null)
  assert.is(json.services.refused.state, 'failing')
  assert.is(json.services.refused.lastError.code, 'token_refused')
  for (const secret of [OAUTH2_CLIENT.secret, 'query-secret', 'not-the-secret']) assert.not.match(body, secret)
})

const METRICS = [
  'bearerd_generation',
  'bearerd_config_last_reload_successful',
  'bearerd_config_last_reload_success_timestamp_seconds',
  'bearerd_token_requests_total{account="machine",outcome="success"}',
  'bearerd_token_requests_total{account="wrong",outcome="failure"}',
  'bearerd_token_request_duration_seconds_count',
  'bearerd_token_rejected_total{service="orders"}',
  'bearerd_token_expiry_timestamp_seconds{account="machine"}',
  'bearerd_authorizations_total{service="orders",outcome="success"}',
  'bearerd_authorizations_total{service="refused",outcome="failure"}',
  'bearerd_proxy_requests_total{service="orders",status="200"}',
  'bearerd_proxy_request_duration_seconds_count',
]

test('every metric is there after what it counts has happened', async () => {
  await get('/v1/services/refused/authorization')
  await get('/v1/services/orders/authorization')
  auth.revokeAll()
  assert.is((await get('/v1/services/orders/proxy/x')).status, 200)
  const { headers } = await admin('/metrics')
  assert.match(String(headers['content-type']), /^text\/plain/)
  for (const name of METRICS) assert.ok(Number(await metric(name)) > 0, name)
  const expiry = Number(await metric('bearerd_token_expiry_timestamp_seconds{account="machine"}'))
  assert.ok(Math.abs(expiry - Date.now() / 1000 - 3600) < 60)
})

for (const address of [
  '0.0.0.0:0',
  ':0',
  '[::]:0',
  '192.0.2.1:0',
  '8.8.8.8:0',
  'example.com:0',
  '127.0.0.1.evil.example:0',
]) {
  test(`listening on ${address} is refused, by flag and by file`, async () => {
    const said = capture(process.stderr)
    const byFlag = await failure(start({ listen: address, logLevel: 'debug', logFormat: 'json' })).finally(said.restore)
    assert.match(byFlag.message, 'daemon/exposed')
    assert.is(said.text(), '', 'nothing is said to be active before')
    assert.match((await failure(start({ adminListen: address }))).message, 'daemon/exposed')
    const exposed = join(folder, 'exposed.yaml')
    writeFileSync(exposed, JSON.stringify({ version: 1, daemon: { listen: address } }))
    const byFile = await failure(startDaemon({ paths: [exposed], adminListen: '127.0.0.1:0', logLevel: 'silent' }))
    assert.is(byFile.name, 'ConfigurationError')
    assert.match(byFile.message, /^\S*exposed\.yaml:1:\d+: .*\[daemon\/exposed\]/)
  })
}

test('another state folder is told in one line of the log, however often it is read', async () => {
  const own = join(folder, 'state.yaml')
  const write = (dir: string) => writeFileSync(own, JSON.stringify({ version: 1, daemon: { state: { dir } } }))
  const said = capture(process.stderr)
  try {
    write('one')
    const moved = await start({ paths: [own], logLevel: 'info', logFormat: 'json' })
    write('other')
    for (let reload = 0; reload < 3; reload++) assert.ok((await moved.executor.reload()).ok)
    await moved.stop(0)
  } finally {
    said.restore()
  }
  const lines = said.text().split('\n')
  assert.is(lines.filter(line => line.includes('daemon.state') && line.includes('"warn"')).length, 1, said.text())
})

test('the log is JSON, and for people on a terminal', async () => {
  for (const isTerminal of [false, true]) {
    const said = capture(process.stderr)
    try {
      process.stderr.isTTY = isTerminal
      const own = await start({ logLevel: 'info' })
      await own.stop(0)
    } finally {
      said.restore()
    }
    const lines = said.text().trim().split('\n')
    if (isTerminal)
      assert.ok(
        lines.some(line => /^\d\d:\d\d:\d\d\.\d+ info +ready /.test(line)),
        said.text(),
      )
    else assert.ok(lines.every(line => typeof JSON.parse(line).msg === 'string'))
  }
})

test('an address that is none is refused', async () => {
  for (const address of ['7117', 'localhost', '127.0.0.1:99999', 'http://127.0.0.1:0']) {
    assert.match((await failure(start({ listen: address }))).message, 'is not an address')
  }
})

test('a taken port is told, and nothing stays open', async () => {
  const { port } = new URL(daemon.api)
  const error = await failure(start({ listen: `127.0.0.1:${port}` }))
  assert.match(error.message, `cannot listen on 127.0.0.1:${port}: another process listens there`)
})

test('a Unix socket: only for its owner, gone after the stop, and a stale one is replaced', async () => {
  const path = join(folder, 'api.sock')
  const own = await start({ listen: `unix:${path}` })
  assert.is(own.api, `unix:${path}`)
  assert.is(statSync(path).mode & 0o777, 0o600)
  assert.is((await send(own.api, '/v1/services/orders/authorization')).status, 200)
  assert.match((await failure(start({ listen: `unix:${path}` }))).message, 'another process listens there')
  assert.is((await send(own.api, '/v1/services')).status, 200)
  await own.stop(500)
  assert.not.ok(existsSync(path))
})

test('a file that is no socket is not removed to listen there', async () => {
  const path = join(folder, 'precious.txt')
  writeFileSync(path, 'precious')
  await failure(start({ listen: `unix:${path}` }))
  assert.ok(existsSync(path))
})

test('stopping: not ready, running requests finish, the listeners close', async () => {
  const own = await start()
  const slow = send(own.api, '/v1/services/orders/proxy/slow?ms=1000')
  const before = api.count()
  while (api.count() === before) await new Promise(setImmediate)
  assert.is((await send(own.admin, '/-/ready')).status, 200)
  const stopped = own.stop(20_000)
  const probe = await send(own.admin, '/-/ready')
  assert.equal([probe.status, probe.text], [503, 'not ready\n'], 'while the request runs')
  assert.is((await send(own.admin, '/-/healthy')).status, 200)
  await stopped
  assert.is((await slow).status, 200)
  const server = createServer()
  server.listen(Number(new URL(own.api).port), '127.0.0.1')
  await once(server, 'listening')
  server.close()
})

test('stopping: what takes longer than the limit is cut', async () => {
  const own = await start()
  const slow = failure(send(own.api, '/v1/services/orders/proxy/slow?ms=20000'))
  const before = api.count()
  while (api.count() === before) await new Promise(setImmediate)
  const startedAt = performance.now()
  await own.stop(200)
  assert.match((await slow).message, /socket hang up|ECONNRESET/)
  assert.ok(performance.now() - startedAt < 15_000)
})

test.run()
