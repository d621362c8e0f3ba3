// The proxy between real callers and real upstreams: what passes, what is replaced, and how it ends when a side misbehaves.
// Bearers come from real authorization servers; one API checks them, another one does whatever a test tells it.
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import {
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request as openRequest,
  type RequestListener,
  type ServerResponse,
} from 'node:http'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Daemon, startDaemon } from '../../src/daemon/daemon.ts'
import { type Loopback, listenOnLoopback, sendJson } from '../support/loopback.ts'
import { OAUTH2_CLIENT, type StartedOAuth2Server, startOAuth2Server } from '../support/oauth2-server.ts'
import { OIDC_POST_CLIENT, type StartedOidcServer, startOidcServer } from '../support/oidc-server.ts'
import { type Echo, type ProtectedApi, startProtectedApi } from '../support/protected-api.ts'

interface Seen {
  method: string
  url: string
  headers: IncomingHttpHeaders
  rawHeaders: string[]
}

interface Reply {
  status: number
  headers: IncomingHttpHeaders
  rawHeaders: string[]
  body: Buffer
}

interface Call {
  method?: string
  headers?: OutgoingHttpHeaders
  body?: Buffer | Readable
}

const folder = mkdtempSync(join(tmpdir(), 'bearerd-proxy-'))
const API_KEY = 'key-of-the-service'
const TIMEOUT_MESSAGE = 'The upstream sleeps. Wake it.'
const upstreamSaw: Seen[] = []
let answer: RequestListener
let auth: StartedOAuth2Server
let oidc: StartedOidcServer
let api: ProtectedApi
let oidcApi: ProtectedApi
let upstream: Loopback
let daemon: Daemon

const describeRequest: RequestListener = (request, response) => {
  request.resume()
  const { method = '', url = '', headers, rawHeaders } = request
  sendJson(response, 200, { method, url, headers, rawHeaders } satisfies Seen)
}

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  await new Promise(resolve => server.close(resolve))
  return port
}

async function writeConfiguration(): Promise<string> {
  const secret = { file: join(folder, 'api-key') }
  writeFileSync(secret.file, `${API_KEY}\n`)
  const machine = { accessTokenUri: auth.tokenUrl, clientId: OAUTH2_CLIENT.id, scope: [] }
  const post = { clientAuthMethod: 'client_secret_post', clientSecret: OIDC_POST_CLIENT.client_secret }
  const configuration = {
    version: 1,
    accounts: {
      machine: { ...machine, clientSecret: OAUTH2_CLIENT.secret },
      wrong: { ...machine, clientSecret: 'wrong', timeout: '2s' },
      openid: { accessTokenUri: oidc.tokenUrl, clientId: OIDC_POST_CLIENT.client_id, ...post, scope: 'read' },
      header: { authorization: 'header', header: { name: 'X-Api-Key', value: secret } },
      query: { authorization: 'query', query: { name: 'api_key', value: secret } },
      basic: { authorization: 'basic', username: 'ada', password: secret },
    },
    services: {
      root: { account: 'machine', serverUrl: api.url },
      shop: { account: 'machine', serverUrl: `${api.url}/shop` },
      openid: { account: 'openid', serverUrl: oidcApi.url },
      bulk: { account: 'machine', serverUrl: upstream.url },
      wild: {
        account: 'machine',
        serverUrl: `${upstream.url}/base`,
        timeout: '3s',
        timeoutMessage: TIMEOUT_MESSAGE,
      },
      header: { account: 'header', serverUrl: upstream.url },
      query: { account: 'query', serverUrl: upstream.url },
      basic: { account: 'basic', serverUrl: upstream.url },
      open: { account: { authorization: 'none' }, serverUrl: upstream.url, headers: { 'X-Constant': secret } },
      lost: { account: 'wrong', serverUrl: upstream.url },
      away: { account: { authorization: 'none' }, serverUrl: `http://127.0.0.1:${await closedPort()}` },
    },
  }
  const file = join(folder, 'services.yaml')
  writeFileSync(file, JSON.stringify(configuration))
  return file
}

test.before(async () => {
  auth = await startOAuth2Server()
  oidc = await startOidcServer({ clients: [OIDC_POST_CLIENT] })
  api = await startProtectedApi({ check: auth.isActive })
  oidcApi = await startProtectedApi({ check: oidc.check })
  upstream = await listenOnLoopback((request, response) => {
    const { method = '', url = '', headers, rawHeaders } = request
    upstreamSaw.push({ method, url, headers, rawHeaders })
    answer(request, response)
  })
  daemon = await startDaemon({
    paths: [await writeConfiguration()],
    listen: '127.0.0.1:0',
    adminListen: '127.0.0.1:0',
    logLevel: 'silent',
  })
})

test.after(async () => {
  await daemon?.stop(500)
  for (const server of [auth, oidc, api, oidcApi, upstream]) await server?.close()
  rmSync(folder, { recursive: true, force: true })
})

test.before.each(() => {
  answer = describeRequest
  upstreamSaw.length = 0
})

function open(path: string, { method = 'GET', headers = {} }: Call = {}) {
  const outgoing = openRequest(`${daemon.api}/v1/services/`, { path: `/v1/services/${path}`, method, headers })
  return outgoing.setTimeout(5000, () => outgoing.destroy(new Error('no answer within 5 s')))
}

async function send(path: string, call: Call = {}): Promise<Reply> {
  const outgoing = open(path, call)
  const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>
  if (call.body instanceof Readable) call.body.pipe(outgoing)
  else outgoing.end(call.body)
  const [incoming] = await answered
  const { statusCode: status = 0, headers, rawHeaders } = incoming
  return { status, headers, rawHeaders, body: await buffer(incoming) }
}

async function seenBy(path: string, call?: Call): Promise<Seen> {
  const { status, body } = await send(path, call)
  assert.is(status, 200, body.toString())
  return JSON.parse(body.toString()) as Seen
}

async function failure(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => assert.unreachable('this must fail') as never,
    (error: Error) => error,
  )
}

function inPieces(body: Buffer, size = 48 * 1024): Readable {
  const pieces: Buffer[] = []
  for (let at = 0; at < body.length; at += size) pieces.push(body.subarray(at, at + size))
  return Readable.from(pieces)
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
const problemOf = ({ body }: Reply): Record<string, unknown> => JSON.parse(body.toString())

/** Over a socket of its own, because HTTP clients tidy a request target. */
async function sendRaw(text: string): Promise<string> {
  const { hostname, port } = new URL(daemon.api)
  const socket = connect(Number(port), hostname)
  socket.write(text)
  return (await buffer(socket)).toString()
}

// The first request of this file that reaches the upstream: there is no connection yet, and the body is already coming.
test('a chunked upload that arrives before the connection to the service loses nothing', async () => {
  const body = randomBytes(300 * 1024)
  answer = async (request, response) => sendJson(response, 200, { digest: sha256(await buffer(request)) })
  await send('bulk/authorization')
  const reply = await send('bulk/proxy/first', { method: 'POST', body: inPieces(body) })
  assert.is(JSON.parse(reply.body.toString()).digest, sha256(body))
})

for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY', 'PURGE']) {
  test(`method ${method} passes`, async () => {
    const seen = await seenBy('bulk/proxy/things/5?a=1&a=2&b=%20+x', { method })
    assert.is(seen.method, method)
    assert.is(seen.url, '/things/5?a=1&a=2&b=%20+x')
    assert.match(String(seen.headers.authorization), /^Bearer \S{20,}$/)
  })
}

test('HEAD passes, with the length of the body that it leaves out', async () => {
  answer = (_request, response) => void response.writeHead(200, { 'Content-Length': 1234 }).end()
  const { status, headers, body } = await send('bulk/proxy/x', { method: 'HEAD' })
  assert.is(upstreamSaw[0]?.method, 'HEAD')
  assert.is(status, 200)
  assert.is(headers['content-length'], '1234')
  assert.is(body.length, 0)
})

for (const status of [204, 304, 404, 500]) {
  test(`status ${status} passes`, async () => {
    assert.is((await send(`root/proxy/status/${status}`)).status, status)
  })
}

for (const [service, path] of [
  ['shop', '/shop/42?x=1'],
  ['openid', '/42?x=1'],
]) {
  test(`service ${service}: the API accepts the bearer of its authorization server`, async () => {
    const reply = await send(`${service}/proxy/42?x=1`)
    assert.is(reply.status, 200)
    assert.is((JSON.parse(reply.body.toString()) as Echo).path, path)
  })
}

test('the proxy without a rest is the server URL itself', async () => {
  assert.is((await seenBy('wild/proxy')).url, '/base/')
  assert.is((await seenBy('wild/proxy?x=1')).url, '/base/?x=1')
})

for (const [name, size] of [
  ['0', 0],
  ['1 KiB', 1024],
  ['64 KiB', 64 * 1024],
  ['1 MiB', 1024 * 1024],
  ['20 MiB', 20 * 1024 * 1024],
] as const) {
  for (const chunked of [false, true]) {
    test(`a body of ${name} passes both ways unchanged, ${chunked ? 'chunked' : 'with its length'}`, async () => {
      const body = randomBytes(size)
      answer = (request, response) => void request.pipe(response.writeHead(200, { 'Content-Type': 'x/y' }))
      const call = chunked
        ? { headers: { 'transfer-encoding': 'chunked' }, body: inPieces(body) }
        : { headers: { 'content-length': size }, body }
      const reply = await send('bulk/proxy/echo', { method: 'PUT', ...call })
      assert.is(reply.status, 200)
      assert.is(reply.body.length, size)
      assert.is(sha256(reply.body), sha256(body))
      if (!chunked) assert.is(upstreamSaw[0]?.headers['content-length'], String(size))
    })
  }
}

for (const type of [undefined, 'x', '; charset=utf-8', 'application/json; charset', 'multipart/form-data']) {
  test(`a body of the type ${type} is none of the proxy's business`, async () => {
    answer = async (request, response) => sendJson(response, 200, { text: (await buffer(request)).toString() })
    const headers = type === undefined ? {} : { 'content-type': type }
    const reply = await send('bulk/proxy/x', { method: 'POST', headers, body: Buffer.from('{not json') })
    assert.equal(JSON.parse(reply.body.toString()), { text: '{not json' })
    assert.is(upstreamSaw[0]?.headers['content-type'], type)
  })
}

test('large headers pass both ways', async () => {
  const large = 'x'.repeat(10_000)
  answer = (request, response) => void response.writeHead(200, { 'x-back': request.headers['x-large'] }).end()
  assert.is((await send('bulk/proxy/x', { headers: { 'x-large': large } })).headers['x-back'], large)
})

test('a header that comes twice arrives twice, both ways', async () => {
  answer = (request, response) => {
    const headers = ['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'X-Saw', request.rawHeaders.join('|')]
    response.writeHead(200, headers).end()
  }
  const reply = await send('bulk/proxy/x', { headers: { 'X-Two': ['one', 'two'] } })
  assert.equal(reply.headers['set-cookie'], ['a=1', 'b=2'])
  assert.match(String(reply.headers['x-saw']), 'X-Two|one|X-Two|two')
})

test("hop-by-hop headers and those that Connection names end at the proxy: the caller's", async () => {
  const { headers } = await seenBy('bulk/proxy/x', {
    headers: {
      Connection: 'close, X-Private,x-other',
      'X-Private': 'p',
      'X-Other': 'o',
      'Keep-Alive': 'timeout=9',
      'Proxy-Authorization': 'Basic cHJveHk=',
      'Proxy-Connection': 'keep-alive',
      TE: 'trailers',
      Upgrade: 'h2c',
      'X-Kept': 'k',
    },
  })
  for (const name of ['x-private', 'x-other', 'keep-alive', 'proxy-authorization', 'proxy-connection', 'te', 'upgrade'])
    assert.is(headers[name], undefined, name)
  assert.is(headers['x-kept'], 'k')
  assert.is(headers.host, new URL(upstream.url).host)
})

test("hop-by-hop headers and those that Connection names end at the proxy: the service's", async () => {
  answer = (_request, response) => {
    const hop = { Connection: 'X-Private', 'X-Private': 'p', 'Keep-Alive': 'timeout=77', 'Proxy-Authenticate': 'Basic' }
    response.writeHead(200, { ...hop, 'X-Kept': 'k' }).end('fine')
  }
  const { headers, body } = await send('bulk/proxy/x')
  assert.is(headers['x-private'], undefined)
  assert.is(headers['proxy-authenticate'], undefined)
  assert.not.match(String(headers['keep-alive']), '77')
  assert.is(headers['x-kept'], 'k')
  assert.is(body.toString(), 'fine')
})

test("the caller's own Authorization is replaced, in whatever case and number", async () => {
  for (const name of ['Authorization', 'authorization', 'AUTHORIZATION']) {
    const { rawHeaders } = await seenBy('bulk/proxy/x', { headers: { [name]: 'Bearer of-the-caller' } })
    assert.not.match(rawHeaders.join(' '), 'of-the-caller')
    assert.is(rawHeaders.filter(text => text.toLowerCase() === 'authorization').length, 1)
  }
})

test('a caller cannot talk the proxy out of the credential by Connection', async () => {
  const { headers } = await seenBy('bulk/proxy/x', { headers: { Connection: 'close, Authorization' } })
  assert.match(String(headers.authorization), /^Bearer /)
})

test('authorization: header replaces its header and leaves Authorization alone', async () => {
  const { rawHeaders, headers } = await seenBy('header/proxy/x', {
    headers: { 'x-API-key': 'of-the-caller', Authorization: 'Bearer own' },
  })
  assert.is(headers['x-api-key'], API_KEY)
  assert.not.match(rawHeaders.join(' '), 'of-the-caller')
  assert.is(headers.authorization, 'Bearer own')
})

test('authorization: query replaces its parameter in every spelling', async () => {
  const spellings = [
    'api_key=c',
    'api%5Fkey=c',
    '%61pi_ke%79=c',
    'API_KEY=c',
    'Api%5fKey=c',
    'api_key',
    'api_key=c&api_key=d',
  ]
  for (const spelling of spellings) {
    const { url } = await seenBy(`query/proxy/x?a=1&${spelling}&z=%20`)
    assert.is(url, `/x?a=1&z=%20&api_key=${API_KEY}`, spelling)
  }
  assert.is((await seenBy('query/proxy/x')).url, `/x?api_key=${API_KEY}`)
})

test('authorization: basic replaces Authorization', async () => {
  const { headers } = await seenBy('basic/proxy/x', { headers: { authorization: 'Basic Y2FsbGVy' } })
  assert.is(headers.authorization, `Basic ${btoa(`ada:${API_KEY}`)}`)
})

test("authorization: none passes the caller's Authorization; a constant header with a secret is set", async () => {
  const { headers } = await seenBy('open/proxy/x', { headers: { authorization: 'Bearer own', 'x-CONSTANT': 'mine' } })
  assert.is(headers.authorization, 'Bearer own')
  assert.is(headers['x-constant'], API_KEY)
})

for (const [name, call] of [
  ['no body', {}],
  ['a small body', { method: 'POST', body: Buffer.from('order') }],
  ['a small body in chunks', { method: 'POST', body: Readable.from(['or', 'der']) }],
] as const) {
  test(`401 brings a new token and one replay: ${name}`, async () => {
    await send('shop/proxy/warm')
    auth.revokeAll()
    const before = { tokens: auth.requests.length, calls: api.count() }
    const reply = await send('shop/proxy/again', call)
    assert.is(reply.status, 200)
    if ('body' in call) assert.is((JSON.parse(reply.body.toString()) as Echo).body, 'order')
    assert.is(auth.requests.length - before.tokens, 1)
    assert.is(api.count() - before.calls, 2)
  })
}

test('401 to a streamed body reaches the caller; the next request has a new token', async () => {
  await send('shop/proxy/warm')
  auth.revokeAll()
  const before = { tokens: auth.requests.length, calls: api.count() }
  const reply = await send('shop/proxy/x', { method: 'POST', body: randomBytes(200 * 1024) })
  assert.is(reply.status, 401)
  assert.is(api.count() - before.calls, 1)
  assert.is((await send('shop/proxy/x')).status, 200)
  assert.is(auth.requests.length - before.tokens, 1)
  const metrics = await (await fetch(`${daemon.admin}/metrics`)).text()
  assert.match(metrics, /bearerd_token_rejected_total\{service="shop"\} 4\b/)
})

for (const [when, before, after] of [
  ['before it is whole', ['or'], ['der']],
  ['before most of it', [Buffer.alloc(60_000, 'a')], [Buffer.alloc(500_000, 'b')]],
] as const)
  test(`a chunked upload that is refused ${when} is sent again from its beginning, and goes on`, async () => {
    const refused = Promise.withResolvers<void>()
    const body = Readable.from(
      (async function* () {
        yield* before
        await refused.promise
        yield* after
      })(),
      { objectMode: false },
    )
    answer = async (request, response) => {
      if (upstreamSaw.length === 1) {
        for (let bytes = 0; bytes < Buffer.concat(before.map(Buffer.from)).length; )
          bytes += ((await once(request, 'data')) as [Buffer])[0].length
        request.resume()
        response.writeHead(401).end()
        return
      }
      refused.resolve()
      sendJson(response, 200, { digest: sha256(await buffer(request)) })
    }
    const reply = await send('bulk/proxy/x', { method: 'PUT', body, headers: { 'transfer-encoding': 'chunked' } })
    const sent = Buffer.concat([...before, ...after].map(Buffer.from))
    assert.is(JSON.parse(reply.body.toString()).digest, sha256(sent))
    assert.is(upstreamSaw.length, 2)
  })

test('a chunked upload of which more came than is kept is not sent again', async () => {
  answer = async (request, response) => {
    await buffer(request)
    response.writeHead(401).end()
  }
  const reply = await send('bulk/proxy/x', { method: 'POST', body: inPieces(randomBytes(65 * 1024)) })
  assert.equal([reply.status, upstreamSaw.length], [401, 1])
})

test('two 401 in a row reach the caller', async () => {
  answer = (_request, response) => void response.writeHead(401, { 'X-Number': upstreamSaw.length }).end('no')
  const before = auth.requests.length
  const reply = await send('bulk/proxy/x')
  assert.is(reply.status, 401)
  assert.is(reply.headers['x-number'], '2')
  assert.is(reply.body.toString(), 'no')
  assert.is(auth.requests.length - before, 1)
})

test('a 401 of an account without a token request passes as it is', async () => {
  answer = (_request, response) => void response.writeHead(401).end()
  assert.is((await send('header/proxy/x')).status, 401)
  assert.is(upstreamSaw.length, 1)
})

const BROKEN_REFUSALS: [string, (response: ServerResponse) => void][] = [
  ['is cut', response => response.writeHead(401, { 'Content-Length': 100 }).write('n', () => response.destroy())],
  ['stalls', response => response.writeHead(401, { 'Content-Length': 100 }).write('n')],
  [
    'never ends',
    response =>
      void Readable.from(forever())
        .on('error', () => {})
        .pipe(response.writeHead(401)),
  ],
]

function* forever(): Generator<Buffer> {
  for (;;) yield Buffer.alloc(16 * 1024)
}

for (const [name, refuse] of BROKEN_REFUSALS) {
  test(`a 401 whose body ${name} is replayed like any other`, async () => {
    answer = (request, response) => (upstreamSaw.length === 1 ? refuse(response) : describeRequest(request, response))
    assert.is((await send('wild/proxy/x')).status, 200)
    assert.is(upstreamSaw.length, 2)
  })
}

for (const status of [301, 302, 303, 307, 308]) {
  test(`redirect ${status} goes back to the caller untouched`, async () => {
    const to = 'http://other-origin.invalid/landing?x=1'
    const reply = await send(`root/proxy/redirect?status=${status}&to=${encodeURIComponent(to)}`)
    assert.is(reply.status, status)
    assert.is(reply.headers.location, to)
    assert.is(reply.headers.authorization, undefined)
  })
}

test('without a token nothing reaches the service', async () => {
  for (const call of [
    {},
    { method: 'POST', body: Buffer.from('x') },
    { method: 'POST', body: inPieces(randomBytes(9)) },
  ]) {
    const reply = await send('lost/proxy/x', call)
    assert.ok([502, 503].includes(reply.status), String(reply.status))
    assert.is(reply.headers['content-type'], 'application/problem+json')
    assert.is(problemOf(reply).service, 'lost')
  }
  assert.is(upstreamSaw.length, 0)
})

test('a service that says nothing: 504 with its own message, and the request to it ends', async () => {
  let ended: Promise<unknown> | undefined
  answer = request => {
    ended = once(request.socket, 'close')
  }
  const reply = await send('wild/proxy/x', { headers: { 'x-request-id': 'mine-1' } })
  const { detail, code, status, requestId, service } = problemOf(reply)
  assert.is(reply.status, 504)
  assert.is(reply.headers['content-type'], 'application/problem+json')
  assert.equal(
    { detail, code, status, requestId, service },
    {
      detail: TIMEOUT_MESSAGE,
      code: 'upstream_timeout',
      status: 504,
      requestId: 'mine-1',
      service: 'wild',
    },
  )
  await ended
})

test('an early hint does not end the time limit', async () => {
  answer = (_request, response) => response.writeEarlyHints({ link: '</x>; rel=preload' })
  assert.is((await send('wild/proxy/x')).status, 504)
})

test('a body whose parts come in time may take longer than the limit', async () => {
  answer = async (_request, response) => {
    response.writeHead(200)
    for (let part = 0; part < 4; part++) {
      response.write(String(part))
      await setTimeout(900)
    }
    response.end()
  }
  assert.is((await send('wild/proxy/x')).body.toString(), '0123')
})

test('an upload whose parts come in time may take longer than the limit', async () => {
  answer = async (request, response) => sendJson(response, 200, { text: (await buffer(request)).toString() })
  async function* parts(): AsyncGenerator<string> {
    for (let part = 0; part < 4; part++) {
      yield String(part)
      await setTimeout(900)
    }
  }
  const reply = await send('wild/proxy/x', { method: 'POST', body: Readable.from(parts()) })
  assert.equal(JSON.parse(reply.body.toString()), { text: '0123' })
})

test('a body part beyond the limit breaks the answer off: a caller never takes it for a whole one', async () => {
  answer = (_request, response) => void response.writeHead(200).write('begin')
  await failure(send('wild/proxy/x'))
})

test('half an answer breaks off', async () => {
  answer = (_request, response) => {
    response.writeHead(200, { 'Content-Length': 100 }).write('half', () => response.socket?.resetAndDestroy())
  }
  await failure(send('bulk/proxy/x'))
})

test('a service that resets: one more attempt for GET, none for POST, then 502', async () => {
  answer = request => void request.socket.resetAndDestroy()
  for (const [method, attempts] of [
    ['GET', 2],
    ['POST', 1],
  ] as const) {
    upstreamSaw.length = 0
    const reply = await send('bulk/proxy/x', { method })
    assert.is(reply.status, 502)
    assert.is(problemOf(reply).code, 'upstream_reset')
    assert.is(upstreamSaw.length, attempts, method)
  }
})

test('a service that refuses the connection: 502 that names it', async () => {
  const reply = await send('away/proxy/x?secret=1')
  assert.is(reply.status, 502)
  assert.is(problemOf(reply).code, 'upstream_unreachable')
  assert.match(String(problemOf(reply).detail), /`away` at http:\/\/127\.0\.0\.1:\d+.*ECONNREFUSED/)
})

test('an idle connection that the service has closed fails no GET', async () => {
  const used = new WeakSet<object>()
  answer = (request, response) => {
    if (used.has(request.socket)) return void request.socket.destroy()
    used.add(request.socket)
    describeRequest(request, response)
  }
  for (let round = 0; round < 6; round++) assert.is((await send('bulk/proxy/x')).status, 200)
  assert.ok(upstreamSaw.length > 6, 'connections were used again')
})

test('an early answer to an upload reaches the caller whole', async () => {
  answer = (_request, response) => void response.writeHead(413, { Connection: 'close' }).end('too large')
  const outgoing = open('bulk/proxy/x', { method: 'POST', headers: { 'content-length': 50 * 1024 * 1024 } })
  outgoing.on('error', () => {})
  outgoing.write(randomBytes(100 * 1024))
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage]
  assert.is(incoming.statusCode, 413)
  assert.is((await buffer(incoming)).toString(), 'too large')
  outgoing.destroy()
})

for (const [name, begin] of [
  ['before the answer', () => {}],
  ['within the answer', (response: ServerResponse) => void response.writeHead(200).write('begin')],
] as const) {
  test(`a caller that leaves ${name} ends the request to the service`, async () => {
    const reached = Promise.withResolvers<Promise<unknown>>()
    answer = (request, response) => {
      begin(response)
      reached.resolve(once(request.socket, 'close'))
    }
    const outgoing = open('bulk/proxy/x')
    outgoing.on('error', () => {})
    outgoing.end()
    // In an object: a promise would be waited for.
    const ended = reached.promise.then(promise => ({ promise }))
    if (name === 'within the answer') await once(outgoing, 'response')
    else await Promise.race([ended, once(upstream.server, 'request')])
    outgoing.destroy()
    await (await ended).promise
  })
}

test('a caller that leaves while the token is fetched causes no request to the service', async () => {
  const slow = Promise.withResolvers<void>()
  const asked = Promise.withResolvers<void>()
  const token = await listenOnLoopback(async (_request, response) => {
    asked.resolve()
    await slow.promise
    sendJson(response, 200, { access_token: 'late-token', token_type: 'Bearer', expires_in: 60 })
  })
  const late = join(folder, 'late.yaml')
  const account = { accessTokenUri: `${token.url}/token`, clientId: 'x', clientSecret: 'y', scope: [] }
  writeFileSync(late, JSON.stringify({ version: 1, services: { late: { account, serverUrl: upstream.url } } }))
  const own = await startDaemon({
    paths: [late],
    listen: '127.0.0.1:0',
    adminListen: '127.0.0.1:0',
    logLevel: 'silent',
  })
  const outgoing = openRequest(`${own.api}/v1/services/late/proxy/x`)
  outgoing.on('error', () => {})
  outgoing.end()
  await asked.promise
  const gone = new Promise(resolve => outgoing.on('close', resolve))
  outgoing.destroy()
  await gone
  // A request behind it on the same daemon shows that the first one has been seen to leave.
  await fetch(`${own.api}/v1/services`)
  slow.resolve()
  await fetch(`${own.api}/v1/services/late/authorization`)
  await fetch(`${own.api}/v1/services/late/proxy/marker`)
  assert.equal(
    upstreamSaw.map(({ url }) => url),
    ['/marker'],
  )
  await own.stop(500)
  await token.close()
})

const TRAVERSALS = [
  '/../x',
  '/a/../../x',
  '/%2e%2e/x',
  '/%2E./x',
  '/.%2e/x',
  '/a/%2e%2e/%2e%2e/x',
  '/..%2fx',
  '/a/..%2f..%2fx',
  '/%2e%2e%2fx',
  '/..%5cx',
  '/..;/x',
  '/..;a=1/x',
  '/%2e%2e;/x',
  '/a%2f..%2f..%2fx',
  '/%5c..%5cx',
  '/\\..\\x',
  '\\..\\x',
  '//evil.example/',
  '///evil.example/x',
  '//evil.example/../x',
  '/@evil.example/',
  '@evil.example/',
  '.evil.example/',
  ':80@evil.example/',
  '/http://evil.example/',
  '/%0d%0aHost:%20evil.example/x',
  '?/../../x',
  '/x#@evil.example/',
]

for (const rest of TRAVERSALS) {
  for (const prefix of ['', 'http://evil.example']) {
    test(`never beside or above the server URL: ${prefix} ${rest}`, async () => {
      const target = `${prefix}/v1/services/wild/proxy${rest}`
      const head = `GET ${target} HTTP/1.1\r\nHost: ${new URL(daemon.api).host}\r\nConnection: close\r\n\r\n`
      const reply = await sendRaw(head)
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(reply)?.[1])
      assert.ok([200, 400, 404, 421].includes(status), reply.slice(0, 200))
      assert.is(upstreamSaw.length, status === 200 ? 1 : 0)
      for (const { url, headers } of upstreamSaw) {
        assert.is(headers.host, new URL(upstream.url).host)
        assert.match(url, /^\/base[/?]/)
        const path = decodeURIComponent(url.split('?')[0]!)
        assert.not.match(path, /(?:^|[/\\])\.\.?(?:[/\\;]|$)/, url)
      }
    })
  }
}

test('dots that stay below the server URL are resolved, and other encodings are left as they are', async () => {
  assert.is((await seenBy('wild/proxy/a/../b/./c')).url, '/base/b/c')
  assert.is((await seenBy('wild/proxy/a%2Fb/%E2%82%AC/..x/.well-known')).url, '/base/a%2Fb/%E2%82%AC/..x/.well-known')
})

test.run()
