// What a service calls a rejected token, through the proxy, the library's client and deliveries: one new token and one replay,
// answers that are not judged pass untouched, and refusals without end cause no storm.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { systemClock } from '../../src/base/clock.ts'
import { silentLog } from '../../src/base/log.ts'
import { type AppError, createExecutor, type Executor } from '../../src/index.ts'
import { createMetrics } from '../../src/server/metrics.ts'
import { ServiceProxy } from '../../src/server/proxy/proxy.ts'
import { rejectionOf } from '../compile/compiled.ts'
import { type Loopback, listenOnLoopback, sendJson } from '../support/loopback.ts'

const folder = mkdtempSync(join(tmpdir(), 'bearerd-reauthenticate-'))
const file = join(folder, 'services.yaml')
let issuer: Loopback
let api: Loopback
let door: Loopback
let executor: Executor
let proxy: ServiceProxy
/** Right after it was issued, a refused token is replaced with a pause; these are a little older. Time passes by this alone. */
let laterMs = 0
let issued = 0
/** What the service got, of the present test. */
let seen: { token: string; body: string }[] = []
let answer: (request: IncomingMessage, response: ServerResponse, token: string) => void

const REFUSAL = { errcode: 40001, errmsg: 'invalid credential' }

test.before(async () => {
  issuer = await listenOnLoopback((request, response) => {
    request.resume()
    issued++
    sendJson(response, 200, { access_token: `token-${issued}`, token_type: 'Bearer', expires_in: 3600 })
  })
  api = await listenOnLoopback(async (request, response) => {
    const token = String(request.headers.authorization ?? request.headers['x-key'] ?? '').replace(/^Bearer /, '')
    const body = await text(request)
    seen.push({ token, body })
    answer(request, response, token)
  })
  const account = {
    accessTokenUri: `${issuer.url}/token`,
    clientId: 'job',
    clientSecret: 'fake-secret',
    scope: [],
  }
  const body = { status: [200], at: '/errcode', equals: 40001 }
  const rules: Record<string, unknown> = {
    body,
    member: { status: [200], at: '/error' },
    young: { status: [403], minAge: '1h' },
    list: [{ status: [401, 403] }, { ...body, equals: '40001' }],
    forever: { status: [401] },
    mature: { ...body, minAge: '1h' },
  }
  const accounts: Record<string, unknown> = { feeder: account }
  const services: Record<string, unknown> = {
    fed: {
      account: { authorization: 'header', header: { name: 'X-Key', value: { account: 'feeder' } } },
      serverUrl: api.url,
    },
  }
  for (const [name, reauthenticateOn] of Object.entries(rules)) {
    accounts[name] = { ...account, clientId: name }
    services[name] = { account: name, serverUrl: api.url, reauthenticateOn }
  }
  const sent = { type: 'sendToConnectedService', path: '/x', content: { text: { template: 'hello' } } }
  const actions = Object.fromEntries(
    ['body', 'list', 'forever', 'fed', 'mature'].flatMap(name => [
      [name, { ...sent, authenticateWith: name }],
      [`${name}-kept`, { ...sent, authenticateWith: name, keepResponse: { maxSize: '9B' } }],
    ]),
  )
  writeFileSync(file, JSON.stringify({ version: 1, accounts, services, actions }))
  const startMs = Date.now()
  const clock = { ...systemClock, nowMs: () => startMs + laterMs, monotonicMs: () => laterMs }
  executor = createExecutor({ clock })
  await executor.load(file)
  proxy = new ServiceProxy({ log: silentLog, metrics: createMetrics() })
  door = await listenOnLoopback((request, response) => {
    const service = executor.service(request.url!.slice(1))
    proxy.forward({ request, response, requestId: 'id' }, service, '/x')
  })
})

test.after(async () => {
  await door?.close()
  await proxy?.close()
  await executor?.[Symbol.asyncDispose]()
  await Promise.all([issuer?.close(), api?.close()])
  rmSync(folder, { recursive: true, force: true })
})

test.before.each(() => {
  seen = []
})

/** Both ways to a service. */
const WAYS: [string, (service: string, init?: RequestInit) => Promise<Response>][] = [
  ['proxy', (service, init = {}) => fetch(`${door.url}/${service}`, init)],
  [
    'client',
    (service, init = {}) => Promise.resolve(executor.client(service)('x', { ...init, throwHttpErrors: false })),
  ],
]

/** Refuses the first token that it sees, and takes every other one. */
function refuseFirst(refuse: (response: ServerResponse) => void): void {
  let first: string | undefined
  answer = (_request, response, token) => {
    first ??= token
    if (token === first) refuse(response)
    else sendJson(response, 200, { errcode: 0, errmsg: 'ok' })
  }
}

for (const [way, call] of WAYS) {
  for (const [service, name, refuse] of [
    ['body', 'in the body of a 200', response => sendJson(response, 200, REFUSAL)],
    ['member', 'by a member alone', response => sendJson(response, 200, { error: 'token' })],
    ['list', 'by a second rule, the value as text', response => sendJson(response, 200, REFUSAL)],
    ['list', 'by a listed status', response => sendJson(response, 403, {})],
    [
      'body',
      'in a compressed body',
      response =>
        response
          .writeHead(200, { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' })
          .end(gzipSync(JSON.stringify(REFUSAL))),
    ],
    [
      'body',
      'in plain text, piece by piece',
      response => {
        response.writeHead(200, { 'Content-Type': 'text/plain' })
        response.write('{"errcode":')
        setImmediate(() => response.end('40001}'))
      },
    ],
    ['fed', 'by 401 to a header that another account feeds', response => sendJson(response, 401, {})],
  ] as [string, string, (response: ServerResponse) => void][]) {
    test(`${way}: a token refused ${name}: one new token, one replay with the same body`, async () => {
      await forget(service)
      refuseFirst(refuse)
      const before = issued
      const response = await call(service, { method: 'POST', body: 'hello' })
      assert.is(response.status, 200)
      assert.equal(await response.json(), { errcode: 0, errmsg: 'ok' })
      assert.equal(
        seen.map(({ body }) => body),
        ['hello', 'hello'],
      )
      assert.is.not(seen[0]!.token, seen[1]!.token)
      assert.is(issued - before, 1)
    })
  }

  for (const [name, type, body] of [
    ['another value', 'application/json', '{"errcode":40002}'],
    ['no JSON', 'application/json', '40001'],
    ['a large body', 'application/json', JSON.stringify({ ...REFUSAL, more: 'x'.repeat(70_000) })],
    ['another type', 'application/octet-stream', JSON.stringify(REFUSAL)],
    ['no body', 'application/json', ''],
  ] as const) {
    test(`${way}: ${name} passes as it is`, async () => {
      await (await call('body')).text()
      seen = []
      const before = issued
      answer = (_request, response) => {
        response.writeHead(200, { 'Content-Type': type, 'X-Own': 'yes' })
        response.write(body.slice(0, 10))
        setImmediate(() => response.end(body.slice(10)))
      }
      const response = await call('body')
      assert.is(response.headers.get('x-own'), 'yes')
      assert.is(await response.text(), body)
      assert.is(seen.length, 1)
      assert.is(issued, before)
    })
  }

  test(`${way}: an ordinary 403 costs no new token while the token is younger than minAge`, async () => {
    answer = (_request, response) => sendJson(response, 403, { reason: 'not yours' })
    assert.is((await call('young')).status, 403)
    const before = issued
    for (let round = 0; round < 3; round++) assert.is((await call('young')).status, 403)
    assert.is(seen.length, 4)
    assert.is(issued, before)
  })

  test(`${way}: a status that no rule names is no refusal`, async () => {
    answer = (_request, response) => sendJson(response, 401, {})
    const response = await call('body')
    assert.is(response.status, 401)
    assert.is(seen.length, 1)
  })

  for (const status of [400, 403, 404]) {
    test(`${way}: ${status} is no refusal where nothing is said of it`, async () => {
      await forget('fed')
      answer = (_request, response) =>
        response.writeHead(status, { 'WWW-Authenticate': 'Bearer error="insufficient_scope"' }).end()
      const before = issued
      assert.is((await call('fed')).status, status)
      assert.equal([seen.length, issued - before], [1, 0])
    })
  }

  test(`${way}: a service whose clock is behind refuses a fresh token: one repetition, a second later`, async () => {
    await forget('list', 0)
    refuseFirst(response => sendJson(response, 401, {}))
    const startedMs = performance.now()
    assert.is((await call('list')).status, 200)
    assert.is(seen.length, 2)
    assert.ok(performance.now() - startedMs > 900)
  })

  for (const service of ['forever', 'fed']) {
    test(`${way}: ${service}: whoever refuses every token causes no storm`, async () => {
      await forget(service)
      answer = (_request, response) => sendJson(response, 401, {})
      const before = issued
      for (let round = 0; round < 5; round++) assert.is((await call(service)).status, 401)
      assert.is(issued - before, 1)
    })
  }
}

async function delivered(action: string) {
  const { result } = executor.deliver(action, { attempts: 1 })
  const { requests } = await result
  assert.is(requests.length, 1)
  return requests[0]!
}

for (const [service, name, refuse] of [
  ['body', 'in the body of a 200', response => sendJson(response, 200, REFUSAL)],
  ['list', 'by a listed status', response => sendJson(response, 403, {})],
  ['fed', 'by 401 to a header that another account feeds', response => sendJson(response, 401, {})],
  [
    'body',
    'in a compressed body',
    response =>
      response
        .writeHead(200, { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' })
        .end(gzipSync(JSON.stringify(REFUSAL))),
  ],
] as [string, string, (response: ServerResponse) => void][]) {
  for (const action of [service, `${service}-kept`]) {
    test(`delivery ${action}: a token refused ${name}: one new token, and the same once more`, async () => {
      await forget(service)
      refuseFirst(refuse)
      const before = issued
      const { status, attempts, response } = await delivered(action)
      assert.equal([status, attempts], [200, 1])
      if (action !== service && name !== 'in a compressed body')
        assert.equal([String(response!.body), response!.cut], ['{"errcode', true])
      assert.equal(
        seen.map(({ body }) => body),
        ['hello', 'hello'],
      )
      assert.is.not(seen[0]!.token, seen[1]!.token)
      assert.is(issued - before, 1)
    })
  }
}

test('delivery: a 200 that refuses every token is no success: one new token, and the delivery fails for good', async () => {
  await forget('body')
  answer = (_request, response) => sendJson(response, 200, REFUSAL)
  const before = issued
  const error = (await rejectionOf(delivered('body'))) as AppError
  assert.equal([error.code, error.details.status, error.details.transient], ['delivery_refused', 200, false])
  assert.match(error.message, /answered 200, which `reauthenticateOn` calls a refusal of the token, also of a new one/)
  assert.equal([seen.length, issued - before], [2, 1])
})

test('delivery: a 200 that refuses a token that is too young to be replaced: no success, and tried again later', async () => {
  await forget('mature')
  answer = (_request, response) => sendJson(response, 200, REFUSAL)
  const before = issued
  const error = (await rejectionOf(delivered('mature'))) as AppError
  assert.equal([error.code, error.details.status, error.details.transient], ['delivery_refused', 200, true])
  assert.equal([seen.length, issued - before], [1, 0])
})

for (const [name, write] of [
  ['another value', response => sendJson(response, 200, { errcode: 0 })],
  ['a large body', response => sendJson(response, 200, { ...REFUSAL, more: 'x'.repeat(70_000) })],
  ['another type', response => response.writeHead(200, { 'Content-Type': 'image/png' }).end(JSON.stringify(REFUSAL))],
  ['a body that breaks off', response => breakOff(response)],
] as [string, (response: ServerResponse) => void][]) {
  test(`delivery: ${name} is no refusal`, async () => {
    await forget('body')
    answer = (_request, response) => write(response)
    const before = issued
    assert.is((await delivered('body')).status, 200)
    assert.equal([seen.length, issued - before], [1, 0])
  })
}

/** What was to come cannot be known; what the status says stands. */
function breakOff(response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': '50' }).write('{"errcode":')
  setTimeout(() => response.destroy(), 20)
}

test('an event stream is never kept back, also where bodies are judged', async () => {
  let end: () => void = () => undefined
  answer = (_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write('data: 1\n\n')
    end = () => response.end()
  }
  const response = await fetch(`${door.url}/body`)
  const { value } = await response.body!.getReader().read()
  assert.is(Buffer.from(value!).toString(), 'data: 1\n\n')
  end()
})

test('a refusal of a streamed upload passes, and the next request has a new token', async () => {
  await forget('body')
  refuseFirst(response => sendJson(response, 200, REFUSAL))
  const url = `${door.url}/body`
  const response = await fetch(url, { method: 'POST', body: 'x'.repeat(100_000) })
  assert.equal(await response.json(), REFUSAL)
  assert.is(seen.length, 1)
  assert.equal(await (await fetch(url)).json(), { errcode: 0, errmsg: 'ok' })
})

/** Holds a token then that nobody refused. */
async function forget(service: string, ageMs = 5_000): Promise<void> {
  const { account } = executor.service(service)
  for (const { source } of account.feeders()) source.forget()
  account.source.forget()
  await executor.authorize(service)
  laterMs += ageMs
}

test.run()
