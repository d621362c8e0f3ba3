// A service that speaks HTTP/2 alone, behind the proxy: both directions, and its errors.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import {
  createSecureServer,
  type Http2SecureServer,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Daemon, startDaemon } from '../../src/daemon/daemon.ts'
import { makeCertificate } from '../support/certificates.ts'
import { startTokenEndpoint, token } from '../support/hostile-token-endpoint.ts'

const folder = mkdtempSync(join(tmpdir(), 'bearerd-http2-'))
let service: Http2SecureServer
let tokens: Awaited<ReturnType<typeof startTokenEndpoint>>
let daemon: Daemon
const MAX_STREAMS = 2
const refused = new Set<string | undefined>()

test.before(async () => {
  const { certificate, key } = makeCertificate({ name: 'service', hosts: ['IP:127.0.0.1'] })
  writeFileSync(join(folder, 'ca.pem'), certificate)
  service = createSecureServer({
    cert: certificate,
    key,
    allowHTTP1: false,
    settings: { maxConcurrentStreams: MAX_STREAMS },
  })
  service.on('stream', async (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    if (refused.has(headers.authorization)) {
      stream.resume().respond({ ':status': 401 })
      return stream.end('no')
    }
    if (headers[':path'] === '/reset') return stream.destroy()
    const body = await text(stream)
    stream.respond({ ':status': 201, 'x-key': headers['x-key'], 'set-cookie': ['a=1', 'b=2'], 'content-length': 4 })
    stream.end(`${body}done`.slice(-4))
  })
  await new Promise<void>(resolve => service.listen(0, '127.0.0.1', resolve))
  const account = { authorization: 'header', header: { name: 'X-Key', value: 'the-key' } }
  const serverUrl = `https://127.0.0.1:${(service.address() as AddressInfo).port}`
  tokens = await startTokenEndpoint((_request, index) => token(`token-${index + 1}`))
  const renewed = { accessTokenUri: tokens.url, clientId: 'app', clientSecret: 'fake-secret', scope: [] }
  const tls = { caFile: join(folder, 'ca.pem') }
  const services = { two: { account, serverUrl, tls }, renewed: { account: renewed, serverUrl, tls, timeout: '10s' } }
  const file = join(folder, 'services.yaml')
  writeFileSync(file, JSON.stringify({ version: 1, services }))
  daemon = await startDaemon({ paths: [file], listen: '127.0.0.1:0', adminListen: '127.0.0.1:0', logLevel: 'silent' })
})

test.after(async () => {
  await daemon?.stop(200)
  service?.close()
  await tokens?.close()
  rmSync(folder, { recursive: true, force: true })
})

const call = (path: string, init: RequestInit = {}, name = 'two') =>
  fetch(`${daemon.api}/v1/services/${name}/proxy${path}`, init)

test('its answer reaches the caller, a header that comes twice in two', async () => {
  const { status, headers } = await call('/x')
  assert.equal([status, headers.get('x-key'), headers.getSetCookie()], [201, 'the-key', ['a=1', 'b=2']])
})

test('bodies go both ways', async () => {
  const reply = await call('/x', { method: 'POST', body: 'a body' })
  assert.is(await reply.text(), 'done')
})

test('a stream that it resets is a problem, and nothing else ends with it', async () => {
  assert.is((await call('/reset', { method: 'POST', body: 'x' })).status, 502)
  assert.is((await call('/x')).status, 201)
})

test('uploads whose token it refuses at once are sent again whole, more than it takes at a time: none stays open', async () => {
  for (let round = 1; round <= MAX_STREAMS + 1; round++) {
    refused.add(`Bearer token-${round}`)
    let replayed = () => {}
    const asked = new Promise<void>(resolve => (replayed = resolve))
    const body = new ReadableStream({
      async start(controller) {
        controller.enqueue(Buffer.from('its beginning '))
        await asked
        controller.enqueue(Buffer.from('end!'))
        controller.close()
      },
    })
    const reply = call('/x', { method: 'POST', body, duplex: 'half' }, 'renewed')
    while (tokens.requests.length <= round) await sleep(5)
    replayed()
    const { status } = await reply
    assert.is(status, 201, `upload ${round}`)
    assert.is(await (await reply).text(), 'done')
  }
})

test.run()
