// Large bodies through the proxy, to callers that read slowly: every byte arrives, in order, from services of each kind.
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, get, type IncomingMessage, type RequestListener, request as send } from 'node:http'
import { createSecureServer } from 'node:http2'
import { get as getByTls, Agent as TlsAgent } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { makeCertificate } from '../support/certificates.ts'
import { listenOnLoopback, readBody } from '../support/loopback.ts'
import { createRunning } from '../support/running.ts'

const BYTES = randomBytes(24 * 1024 * 1024 + 17)
const folder = mkdtempSync(join(tmpdir(), 'bearerd-large-'))
const running = createRunning()
const certificate = makeCertificate({ name: 'service', hosts: ['IP:127.0.0.1'] })
const tls = { cert: certificate.certificate, key: certificate.key }
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** In pieces of many sizes; `/chunked` without its length. An upload is answered with its hash. */
const answer: RequestListener = async (request, response) => {
  if (request.method === 'PUT') return response.end(hashOf(await readBody(request)))
  if (request.url !== '/chunked') response.setHeader('Content-Length', BYTES.length)
  response.writeHead(200, { 'Content-Type': 'application/octet-stream' })
  Readable.from(pieces()).pipe(response)
}

function* pieces(): Generator<Buffer> {
  for (let at = 0, size = 1; at < BYTES.length; at += size, size = ((size * 7) % 300_007) + 1)
    yield BYTES.subarray(at, at + size)
}

async function startHttp2(): Promise<{ url: string; close(): void }> {
  const server = createSecureServer({ ...tls, allowHTTP1: false }, answer as never)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() }
}

let plain: string
let secure: string

test.before(async () => {
  const caFile = file('ca.pem', tls.cert)
  const [http, https, http2] = [
    await running.open(listenOnLoopback(answer)),
    await running.open(listenOnLoopback(answer, 0, tls)),
    await running.open(startHttp2()),
  ]
  const account = { authorization: 'header', header: { name: 'X-Key', value: 'the-key' } }
  const services = {
    http: { account, serverUrl: http.url },
    https: { account, serverUrl: https.url, tls: { caFile } },
    http2: { account, serverUrl: http2.url, tls: { caFile } },
  }
  plain = (await running.serve({ services })).api
  const daemon = { tls: { certFile: file('cert.pem', tls.cert), keyFile: file('key.pem', tls.key) } }
  secure = (await running.serve({ services, daemon })).api
})

test.after(async () => {
  await running.close()
  rmSync(folder, { recursive: true, force: true })
})

/** One connection for all, so that an answer follows another one. */
const agents = {
  plain: new Agent({ keepAlive: true, maxSockets: 1 }),
  secure: new TlsAgent({ keepAlive: true, maxSockets: 1, ca: tls.cert }),
}

async function readSlowly(url: string): Promise<string> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const asked = url.startsWith('https')
      ? getByTls(url, { agent: agents.secure }, resolve)
      : get(url, { agent: agents.plain }, resolve)
    asked.once('error', reject)
  })
  const hash = createHash('sha256')
  let chunks = 0
  for await (const chunk of response) {
    hash.update(chunk as Buffer)
    if (++chunks % 8 === 0) await setImmediate()
  }
  return hash.digest('hex')
}

for (const service of ['http', 'https', 'http2'])
  for (const path of ['/sized', '/chunked'])
    for (const caller of ['plain', 'secure'])
      test(`${path} of a service by ${service} to a slow ${caller} caller, twice`, async () => {
        const url = `${caller === 'plain' ? plain : secure}/v1/services/${service}/proxy${path}`
        assert.is(await readSlowly(url), hashOf(BYTES))
        assert.is(await readSlowly(url), hashOf(BYTES))
      })

for (const service of ['http', 'https', 'http2'])
  test(`an upload to a service by ${service}`, async () => {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const upload = send(`${plain}/v1/services/${service}/proxy/up`, { method: 'PUT' }, resolve)
      upload.once('error', reject)
      Readable.from(pieces()).pipe(upload)
    })
    assert.is((await readBody(response)).toString(), hashOf(BYTES))
  })

test.run()
