// Answers that no honest service gives, over raw sockets: each request has an end, no header or second answer gets through that
// the service did not have the right to write, and the daemon goes on.
import { createServer, type Server } from 'node:net'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createRunning } from '../support/running.ts'

const FINE = 'Content-Length: 2\r\n\r\nok'
const ANSWERS: Record<string, string> = {
  'a control character in a header': `HTTP/1.1 200 OK\r\nX-A: a\x01b\r\n${FINE}`,
  'a NUL in a header': `HTTP/1.1 200 OK\r\nX-A: a\0b\r\n${FINE}`,
  'a bare CR in a header': `HTTP/1.1 200 OK\r\nX-A: a\rSet-Cookie: evil=1\r\n${FINE}`,
  'a bare LF in a header': `HTTP/1.1 200 OK\r\nX-A: a\nSet-Cookie: evil=1\r\n${FINE}`,
  'a folded header': `HTTP/1.1 200 OK\r\nX-A: a\r\n Set-Cookie: evil=1\r\n${FINE}`,
  'a control character in the reason': `HTTP/1.1 200 O\x01K\r\n${FINE}`,
  'an escape sequence in the reason': `HTTP/1.1 200 \x1b[31mK\r\n${FINE}`,
  'status 000': `HTTP/1.1 000 X\r\n${FINE}`,
  'status 099': `HTTP/1.1 099 X\r\n${FINE}`,
  'status 999': `HTTP/1.1 999 X\r\n${FINE}`,
  'a switch that nobody asked for': 'HTTP/1.1 101 S\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\nEVIL',
  'length and chunks':
    'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\nEVIL',
  'two lengths': 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 6\r\n\r\nokEVIL',
  'a second answer': `HTTP/1.1 200 OK\r\n${FINE}HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nEVIL`,
  'a body of 204': 'HTTP/1.1 204 No\r\nContent-Length: 4\r\n\r\nEVIL',
  'a body of 304': 'HTTP/1.1 304 No\r\nContent-Length: 4\r\n\r\nEVIL',
  'a control character in a trailer':
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-T: a\x01b\r\nSet-Cookie: evil=1\r\n\r\n',
  'framing and cookies in trailers':
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nContent-Length: 9\r\nSet-Cookie: evil=1\r\nTransfer-Encoding: chunked\r\n\r\n',
  'a header of 100 kB': `HTTP/1.1 200 OK\r\nX-A: ${'a'.repeat(100_000)}\r\n${FINE}`,
  'ten thousand interim answers': `${'HTTP/1.1 100 Continue\r\n\r\n'.repeat(10_000)}HTTP/1.1 200 OK\r\n${FINE}`,
  'names of prototypes': `HTTP/1.1 200 OK\r\n__proto__: x\r\nconstructor: y\r\n${FINE}`,
  'a chunk larger than any number': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\nok',
  'no HTTP at all': 'SSH-2.0-evil\r\n\r\n',
}

const running = createRunning()
let base: string

test.before(async () => {
  const names = Object.keys(ANSWERS)
  const server: Server = createServer(socket => {
    socket.on('error', () => {})
    socket.on('data', bytes => {
      const index = /^GET \/(\d+) /.exec(bytes.toString())?.[1]
      socket.write(Buffer.from(index ? ANSWERS[names[Number(index)]!]! : `HTTP/1.1 200 OK\r\n${FINE}`, 'latin1'))
    })
  })
  await new Promise<void>(resolve => void server.listen(0, '127.0.0.1', resolve))
  await running.open(Promise.resolve({ close: () => void server.close() }))
  const { port } = server.address() as { port: number }
  const account = { authorization: 'header', header: { name: 'X-Key', value: 'fake-key' } }
  const { api } = await running.serve({
    services: { evil: { account, serverUrl: `http://127.0.0.1:${port}`, timeout: '60s' } },
  })
  base = `${api}/v1/services/evil/proxy`
})

test.after(() => running.close())

for (const [index, name] of Object.keys(ANSWERS).entries()) {
  test(name, async () => {
    const limit = AbortSignal.timeout(30_000)
    const reply = await fetch(`${base}/${index}`, { headers: { TE: 'trailers' }, signal: limit }).catch((e: Error) => e)
    const seen =
      reply instanceof Response ? `${JSON.stringify([...reply.headers])} ${await reply.text().catch(String)}` : ''
    assert.is(limit.aborted, false, 'it has an end')
    assert.not.match(seen, 'EVIL')
    assert.not.match(seen, '"set-cookie"')
    const next = await fetch(`${base}/fine`)
    assert.equal([next.status, await next.text()], [200, 'ok'])
  })
}

test.run()
