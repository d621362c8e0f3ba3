// Large files to servers that read slowly, by HTTP, TLS and HTTP/2, alone and several in one form: every byte arrives.
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { createSecureServer } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Daemon } from '../../src/daemon/daemon.ts'
import type { Executor } from '../../src/index.ts'
import { makeCertificate } from '../support/certificates.ts'
import { listenOnLoopback } from '../support/loopback.ts'
import { createRunning } from '../support/running.ts'

const folder = mkdtempSync(join(tmpdir(), 'bearerd-large-'))
const running = createRunning()
const { certificate: cert, key } = makeCertificate({ name: 'service', hosts: ['IP:127.0.0.1'] })
const write = (name: string, content: string | Buffer) => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

const BYTES = randomBytes(24 * 1024 * 1024 + 17)
const LARGE = write('large.bin', BYTES)
const parts = [1, 70_000, 300_000, 5, 1_000_000].map((size, index) => randomBytes(size).fill(65 + index, 0, 1))
const SEVERAL = parts.map((bytes, index) => write(`part-${index}.bin`, bytes))

let received: Buffer
const answer: RequestListener = async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) {
    chunks.push(chunk as Buffer)
    if (chunks.length % 4 === 0) await setImmediate()
  }
  received = Buffer.concat(chunks)
  response.end()
}

async function startHttp2(): Promise<{ url: string; close(): void }> {
  const server = createSecureServer({ cert, key, allowHTTP1: false }, answer as never).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() }
}

let executor: Executor
let daemon: Daemon

test.before(async () => {
  const tls = { caFile: write('ca.pem', cert) }
  const account = { authorization: 'header', header: { name: 'X-Key', value: 'the-key' } }
  const services = {
    http: { account, serverUrl: (await running.open(listenOnLoopback(answer))).url },
    https: { account, serverUrl: (await running.open(listenOnLoopback(answer, 0, { cert, key }))).url, tls },
    http2: { account, serverUrl: (await running.open(startHttp2())).url, tls },
  }
  const actions = Object.keys(services).flatMap(name => {
    const copy = { type: 'copyToHttpServer', authenticateWith: name, path: '/in' }
    const form = { files: 'together', content: { multipart: { field: 'file' } } }
    return [
      [name, { ...copy, content: { file: {} } }],
      [`${name}-form`, { ...copy, ...form }],
    ]
  })
  const definitions = { services, actions: Object.fromEntries(actions) }
  executor = await running.execute(definitions)
  daemon = await running.serve({ ...definitions, daemon: { state: { dir: join(folder, 'state') } } })
})

test.after(async () => {
  await running.close()
  rmSync(folder, { recursive: true, force: true })
})

const hashOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

function expectAll(form: Buffer): void {
  let at = 0
  for (const bytes of [...parts, BYTES, ...parts]) {
    at = form.indexOf(bytes, at)
    assert.ok(at > 0, `a part of ${bytes.length} bytes is missing`)
    at += bytes.length
  }
}

for (const service of ['http', 'https', 'http2']) {
  test(`a large file by ${service}`, async () => {
    await executor.deliver(service, { files: [LARGE] }).result
    assert.is(hashOf(received), hashOf(BYTES))
  })

  test(`large and small files in one form by ${service}`, async () => {
    await executor.deliver(`${service}-form`, { files: [...SEVERAL, LARGE, ...SEVERAL] }).result
    expectAll(received)
  })
}

const accept = (action: string, body: Blob | FormData) =>
  fetch(`${daemon.api}/v1/actions/${action}/deliveries?wait=60s`, { method: 'POST', body })

test('a large file as the body of a request to the API, stored on the way', async () => {
  const { status } = await accept('http', new Blob([BYTES]))
  assert.is(status, 200)
  assert.is(hashOf(received), hashOf(BYTES))
})

test('large and small files in one form to the API', async () => {
  const form = new FormData()
  for (const bytes of [...parts, BYTES, ...parts]) form.append('file', new Blob([new Uint8Array(bytes)]), 'a.bin')
  assert.is((await accept('http-form', form)).status, 200)
  expectAll(received)
})

test.run()
