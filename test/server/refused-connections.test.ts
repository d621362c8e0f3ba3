// What ends before it is a request leaves a line in the log, and many of a kind leave few.
import { once } from 'node:events'
import { type AddressInfo, connect, Socket } from 'node:net'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type LogFields, silentLog } from '../../src/base/log.ts'
import { DEFAULT_LIMITS } from '../../src/config/definitions/read-daemon.ts'
import { answerClientError } from '../../src/server/client-error.ts'
import { createHttpServer } from '../../src/server/http-server.ts'
import { RefusedConnections } from '../../src/server/refused-connections.ts'
import { fakeClock } from '../support/fake-clock.ts'

const lines: LogFields[] = []
const clock = fakeClock()
const refused = new RefusedConnections({ ...silentLog, warn: fields => void lines.push(fields) }, clock)
const limits = { ...DEFAULT_LIMITS, connections: 8, headersBytes: 4096 }
const executor = { daemonSettings: { limits } }
const server = createHttpServer((_request, response) => response.end('fine'), { executor, refused })
server.on('clientError', (error, socket) => answerClientError(error, socket as Socket, refused))

test.before(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})

test.after(() => void server.close())

async function open(): Promise<Socket> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => {})
  await once(socket, 'connect')
  return socket
}

async function answerTo(text: string): Promise<string> {
  const socket = await open()
  socket.write(text)
  let answer = ''
  for await (const chunk of socket) answer += chunk
  return answer
}

const HOST = '127.0.0.1'

test('who connects and says nothing leaves no line', async () => {
  const accepted = once(server, 'connection') as Promise<[Socket]>
  await open()
  const [socket] = await accepted
  answerClientError(Object.assign(new Error(), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), socket, refused)
  assert.equal(lines, [])
})

test('a TLS handshake that fails, or takes too long', async () => {
  for (const code of ['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_TLS_HANDSHAKE_TIMEOUT'])
    answerClientError(Object.assign(new Error(), { code }), new Socket(), refused)
  assert.equal(
    lines.splice(0).map(({ code }) => code),
    ['tls_failed'],
  )
  await clock.advance(10_000)
  assert.equal(lines.splice(0), [{ code: 'tls_failed', more: 1 }])
})

test('malformed and oversized requests: one line each, and a number for those that follow', async () => {
  for (let turn = 0; turn < 3; turn++) assert.match(await answerTo('hello\r\n\r\n'), / 400 /)
  assert.match(await answerTo(`GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(8192)}\r\n\r\n`), / 431 /)
  const first = [
    { code: 'invalid_request', remoteAddress: HOST },
    { code: 'headers_too_large', remoteAddress: HOST },
  ]
  assert.equal(lines.splice(0), first)
  await clock.advance(10_000)
  assert.equal(lines.splice(0), [{ code: 'invalid_request', more: 2 }])
  assert.match(await answerTo('hello\r\n\r\n'), / 400 /)
  assert.equal(lines.splice(0), first.slice(0, 1))
  await clock.advance(10_000)
  assert.equal(lines, [])
})

test('too many connections', async () => {
  const held = await Promise.all(Array.from({ length: limits.connections }, open))
  const answers = [await answerTo(''), await answerTo('')]
  for (const answer of answers) assert.match(answer, / 503 .*"code":"too_busy"/s)
  assert.equal(lines.splice(0), [{ code: 'too_busy', remoteAddress: HOST }])
  await clock.advance(10_000)
  assert.equal(lines.splice(0), [{ code: 'too_busy', more: 1 }])
  for (const socket of held) socket.destroy()
})

test.run()
