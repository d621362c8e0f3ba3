// Services and systems that fail, the real thing each: bounded time, a problem that says what happened, one line in the log,
// and no effect on the services beside.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { makeExpiredCertificate } from '../support/expired-certificate.ts'
import { type Loopback, listenOnLoopback } from '../support/loopback.ts'

const folder = mkdtempSync(join(tmpdir(), 'bearerd-faults-'))
const file = join(folder, 'services.yaml')
const servers: { close(): unknown }[] = []
const SECRET = 'canary-of-the-faults'
let upstream: Loopback
let log = ''
let api: string
let child: ReturnType<typeof spawn>

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  servers.push(server)
  return (server.address() as AddressInfo).port
}

const raw = (answer: string, end: 'end' | 'reset' | 'stall') =>
  createServer(socket => {
    socket.on('error', () => {})
    socket.once('data', () => {
      socket.write(answer)
      if (end === 'end') socket.end()
      if (end === 'reset') setImmediate(() => socket.resetAndDestroy())
    })
  })

/** Limits open files, so that they can run out. */
function run(maxFiles?: number): ReturnType<typeof spawn> {
  const args = ['src/cli/main.ts', 'run', '-c', file, '--listen', '127.0.0.1:0', '--admin-listen', '127.0.0.1:0']
  const flags = ['--log-format', 'json', '--log-level', 'debug', '--no-watch', '--shutdown-timeout', '1s']
  const command = [process.execPath, ...args, ...flags]
  const env = { ...process.env, FAULT_SECRET: SECRET }
  if (maxFiles === undefined) return spawn(command[0]!, command.slice(1), { env })
  return spawn('sh', ['-c', `ulimit -n ${maxFiles}; exec "$@"`, 'sh', ...command], { env })
}

async function ready(process: ReturnType<typeof spawn>, onText: (text: string) => void): Promise<string> {
  let text = ''
  process.stderr!.on('data', chunk => {
    text += chunk
    onText(String(chunk))
  })
  while (!text.includes('"msg":"ready"')) {
    assert.is(process.exitCode, null, text)
    await Promise.race([once(process.stderr!, 'data'), once(process, 'close')])
  }
  return JSON.parse(text.split('\n').find(line => line.includes('"msg":"ready"'))!).api
}

test.before(async () => {
  upstream = await listenOnLoopback((request, response) => request.resume().on('end', () => response.end('fine')))
  const { certificate, key } = makeExpiredCertificate('old')
  const old = createTlsServer({ cert: certificate, key }, (_request, response) => response.end('never'))
  const http = async (server: Server) => `http://127.0.0.1:${await listen(server)}`
  const urls: Record<string, string> = {
    good: upstream.url,
    resets: await http(raw('', 'reset')),
    closes: await http(raw('', 'end')),
    garbage: await http(raw('this is no HTTP\r\n\r\n', 'end')),
    stalls: await http(raw('', 'stall')),
    continues: await http(raw('HTTP/1.1 100 Continue\r\n\r\n', 'stall')),
    half: await http(raw('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf', 'end')),
    slow: await http(raw('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nslow', 'stall')),
    expired: `https://127.0.0.1:${await listen(old)}`,
    nowhere: 'https://name.that.does.not.exist.invalid',
  }
  const account = { authorization: 'header', header: { name: 'X-Key', value: { env: 'FAULT_SECRET' } } }
  const services: Record<string, object> = Object.fromEntries(
    Object.entries(urls).map(([name, serverUrl]) => [name, { account, serverUrl, timeout: '4s' }]),
  )
  const tokens = { waits: `${urls.stalls}/token`, outdated: `${urls.expired}/token`, unnamed: `${urls.nowhere}/token` }
  for (const [name, accessTokenUri] of Object.entries(tokens)) {
    const client = { clientId: 'c', clientSecret: { env: 'FAULT_SECRET' }, scope: [] }
    services[name] = { account: { ...client, accessTokenUri, timeout: '4s' }, serverUrl: upstream.url }
  }
  writeFileSync(file, JSON.stringify({ version: 1, services }))
  child = run()
  api = await ready(child, text => {
    log += text
  })
})

test.after(async () => {
  child.kill('SIGTERM')
  if (child.exitCode === null) await once(child, 'close')
  for (const server of servers) server.close()
  await upstream.close()
  rmSync(folder, { recursive: true, force: true })
})

const FAULTS: Record<string, [status: number, code: string, detail: RegExp]> = {
  resets: [502, 'upstream_reset', /closed the connection/],
  closes: [502, 'upstream_reset', /closed the connection/],
  garbage: [502, 'upstream_unreachable', /HPE_|cannot be reached/],
  stalls: [504, 'upstream_timeout', /did not answer in time/],
  // undici takes an interim answer that nobody asked for as a fault of the service.
  continues: [502, 'upstream_reset', /closed the connection/],
  expired: [502, 'upstream_unreachable', /CERT_HAS_EXPIRED|DEPTH_ZERO_SELF_SIGNED_CERT/],
  nowhere: [502, 'upstream_unreachable', /ENOTFOUND|EAI_AGAIN/],
  waits: [503, 'token_timeout', /did not answer within/],
  unnamed: [503, 'token_unreachable', /ENOTFOUND|EAI_AGAIN|cannot be reached/],
  outdated: [503, 'token_unreachable', /CERT_HAS_EXPIRED|DEPTH_ZERO_SELF_SIGNED_CERT|certificate/],
}

for (const [service, [status, code, detail]] of Object.entries(FAULTS)) {
  test(`a service that ${service}: ${status} ${code}, in time, in the log, and others are served`, async () => {
    const requestId = `fault-${service}`
    const waiting = fetch(`${api}/v1/services/${service}/proxy/x`, {
      headers: { 'x-request-id': requestId },
      signal: AbortSignal.timeout(60_000),
    })
    assert.is(await (await fetch(`${api}/v1/services/good/proxy/x`)).text(), 'fine')
    const reply = await waiting
    const problem = (await reply.json()) as Record<string, unknown>
    assert.equal([reply.status, problem.code, problem.service], [status, code, service])
    assert.match(String(problem.detail), detail)
    const line = log.split('\n').find(text => text.includes(`"requestId":"${requestId}"`) && text.includes('"warn"'))
    const { service: told, code: toldCode } = JSON.parse(line ?? '{}')
    assert.equal([told, toldCode], [service, code])
    assert.not.match(JSON.stringify(problem), SECRET)
  })
}

for (const service of ['half', 'slow']) {
  test(`an answer that is ${service} ends the caller's answer too, never as a whole one`, async () => {
    const reply = await fetch(`${api}/v1/services/${service}/proxy/x`, { signal: AbortSignal.timeout(60_000) })
    const ending = await reply.text().then(
      text => `whole: ${text}`,
      () => 'broken',
    )
    assert.is(ending, 'broken')
    assert.is(await (await fetch(`${api}/v1/services/good/proxy/x`)).text(), 'fine')
  })
}

test('when no file can be opened any more, the process lives on and serves again afterwards', async () => {
  const poor = run(64)
  let text = ''
  const url = new URL(await ready(poor, chunk => (text += chunk)))
  const sockets = Array.from({ length: 100 }, () => connect(Number(url.port), '127.0.0.1').on('error', () => {}))
  await Promise.all(sockets.map(socket => Promise.race([once(socket, 'connect'), once(socket, 'close')])))
  await fetch(`${url.origin}/v1/services/good/proxy/x`, { signal: AbortSignal.timeout(300) }).catch(() => undefined)
  for (const socket of sockets) socket.destroy()
  let answer = ''
  for (const giveUpAtMs = performance.now() + 60_000; answer !== 'fine' && performance.now() < giveUpAtMs; ) {
    const reply = await fetch(`${url.origin}/v1/services/good/proxy/x`, { signal: AbortSignal.timeout(5_000) }).catch(
      () => undefined,
    )
    answer = (await reply?.text()) ?? ''
  }
  assert.is(answer, 'fine')
  assert.is(poor.exitCode, null, text)
  poor.kill('SIGTERM')
  await once(poor, 'close')
  assert.not.match(text, SECRET)
})

test('no line of the log holds the secret', () => {
  assert.match(log, '"code":"upstream_reset"')
  assert.not.match(log, SECRET)
})

test.run()
