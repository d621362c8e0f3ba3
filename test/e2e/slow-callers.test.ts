// Callers that take their time, to keep connections and places for themselves: each way has an end, and others are served.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Daemon, startDaemon } from '../../src/daemon/daemon.ts'
import { makeCertificate } from '../support/certificates.ts'
import { type Loopback, listenOnLoopback } from '../support/loopback.ts'

const folder = mkdtempSync(join(tmpdir(), 'bearerd-slow-'))
const open: Daemon[] = []
let endings: string[] = []
let upstream: Loopback
let daemon: Daemon
let secure: Daemon

const account = { authorization: 'none' }
const limits = { headersTimeout: '1s', idle: '1s', bodyTimeout: '1s' }

async function start(name: string, settings: object): Promise<Daemon> {
  const file = join(folder, `${name}.yaml`)
  const put = { type: 'copyToHttpServer', authenticateWith: 'a', path: '/in', content: { file: {} } }
  const services = { a: { account, serverUrl: upstream.url, timeout: '20s' } }
  writeFileSync(file, JSON.stringify({ version: 1, services, actions: { put }, daemon: { limits, ...settings } }))
  const paths = { paths: [file], listen: '127.0.0.1:0', adminListen: '127.0.0.1:0' }
  const started = await startDaemon({ ...paths, logLevel: 'silent' })
  open.push(started)
  return started
}

test.before(async () => {
  upstream = await listenOnLoopback((request, response) => {
    response.once('close', () => endings.push(`${request.url} ${response.writableFinished ? 'whole' : 'cut'}`))
    if (request.url === '/large') return void response.end(Buffer.alloc(64 << 20, 'x'))
    if (request.url === '/later') return void setTimeout(() => response.end('late'), 2500)
    request.resume().on('end', () => response.end('fine'))
  })
  const pair = makeCertificate({ name: 'bearerd', hosts: ['IP:127.0.0.1'] })
  writeFileSync(join(folder, 'tls.crt'), pair.certificate)
  writeFileSync(join(folder, 'tls.key'), pair.key)
  daemon = await start('plain', { state: { dir: 'state' } })
  secure = await start('tls', { tls: { certFile: 'tls.crt', keyFile: 'tls.key' } })
})

test.after(async () => {
  await Promise.all(open.map(one => one.stop(200)))
  await upstream?.close()
  rmSync(folder, { recursive: true, force: true })
})

test.before.each(() => {
  endings = []
})

const HANG_MS = 60_000
const PROXY = '/v1/services/a/proxy'

function dial(at: string): Socket {
  return connect(Number(new URL(at).port), '127.0.0.1').on('error', () => {})
}

/** All that came until the daemon closed the connection. */
function untilClosed(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const hang = setTimeout(() => reject(new Error(`still open: ${answer.slice(0, 200)}`)), HANG_MS)
    socket.on('data', chunk => {
      answer += chunk
    })
    socket.on('close', () => {
      clearTimeout(hang)
      resolve(answer)
    })
  })
}

async function othersAreServed(): Promise<void> {
  assert.is(await (await fetch(`${daemon.api}${PROXY}/x`)).text(), 'fine')
}

const head = (line: string, ...headers: string[]) =>
  [`${line} HTTP/1.1`, 'Host: 127.0.0.1', ...headers, '', ''].join('\r\n')

test('a connection that says nothing, to either listener', async () => {
  for (const at of [daemon.api, daemon.admin]) {
    const closed = untilClosed(dial(at))
    await othersAreServed()
    assert.match(await closed, /^(HTTP\/1\.1 408 |$)/)
  }
})

test('headers that trickle: the time is for all of them', async () => {
  const socket = dial(daemon.api)
  socket.write('GET /v1/services HTTP/1.1\r\nHost: 127.0.0.1\r\n')
  const trickle = setInterval(() => socket.write('X: y\r\n'), 50)
  const closed = untilClosed(socket).finally(() => clearInterval(trickle))
  await othersAreServed()
  assert.match(await closed, /^HTTP\/1\.1 408 /)
})

test('a TLS handshake that does not begin, or stops', async () => {
  for (const bytes of [[], [0x16, 0x03, 0x01, 0x02]]) {
    const socket = dial(secure.api)
    if (bytes.length > 0) socket.write(Buffer.from(bytes))
    assert.is(await untilClosed(socket), '')
  }
})

test('a connection that stays open between requests', async () => {
  for (const [at, path] of [
    [daemon.api, '/v1/services'],
    [daemon.api, `${PROXY}/x`],
    [daemon.admin, '/-/ready'],
  ] as const) {
    const socket = dial(at)
    socket.write(head(`GET ${path}`))
    assert.match(await untilClosed(socket), /^HTTP\/1\.1 200 /)
  }
})

test('a small body that stops, or trickles: 408', async () => {
  for (const everyMs of [0, 100]) {
    const socket = dial(daemon.api)
    socket.write(`${head(`POST ${PROXY}/x`, 'Content-Length: 1000')}half`)
    const trickle = everyMs > 0 ? setInterval(() => socket.write('x'), everyMs) : undefined
    const closed = untilClosed(socket).finally(() => clearInterval(trickle))
    await othersAreServed()
    assert.match(await closed, /^HTTP\/1\.1 408 [\s\S]*"code":"request_timeout"/)
  }
})

test('an upload that is told to continue and never does: 408, and others are served', async () => {
  for (const length of ['1000', '1000000']) {
    const socket = dial(daemon.api)
    socket.write(head(`POST ${PROXY}/upload`, `Content-Length: ${length}`, 'Expect: 100-continue'))
    const closed = untilClosed(socket)
    await othersAreServed()
    assert.match(await closed, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 408 [\s\S]*"code":"request_timeout"/, length)
  }
})

for (const [kind, ...headers] of [
  ['of unknown length', 'Transfer-Encoding: chunked'],
  ['that is large', 'Content-Length: 1000000'],
] as const) {
  test(`an upload ${kind} that stops: 408, long before the time of the service`, async () => {
    const socket = dial(daemon.api)
    socket.write(`${head(`POST ${PROXY}/upload`, ...headers)}4\r\nhalf\r\n`)
    const closed = untilClosed(socket)
    await othersAreServed()
    assert.match(await closed, /^HTTP\/1\.1 408 [\s\S]*"code":"request_timeout"/)
    assert.ok(endings.includes('/upload cut'), endings.join())
  })
}

test('an upload that trickles is no fault of the service: it may take longer than `timeout`', async () => {
  const slow = await start('short', {})
  writeFileSync(
    join(folder, 'short.yaml'),
    JSON.stringify({ version: 1, services: { a: { account, serverUrl: upstream.url, timeout: '1s' } } }),
  )
  assert.ok((await slow.executor.reload()).ok)
  const socket = dial(slow.api)
  socket.write(head(`POST ${PROXY}/upload`, 'Transfer-Encoding: chunked', 'Connection: close'))
  const closed = untilClosed(socket)
  for (let part = 0; part < 4; part++) {
    await new Promise(resolve => setTimeout(resolve, 400))
    socket.write('1\r\nx\r\n')
  }
  socket.write('0\r\n\r\n')
  assert.match(await closed, /^HTTP\/1\.1 200 /)
})

test('an upload of a delivery that stops leaves nothing behind', async () => {
  for (const type of ['application/json', 'text/plain', 'multipart/form-data; boundary=b']) {
    const socket = dial(daemon.api)
    const part = '--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\nhalf'
    socket.write(
      head('POST /v1/actions/put/deliveries', `Content-Type: ${type}`, 'Content-Length: 1000') +
        (type.startsWith('multipart') ? part : 'half'),
    )
    assert.match(await untilClosed(socket), /^(HTTP\/1\.1 4|$)/)
  }
  await othersAreServed()
  const left = () => readdirSync(join(folder, 'state/deliveries/uploads'))
  for (const giveUpAt = performance.now() + HANG_MS; left().length > 0 && performance.now() < giveUpAt; )
    await new Promise(resolve => setTimeout(resolve, 10))
  assert.equal(left(), [])
})

test('a body that no route reads', async () => {
  for (const [at, line] of [
    [daemon.api, 'GET /v1/services'],
    [daemon.api, 'DELETE /v1/services/a/token'],
    [daemon.admin, 'POST /-/reload'],
    [daemon.api, 'POST /nowhere'],
  ] as const) {
    const socket = dial(at)
    socket.write(`${head(line, 'Content-Type: application/json', 'Content-Length: 1000')}half`)
    assert.match(await untilClosed(socket), /^HTTP\/1\.1 (2|404)/, line)
  }
})

test('an answer that the caller does not read: the connection ends, and the request to the service too', async () => {
  const socket = dial(daemon.api)
  socket.write(head(`GET ${PROXY}/large`))
  socket.pause()
  const giveUpAt = performance.now() + HANG_MS
  while (endings.length === 0 && performance.now() < giveUpAt) await new Promise(resolve => setTimeout(resolve, 10))
  assert.equal(endings, ['/large cut'])
  socket.destroy()
})

test('a service that takes longer than these limits is waited for', async () => {
  assert.is(await (await fetch(`${daemon.api}${PROXY}/later`)).text(), 'late')
  const post = await fetch(`${daemon.api}${PROXY}/later`, { method: 'POST', body: new Uint8Array(200_000) })
  assert.is(await post.text(), 'late')
})

test('an answer that is read slowly, but read, comes whole', async () => {
  const reply = await fetch(`${daemon.api}${PROXY}/large`)
  let bytes = 0
  for await (const chunk of reply.body!) {
    const before = bytes >> 20
    bytes += chunk.length
    if (bytes >> 20 > before) await new Promise(resolve => setTimeout(resolve, 20))
  }
  assert.is(bytes, 64 << 20)
})

test('connections that say nothing do not hold up a stop', async () => {
  const tls = { certFile: 'tls.crt', keyFile: 'tls.key' }
  const patient = { headersTimeout: '1h', idle: '1h', bodyTimeout: '1h' }
  for (const settings of [{ limits: patient }, { limits: patient, tls }]) {
    const quiet = await start(`quiet-${open.length}`, settings)
    const sockets = [dial(quiet.api), dial(quiet.admin)]
    await Promise.all(sockets.map(socket => new Promise(resolve => socket.once('connect', resolve))))
    const ended = Promise.all(sockets.map(untilClosed))
    open.pop()
    await quiet.stop(3_600_000)
    await ended
  }
})

test('the time to stop is over: what is within its TLS handshake is cut too', async () => {
  const tls = { certFile: 'tls.crt', keyFile: 'tls.key' }
  const quiet = await start('cut', { limits: { headersTimeout: '1h' }, tls })
  const socket = dial(quiet.api)
  socket.write(Buffer.from([0x16, 0x03, 0x01, 0x02]))
  await new Promise(resolve => setTimeout(resolve, 100))
  const ended = untilClosed(socket)
  open.pop()
  await quiet.stop(50)
  await ended
})

test.run()
