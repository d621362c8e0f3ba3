// What callers may take: headers, bodies, connections and time, and how many requests run to a service at once.
import { EventEmitter } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Daemon, startDaemon } from '../../src/daemon/daemon.ts'
import { Slots } from '../../src/server/proxy/slots.ts'
import { type Loopback, listenOnLoopback } from '../support/loopback.ts'

const folder = mkdtempSync(join(tmpdir(), 'bearerd-limits-'))
const file = join(folder, 'services.yaml')
const held: ServerResponse[] = []
let reached = 0
let upstream: Loopback
let daemon: Daemon

function configure(limits: object): void {
  const account = { authorization: 'none' }
  const services = { a: { account, serverUrl: upstream.url }, b: { account, serverUrl: upstream.url } }
  writeFileSync(file, JSON.stringify({ version: 1, services, daemon: { limits } }))
}

const LIMITS = {
  headers: '16KiB',
  headersTimeout: '1s',
  connections: 40,
  requestBody: '100KiB',
  maxConcurrent: 2,
  maxQueued: 1,
}

test.before(async () => {
  upstream = await listenOnLoopback((request, response) => {
    reached++
    if (request.url === '/hold') held.push(response)
    else request.resume().on('end', () => response.end('fine'))
  })
  configure(LIMITS)
  daemon = await startDaemon({ paths: [file], listen: '127.0.0.1:0', adminListen: '127.0.0.1:0', logLevel: 'silent' })
})

test.after(async () => {
  for (const response of held) response.end()
  await daemon?.stop(200)
  await upstream?.close()
  rmSync(folder, { recursive: true, force: true })
})

const url = (path: string) => `${daemon.api}/v1/services/${path}`
const codeOf = async (reply: Response) => ((await reply.json()) as { code: string }).code

async function until(condition: () => boolean): Promise<void> {
  const giveUpAtMs = performance.now() + 60_000
  while (!condition() && performance.now() < giveUpAtMs) await new Promise(resolve => setTimeout(resolve, 1))
  assert.ok(condition())
}

function open(): Socket {
  return connect(Number(new URL(daemon.api).port), '127.0.0.1').on('error', () => {})
}

async function answerTo(text: string): Promise<string> {
  const socket = open()
  socket.write(text)
  let answer = ''
  for await (const chunk of socket) answer += chunk
  return answer
}

test('a body that is refused early: its answer arrives while the sender goes on, who does not go on forever', async () => {
  const socket = open()
  let answer = ''
  let sent = 0
  const closed = new Promise(resolve => socket.once('close', resolve))
  socket.on('data', chunk => (answer += chunk))
  socket.write(
    `POST ${new URL(url('a/proxy/x')).pathname} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${2 ** 40}\r\n\r\n`,
  )
  const chunk = Buffer.alloc(1024 * 1024)
  while (!socket.destroyed) {
    sent += chunk.length
    await new Promise<void>(resolve => socket.write(chunk, () => resolve()))
  }
  await closed
  assert.match(answer, /^HTTP\/1\.1 413 [\s\S]*"code":"body_too_large"/)
  assert.ok(sent < 512 * 1024 * 1024, `${sent} bytes were taken`)
})

test('headers that are too large: 431', async () => {
  const answer = await answerTo(`GET /v1/services HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`)
  assert.match(answer, /^HTTP\/1\.1 431 /)
  assert.match(answer, /application\/problem\+json[\s\S]*"code":"headers_too_large"/)
})

test('headers that come too slowly: 408, while others are served', async () => {
  const slow = answerTo('GET /v1/services HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ')
  assert.is((await fetch(url('a'))).status, 200)
  assert.match(await slow, /^HTTP\/1\.1 408 [\s\S]*"code":"request_timeout"/)
})

test('what is no request: 400', async () => {
  assert.match(await answerTo('hello\r\n\r\n'), /^HTTP\/1\.1 400 [\s\S]*"code":"invalid_request"/)
})

test('a body that says or shows that it is too large: 413', async () => {
  const before = reached
  const told = await fetch(url('a/proxy/x'), { method: 'POST', body: new Uint8Array(100 * 1024 + 1) })
  assert.equal([told.status, await codeOf(told)], [413, 'body_too_large'])
  assert.is(reached, before)
  assert.is((await fetch(url('a/proxy/x'), { method: 'POST', body: new Uint8Array(100 * 1024) })).status, 200)
  const chunk = 'x'.repeat(64 * 1024)
  const chunked = `POST /v1/services/a/proxy/x HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n`
  const answer = await answerTo(`${chunked}10000\r\n${chunk}\r\n10000\r\n${chunk}\r\n`)
  assert.match(answer, /^HTTP\/1\.1 413 [\s\S]*"code":"body_too_large"/)
})

test('more requests at once wait in line, then get 503 with Retry-After; other services are served', async () => {
  const running = [fetch(url('a/proxy/hold')), fetch(url('a/proxy/hold'))]
  await until(() => held.length === 2)
  const waiting = fetch(url('a/proxy/hold'))
  let refused: Response | undefined
  // One of these may be the one that waits: it is given up, and the next one is refused.
  for (let tries = 0; refused?.status !== 503 && tries < 20; tries++)
    refused = await fetch(url('a/proxy/x'), { signal: AbortSignal.timeout(1000) }).catch(() => undefined)
  assert.equal([refused?.status, refused?.headers.get('retry-after'), await codeOf(refused!)], [503, '1', 'too_busy'])
  assert.is((await fetch(url('b/proxy/x'))).status, 200)
  assert.is(held.length, 2)
  held.shift()!.end('done')
  await until(() => held.length === 2)
  for (const response of held.splice(0)) response.end('done')
  for (const reply of await Promise.all([...running, waiting])) assert.is(await reply.text(), 'done')
  assert.is((await fetch(url('a/proxy/x'))).status, 200)
})

test('who waits as long as the timeout of the service gets 503, and leaves the line', async () => {
  const slots = new Slots(() => ({ maxConcurrent: 1, maxQueued: 1 }))
  const enter = (timeoutMs: number) => {
    const response = new EventEmitter() as ServerResponse
    const outcome = new Promise<string>((resolve, reject) => {
      const plan = { name: 'a', timeoutMs }
      try {
        slots.enter({ plan, response, start: () => resolve('started'), refuse: ({ code }) => resolve(code) })
      } catch (error) {
        reject(error)
      }
    })
    return { response, outcome }
  }
  const first = enter(60_000)
  assert.is(await first.outcome, 'started')
  assert.is(await enter(10).outcome, 'too_busy')
  const third = enter(60_000)
  first.response.emit('close')
  assert.is(await third.outcome, 'started')
  third.response.emit('close')
  assert.is(await enter(60_000).outcome, 'started')
})

test('too many connections: 503 for the next one, and room again when some close', async () => {
  const sockets = Array.from({ length: 60 }, open)
  const answers = sockets.map(
    socket =>
      new Promise<string>(resolve => {
        socket.once('data', data => resolve(String(data)))
        socket.once('close', () => resolve(''))
      }),
  )
  const first = await Promise.race(answers)
  assert.match(first, /^HTTP\/1\.1 (503 [\s\S]*"code":"too_busy"|408)/)
  for (const socket of sockets) socket.destroy()
  let status = 0
  await until(() => {
    void fetch(url('b')).then(
      reply => {
        status = reply.status
      },
      () => {},
    )
    return status === 200
  })
})

test('how many connections may be open follows a reload', async () => {
  configure({ ...LIMITS, connections: 100 })
  assert.ok((await daemon.executor.reload()).ok)
  // Each holds its place with a request that runs.
  const sockets = Array.from({ length: 60 }, open)
  const answers = sockets.map(
    socket => new Promise<string>(resolve => socket.once('data', data => resolve(String(data)))),
  )
  for (const socket of sockets) socket.write('GET /v1/services HTTP/1.1\r\nHost: localhost\r\n\r\n')
  for (const answer of await Promise.all(answers)) assert.match(answer, /^HTTP\/1\.1 200/)
  for (const socket of sockets) socket.destroy()
})

test('limits of requests follow a reload', async () => {
  configure({ ...LIMITS, requestBody: '1KiB' })
  assert.ok((await daemon.executor.reload()).ok)
  assert.is((await fetch(url('a/proxy/x'), { method: 'POST', body: new Uint8Array(2000) })).status, 413)
})

test.run()
