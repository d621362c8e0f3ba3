// WebSockets through the daemon, between a real client and a real server: what passes, what is replaced, who is refused, and
// how they end.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { createSecureServer } from 'node:http2'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type ClientOptions, WebSocket, WebSocketServer } from 'ws'
import { type Daemon, startDaemon } from '../../src/daemon/daemon.ts'
import { makeCertificate } from '../support/certificates.ts'
import { startConnectProxy } from '../support/connect-proxy.ts'
import { type StartedTokenEndpoint, startTokenEndpoint, token } from '../support/hostile-token-endpoint.ts'
import { type Loopback, listenOnLoopback } from '../support/loopback.ts'

const CALLER = { Authorization: 'Bearer token-of-the-job' }
const folder = mkdtempSync(join(tmpdir(), 'bearerd-websocket-'))
const file = join(folder, 'services.yaml')
const seen: IncomingMessage[] = []
/** What the service answers to handshakes with a valid token; default is 101. */
let refuses: { status: number; body: string } | undefined
let revoked = new Set<string>()
let issued = 0
let endpoint: StartedTokenEndpoint
let upstream: Loopback
let daemon: Daemon

test.before(async () => {
  endpoint = await startTokenEndpoint(() => token(`issued-${++issued}`))
  upstream = await listenOnLoopback((_request, response) => response.end('plain'))
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: offered => [...offered].at(-1) ?? false })
  sockets.on('connection', socket => {
    socket.on('message', (data, isBinary) => {
      if (String(data).startsWith('close ')) socket.close(Number(String(data).slice(6)), 'as told')
      else if (!isBinary && String(data) === 'cut') socket.terminate()
      else socket.send(data, { binary: isBinary })
    })
  })
  upstream.server.on('upgrade', (request, socket, head) => {
    seen.push(request)
    if (request.url === '/never') return void socket.resume().on('end', () => socket.end())
    const bearer = request.headers.authorization?.slice('Bearer '.length) ?? ''
    const answer = revoked.has(bearer) ? { status: 401, body: 'revoked' } : refuses
    if (!answer) return sockets.handleUpgrade(request, socket, head, done => sockets.emit('connection', done, request))
    socket.end(
      `HTTP/1.1 ${answer.status} No\r\nX-Reason: policy\r\nContent-Length: ${answer.body.length}\r\n\r\n${answer.body}`,
    )
  })
  daemon = await start({ callers: { job: { token: 'token-of-the-job', services: ['live', 'late', 'closed'] } } })
})

function start(settings: object, more: object = {}): Promise<Daemon> {
  const machine = { accessTokenUri: endpoint.url, clientId: 'machine', clientSecret: 'fake-secret', scope: [] }
  const live = { account: 'machine', serverUrl: upstream.url, timeout: '10s' }
  const services = {
    live: { ...live, listen: '127.0.0.1:0' },
    other: live,
    late: { ...live, timeout: '100ms' },
    closed: { ...live, allow: { paths: ['/open/**'] } },
  }
  const all = { ...services, ...more }
  writeFileSync(file, JSON.stringify({ version: 1, accounts: { machine }, services: all, daemon: settings }))
  return startDaemon({ paths: [file], listen: '127.0.0.1:0', adminListen: '127.0.0.1:0', logLevel: 'silent' })
}

test.before.each(() => {
  refuses = undefined
  revoked = new Set()
  seen.length = 0
})

test.after(async () => {
  await daemon?.stop(100)
  await endpoint?.close()
  await upstream?.close()
  rmSync(folder, { recursive: true, force: true })
})

const proxyUrl = (path: string, { api } = daemon) => `${api.replace('http', 'ws')}/v1/services/${path}`

interface Opened {
  socket: WebSocket
  /** Of the handshake. */
  answer: IncomingMessage
}

/** Rejects with the status and the body of a refusal. */
function open(url: string, options: ClientOptions = {}, protocols: string[] = []): Promise<Opened> {
  const socket = new WebSocket(url, protocols, { headers: CALLER, ...options })
  return new Promise((resolve, reject) => {
    let answer: IncomingMessage
    socket.on('upgrade', response => {
      answer = response
    })
    socket.on('open', () => resolve({ socket, answer }))
    socket.on('error', reject)
    socket.on('unexpected-response', (_request, response) => {
      text(response).then(body => reject(new Refusal(response.statusCode!, response.headers, body)), reject)
    })
  })
}

class Refusal extends Error {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: string
  constructor(status: number, headers: IncomingMessage['headers'], body: string) {
    super(`refused with ${status}: ${body}`)
    this.status = status
    this.headers = headers
    this.body = body
  }
}

async function refusalOf(opening: Promise<Opened>): Promise<Refusal> {
  const error = await opening.then(
    () => undefined,
    (caught: unknown) => caught,
  )
  if (!(error instanceof Refusal)) throw new Error(`not refused: ${error}`)
  return error
}

const nextMessage = (socket: WebSocket) =>
  new Promise<Buffer>((resolve, reject) => {
    socket.once('message', data => resolve(data as Buffer))
    socket.once('close', code => reject(new Error(`closed with ${code}`)))
  })
const closeOf = (socket: WebSocket) =>
  new Promise<[number, string]>(resolve => {
    socket.once('close', (code, reason) => resolve([code, String(reason)]))
  })

test('messages pass both ways; the service sees the credential, and not the token of the caller', async () => {
  const { socket, answer } = await open(proxyUrl('live/proxy/feed?x=1'), {}, ['one', 'two'])
  socket.send('hello')
  assert.is(String(await nextMessage(socket)), 'hello')
  assert.is(socket.protocol, 'two')
  assert.ok(answer.headers['x-request-id'])
  const [{ url, headers, rawHeaders }] = seen as [IncomingMessage]
  assert.is(url, '/feed?x=1')
  assert.is(headers.authorization, `Bearer issued-${issued}`)
  assert.not.ok(rawHeaders.join(' ').includes('token-of-the-job'))
  assert.is(headers.host, new URL(upstream.url).host)
  const closed = closeOf(socket)
  socket.close(1000)
  assert.equal(await closed, [1000, ''])
})

test("on a service's own address too", async () => {
  const { socket } = await open(`${daemon.serviceAddresses().live!.replace('http', 'ws')}/feed`)
  socket.send('hello')
  assert.is(String(await nextMessage(socket)), 'hello')
  assert.is(seen[0]!.url, '/feed')
  socket.terminate()
})

test('large messages, and what is sent together with the handshake', async () => {
  const { socket } = await open(proxyUrl('live/proxy/'), { perMessageDeflate: false, maxPayload: 64 << 20 })
  const large = Buffer.alloc(16 << 20, 'large')
  socket.send(large)
  assert.ok((await nextMessage(socket)).equals(large))
  socket.terminate()
  const raw = connect(Number(new URL(daemon.api).port), '127.0.0.1')
  const frame = Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69])
  const head = `GET /v1/services/live/proxy/ HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: ${CALLER.Authorization}\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`
  raw.write(Buffer.concat([Buffer.from(head), frame]))
  let answer = ''
  for await (const chunk of raw) {
    answer += chunk.toString('latin1')
    if (answer.endsWith('hi')) break
  }
  assert.match(answer, /^HTTP\/1\.1 101 [\s\S]*\r\n\r\n\x81\x02hi$/)
})

test('close codes of the service, and a connection that breaks', async () => {
  const { socket } = await open(proxyUrl('live/proxy/'))
  const closed = closeOf(socket)
  socket.send('close 4001')
  assert.equal(await closed, [4001, 'as told'])
  const { socket: broken } = await open(proxyUrl('live/proxy/'))
  const cut = closeOf(broken)
  broken.send('cut')
  assert.is((await cut)[0], 1006)
})

test('a caller that breaks off ends the connection to the service', async () => {
  const { socket } = await open(proxyUrl('live/proxy/'))
  const ended = new Promise(resolve => seen[0]!.socket.once('close', resolve))
  socket.terminate()
  await ended
})

test('a refusal of the service goes to the caller, a large one too', async () => {
  refuses = { status: 403, body: 'x'.repeat(3 << 20) }
  const { status, body, headers } = await refusalOf(open(proxyUrl('live/proxy/')))
  assert.equal([status, body.length, headers['x-reason'], headers.connection], [403, 3 << 20, 'policy', 'close'])
})

test('a 401 in the handshake gets a new token, once', async () => {
  const before = issued
  revoked = new Set([`issued-${before}`])
  const { socket } = await open(proxyUrl('live/proxy/'))
  socket.send('hello')
  assert.is(String(await nextMessage(socket)), 'hello')
  assert.equal(
    seen.map(({ headers }) => headers.authorization),
    [`Bearer issued-${before}`, `Bearer issued-${before + 1}`],
  )
  socket.terminate()
  seen.length = 0
  refuses = { status: 401, body: 'never' }
  const { status, body } = await refusalOf(open(proxyUrl('live/proxy/')))
  assert.equal([status, body, seen.length], [401, 'never', 2])
})

test('the doors are those of every request', async () => {
  const code = async (opening: Promise<Opened>) => JSON.parse((await refusalOf(opening)).body).code
  assert.is(await code(open(proxyUrl('live/proxy/'), { headers: {} })), 'unauthenticated')
  assert.is(await code(open(proxyUrl('other/proxy/'))), 'forbidden')
  assert.is(await code(open(proxyUrl('closed/proxy/secret'))), 'not_allowed')
  assert.is(await code(open(proxyUrl('nothing/proxy/'))), 'forbidden')
  assert.is(await code(open(proxyUrl('live/proxy/'), { origin: 'https://evil.example' })), 'cross_site_request')
  const elsewhere = { headers: { ...CALLER, Host: 'evil.example' } }
  assert.is(await code(open(proxyUrl('live/proxy/'), elsewhere)), 'misdirected_request')
  assert.is(seen.length, 0)
  const { socket } = await open(proxyUrl('live/proxy/'), { origin: daemon.api })
  socket.terminate()
})

test('a service that does not answer the handshake: 504', async () => {
  const { status, body } = await refusalOf(open(proxyUrl('late/proxy/never')))
  assert.equal([status, JSON.parse(body).code], [504, 'upstream_timeout'])
})

test('a service that answers as if nothing was asked: its answer', async () => {
  refuses = { status: 200, body: 'plain' }
  assert.is((await refusalOf(open(proxyUrl('live/proxy/')))).status, 200)
})

async function sendRaw(headers: string, body = ''): Promise<string> {
  const raw = connect(Number(new URL(daemon.api).port), '127.0.0.1')
  raw.write(
    `${headers.replace('HEAD', `Host: 127.0.0.1\r\nAuthorization: ${CALLER.Authorization}\r\nConnection: Upgrade, close`)}\r\n\r\n${body}`,
  )
  return text(raw)
}

test('other upgrades are refused; an offer of HTTP/2 is passed over', async () => {
  const post = 'POST /v1/services/live/proxy/ HTTP/1.1\r\nHEAD\r\nUpgrade: websocket\r\nContent-Length: 2'
  for (const [head, body] of [
    ['GET /v1/services/live/proxy/ HTTP/1.1\r\nHEAD\r\nUpgrade: irc'],
    ['GET /v1/services/live/proxy/ HTTP/1.1\r\nHEAD\r\nUpgrade: websocket\r\nContent-Length: 2', 'hi'],
    [post, 'hi'],
  ] as const)
    assert.match(await sendRaw(head, body), /^HTTP\/1\.1 400 [\s\S]*only a WebSocket is forwarded/)
  assert.is(seen.length, 0)
  assert.match(await sendRaw('GET /v1/services/live/proxy/ HTTP/1.1\r\nHEAD\r\nUpgrade: h2c'), /^HTTP\/1\.1 200 /)
})

test('what comes behind a refused handshake is no request', async () => {
  refuses = { status: 426, body: 'no' }
  const second = 'GET /smuggled HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'
  const answer = await sendRaw(
    'GET /v1/services/live/proxy/ HTTP/1.1\r\nHEAD\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 9',
    second,
  )
  assert.match(answer, /^HTTP\/1\.1 426 /)
  assert.is(answer.split('HTTP/1.1').length, 2)
  assert.is(seen.length, 1)
})

test('they count as connections, and end with the last request when the daemon stops', async () => {
  const small = await start({ limits: { connections: 2 } })
  const url = proxyUrl('live/proxy/', small)
  const sockets = [(await open(url)).socket, (await open(url)).socket]
  assert.is((await refusalOf(open(url))).status, 503)
  const closed = sockets.map(closeOf)
  await small.stop(60_000)
  assert.equal(await Promise.all(closed), [
    [1006, ''],
    [1006, ''],
  ])
})

test('the time to stop is over: they are closed, whatever else runs', async () => {
  const small = await start({})
  const { socket } = await open(proxyUrl('live/proxy/', small))
  const hanging = fetch(`${small.api}/v1/services/live/proxy/x`, {
    method: 'POST',
    body: new ReadableStream({}),
    duplex: 'half',
  } as RequestInit).catch(() => {})
  const closed = closeOf(socket)
  await small.stop(50)
  assert.is((await closed)[0], 1006)
  await hanging
})

test('through the https of the listener', async () => {
  const certificate = makeCertificate({ name: 'listener', hosts: ['IP:127.0.0.1'] })
  const [certFile, keyFile] = ['cert.pem', 'key.pem'].map(name => join(folder, name)) as [string, string]
  writeFileSync(certFile, certificate.certificate)
  writeFileSync(keyFile, certificate.key)
  const secure = await start({ tls: { certFile, keyFile } })
  const { socket } = await open(proxyUrl('live/proxy/', secure), { ca: certificate.certificate })
  socket.send('hello')
  assert.is(String(await nextMessage(socket)), 'hello')
  const closed = closeOf(socket)
  await secure.stop(60_000)
  assert.is((await closed)[0], 1006)
})

test('by the TLS and the proxy of the service, which speaks HTTP/2 too', async () => {
  const { certificate, key } = makeCertificate({ name: 'service', hosts: ['IP:127.0.0.1'] })
  writeFileSync(join(folder, 'ca.pem'), certificate)
  const service = createSecureServer({ cert: certificate, key, allowHTTP1: true })
  const sockets = new WebSocketServer({ noServer: true })
  service.on('upgrade', (request, socket, head) =>
    sockets.handleUpgrade(request, socket, head, done => done.send(request.headers.authorization)),
  )
  await new Promise<void>(resolve => service.listen(0, '127.0.0.1', resolve))
  const outward = await startConnectProxy()
  const serverUrl = `https://127.0.0.1:${(service.address() as AddressInfo).port}`
  const secure = { account: 'machine', serverUrl, tls: { caFile: join(folder, 'ca.pem') }, proxy: outward.url }
  const small = await start({}, { secure })
  const socket = new WebSocket(proxyUrl('secure/proxy/', small))
  assert.is(String(await nextMessage(socket)), `Bearer issued-${issued}`)
  assert.is(outward.tunnels.length, 1)
  await small.stop(1000)
  await outward.close()
  await new Promise(resolve => service.close(resolve))
})

test.run()
