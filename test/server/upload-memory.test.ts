// Large bodies and WebSocket messages through this process, from a caller to its service: chunks that are through do not
// pile up.
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createRunning } from '../support/running.ts'

const CHUNK = Buffer.alloc(1024 * 1024, 'x')
const CHUNKS = 160
/** By itself the garbage collector lets about 64 MiB of them wait. */
const MOST_MIB = 40

const running = createRunning()
test.after(() => running.close())

interface Seen {
  /** Memory that buffers took. */
  most: number
}

/** Answers when everything is there. */
function serve(socket: Socket, seen: Seen): void {
  let left = Number.POSITIVE_INFINITY
  socket.on('error', () => {})
  socket.on('data', (bytes: Buffer) => {
    if (left === Number.POSITIVE_INFINITY) {
      const head = bytes.indexOf('\r\n\r\n') + 4
      left = CHUNKS * CHUNK.length + head
      if (bytes.includes('websocket')) socket.write(SWITCHED)
    }
    left -= bytes.length
    seen.most = Math.max(seen.most, process.memoryUsage().arrayBuffers)
    if (left === 0) socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
  })
}

const SWITCHED = 'HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'
const HANDSHAKE = ['Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: eA==']

async function start() {
  const seen = { most: 0 }
  const server = createServer(socket => serve(socket, seen))
  await running.open(new Promise<typeof server>(resolve => server.listen(0, '127.0.0.1', () => resolve(server))))
  const { port } = server.address() as AddressInfo
  const account = { authorization: 'header', header: { name: 'X-Key', value: 'the-key' } }
  const { api } = await running.serve({ services: { files: { account, serverUrl: `http://127.0.0.1:${port}` } } })
  const socket = connect(Number(new URL(api).port), '127.0.0.1')
  await running.open({ close: () => socket.destroy() })
  const before = process.memoryUsage().arrayBuffers
  const growth = () => (seen.most - before) / 2 ** 20
  return { socket, growth }
}

const head = (method: string, ...headers: string[]) =>
  [`${method} /v1/services/files/proxy/ HTTP/1.1`, 'Host: 127.0.0.1', ...headers, '', ''].join('\r\n')

/** What is answered to the last of it. */
async function sendAll(socket: Socket): Promise<string> {
  const answered = once(socket, 'data')
  for (let sent = 0; sent < CHUNKS; sent++) if (!socket.write(CHUNK)) await once(socket, 'drain')
  return String((await answered)[0])
}

test('memory of an upload is given back while it goes on', async () => {
  const { socket, growth } = await start()
  socket.write(head('PUT', `Content-Length: ${CHUNKS * CHUNK.length}`))
  assert.match(await sendAll(socket), /^HTTP\/1\.1 200 /)
  assert.ok(growth() < MOST_MIB, `buffers grew by ${growth().toFixed(0)} MiB`)
})

test('memory of what passes a WebSocket is given back too', async () => {
  const { socket, growth } = await start()
  socket.write(head('GET', ...HANDSHAKE))
  assert.match(String((await once(socket, 'data'))[0]), /^HTTP\/1\.1 101 /)
  assert.match(await sendAll(socket), /^HTTP\/1\.1 200 /)
  assert.ok(growth() < MOST_MIB, `buffers grew by ${growth().toFixed(0)} MiB`)
})

test.run()
