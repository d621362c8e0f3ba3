// A large upload through this process, from its caller to its service: chunks that are through do not pile up.
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

/** Answers when the whole body is there; keeps the most memory that buffers took until then. */
function serve(socket: Socket, seen: { most: number }): void {
  let left = Number.POSITIVE_INFINITY
  socket.on('error', () => {})
  socket.on('data', (bytes: Buffer) => {
    if (left === Number.POSITIVE_INFINITY) left = CHUNKS * CHUNK.length + bytes.indexOf('\r\n\r\n') + 4
    left -= bytes.length
    seen.most = Math.max(seen.most, process.memoryUsage().arrayBuffers)
    if (left === 0) socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
  })
}

async function upload(port: number): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  const answered = once(socket, 'data')
  socket.write(
    `PUT /v1/services/files/proxy/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${CHUNKS * CHUNK.length}\r\n\r\n`,
  )
  for (let sent = 0; sent < CHUNKS; sent++) if (!socket.write(CHUNK)) await once(socket, 'drain')
  const [answer] = (await answered) as [Buffer]
  socket.destroy()
  return answer.toString()
}

test('memory of an upload is given back while it goes on', async () => {
  const seen = { most: 0 }
  const server = createServer(socket => serve(socket, seen))
  await running.open(new Promise<typeof server>(resolve => server.listen(0, '127.0.0.1', () => resolve(server))))
  const { port } = server.address() as AddressInfo
  const account = { authorization: 'header', header: { name: 'X-Key', value: 'the-key' } }
  const { api } = await running.serve({ services: { files: { account, serverUrl: `http://127.0.0.1:${port}` } } })
  const before = process.memoryUsage().arrayBuffers
  assert.match(await upload(Number(new URL(api).port)), /^HTTP\/1\.1 200 /)
  const growth = (seen.most - before) / 2 ** 20
  assert.ok(growth < MOST_MIB, `buffers grew by ${growth.toFixed(0)} MiB`)
})

test.run()
