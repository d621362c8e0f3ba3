// Listeners with TLS: client certificates as callers, names of the certificate, rotation, addresses that other machines
// reach; and Unix sockets with their permissions.

import { X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { request as openPlain } from 'node:http'
import { Agent, request as openRequest, type RequestOptions } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { connect, type PeerCertificate } from 'node:tls'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Daemon, type DaemonOptions, startDaemon } from '../../src/daemon/daemon.ts'
import { type Certified, makeCertificate } from '../support/certificates.ts'
import { makeExpiredCertificate } from '../support/expired-certificate.ts'
import { type Loopback, listenOnLoopback, sendJson } from '../support/loopback.ts'
import { capture } from '../support/run-command.ts'

const folder = mkdtempSync(join(tmpdir(), 'bearerd-tls-'))
const at = (name: string) => join(folder, name)
const hosts = ['DNS:bearerd.example', 'IP:127.0.0.1']
const authority = makeCertificate({ name: 'clients', authority: true })
const listener = makeCertificate({ name: 'bearerd', hosts })
const signed = makeCertificate({ name: 'signed', by: authority })
const alone = makeCertificate({ name: 'alone' })
const stranger = makeCertificate({ name: 'stranger' })
const TOKEN = 'the-token-of-a-caller'
let upstream: Loopback
let daemon: Daemon | undefined

function write(name: string, { certificate, key }: Certified): void {
  writeFileSync(at(`${name}.crt`), certificate)
  writeFileSync(at(`${name}.key`), key)
}

function configure(daemonPart: object): void {
  const services = { open: { account: { authorization: 'none' }, serverUrl: upstream.url } }
  writeFileSync(at('services.yaml'), JSON.stringify({ version: 1, services, daemon: daemonPart }))
}

const TLS = { certFile: 'listener.crt', keyFile: 'listener.key' }
const fingerprint = ({ certificate }: Certified) => new X509Certificate(certificate).fingerprint256
const CALLERS = () => ({
  token: { token: { file: 'token' }, services: ['open'] },
  signed: { certificate: { file: 'signed.crt' }, services: ['open'] },
  alone: { certificate: { sha256: fingerprint(alone) }, services: ['open'] },
})

async function start(options: Partial<DaemonOptions> = {}): Promise<Daemon> {
  const defaults = { listen: '127.0.0.1:0', adminListen: '127.0.0.1:0', logLevel: 'silent' as const }
  daemon = await startDaemon({ paths: [at('services.yaml')], ...defaults, ...options })
  return daemon
}

test.before(async () => {
  upstream = await listenOnLoopback((request, response) => sendJson(response, 200, request.rawHeaders))
  write('listener', listener)
  writeFileSync(at('ca.crt'), authority.certificate)
  writeFileSync(at('signed.crt'), signed.certificate)
  writeFileSync(at('token'), TOKEN)
})

test.after.each(async () => {
  write('listener', listener)
  await daemon?.stop(200)
  daemon = undefined
})

test.after(async () => {
  await upstream?.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Reply {
  status: number
  text: string
}

async function send(base: string, path: string, options: RequestOptions & { client?: Certified } = {}): Promise<Reply> {
  const { client, ...rest } = options
  const url = new URL(base)
  const identity = client && { cert: client.certificate, key: client.key }
  const target = { host: '127.0.0.1', port: url.port, path, agent: false as const, timeout: 10_000, ...rest }
  const outgoing =
    url.protocol === 'https:'
      ? openRequest({ ...target, ...identity, rejectUnauthorized: false })
      : openPlain({ ...target, agent: undefined })
  outgoing.on('timeout', () => outgoing.destroy(new Error('no answer')))
  const incoming = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    outgoing.on('response', resolve).on('error', reject).end()
  })
  return { status: incoming.statusCode!, text: await text(incoming) }
}

const OPEN = '/v1/services/open/proxy/x'
const bearer = { authorization: `Bearer ${TOKEN}` }

async function failure(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => assert.unreachable('this must fail') as never,
    (error: Error) => error,
  )
}

test('https: a token, or a certificate by its file or fingerprint; a stranger has no entry', async () => {
  configure({ tls: TLS, callers: CALLERS() })
  const { api } = await start()
  assert.match(api, /^https:\/\/127\.0\.0\.1:\d+$/)
  assert.is((await send(api, OPEN, { headers: bearer })).status, 200)
  assert.is((await send(api, OPEN, { client: signed })).status, 200)
  assert.is((await send(api, OPEN, { client: alone })).status, 200)
  assert.is((await send(api, OPEN, { client: stranger })).status, 401)
  assert.is((await send(api, OPEN)).status, 401)
  assert.is((await send(api, OPEN, { client: stranger, headers: bearer })).status, 200)
  await failure(send(api.replace('https:', 'http:'), OPEN))
})

test('with a certificate, Authorization is for the service', async () => {
  configure({ tls: TLS, callers: CALLERS() })
  const { api } = await start()
  const { text: seen } = await send(api, OPEN, { client: alone, headers: { Authorization: 'Basic b3du' } })
  assert.match(seen, 'Basic b3du')
})

test('with authorities for clients, only their certificates count, whatever their fingerprint', async () => {
  configure({ tls: { ...TLS, caFile: 'ca.crt' }, callers: CALLERS() })
  const { api } = await start()
  assert.is((await send(api, OPEN, { client: signed })).status, 200)
  assert.is((await send(api, OPEN, { client: alone })).status, 401)
  assert.is((await send(api, OPEN, { headers: bearer })).status, 200)
})

const otherAuthority = makeCertificate({ name: 'clients', authority: true })
const certified = (subject: string, more: Partial<Parameters<typeof makeCertificate>[0]> = {}) =>
  makeCertificate({ name: '', subject, by: authority, ...more })

/** As `openssl req -subj` takes them, and as a configuration names them. */
const SUBJECTS: [string, string, string][] = [
  ['plain', '/C=DE/O=Shop/CN=billing', 'CN=billing,O=Shop,C=DE'],
  ['with blanks between', '/C=DE/O=Shop/CN=billing', 'CN=billing, O=Shop, C=DE'],
  ['with several values in a part', '/O=Shop/CN=billing+UID=7', 'UID=7+CN=billing,O=Shop'],
  ['with a comma and a plus', '/O=Shop, Inc./CN=a\\+b', 'CN=a\\+b,O=Shop\\, Inc.'],
  ['with an escape in hexadecimal', '/O=Shop, Inc./CN=é', 'CN=\\C3\\A9,O=Shop\\2C Inc.'],
  ['with quotes and blanks at its ends', '/CN= "a" ', 'CN=\\ \\"a\\"\\ '],
]

for (const [name, made, written] of SUBJECTS) {
  test(`a subject ${name}: only of the authority`, async () => {
    configure({
      tls: { ...TLS, caFile: 'ca.crt' },
      callers: { one: { certificate: { subject: written }, services: ['open'] } },
    })
    const { api } = await start()
    assert.is((await send(api, OPEN, { client: certified(made) })).status, 200)
    assert.is((await send(api, OPEN, { client: certified(made, { by: otherAuthority }) })).status, 401)
    const { by: _none, ...alone } = { by: authority, name: '', subject: made }
    assert.is((await send(api, OPEN, { client: makeCertificate(alone) })).status, 401)
  })
}

test('a subject is compared whole and exactly', async () => {
  const subject = 'CN=billing,O=Shop'
  configure({ tls: { ...TLS, caFile: 'ca.crt' }, callers: { one: { certificate: { subject }, services: ['open'] } } })
  const { api } = await start()
  const others = [
    '/CN=billing',
    '/O=Shop/CN=Billing',
    '/O=Shop/CN=billing/OU=x',
    '/C=DE/O=Shop/CN=billing',
    '/CN=billing/O=Shop',
    '/O=Shop+CN=billing',
    '/CN=billing,O=Shop',
    '/O=Shop/O=Shop/CN=billing',
    '/O=Shop/CN=billing ',
    '/O=Shop/CN=*',
  ]
  assert.is((await send(api, OPEN, { client: certified('/O=Shop/CN=billing') })).status, 200)
  for (const made of others) assert.is((await send(api, OPEN, { client: certified(made) })).status, 401, made)
})

test('a subject alternative name, one of several, of the authority only', async () => {
  const caller = (san: string) => ({ certificate: { san }, services: ['open'] })
  const callers = { uri: caller('URI:spiffe://shop.example/billing'), dns: caller('DNS:billing.example') }
  configure({ tls: { ...TLS, caFile: 'ca.crt' }, callers })
  const { api } = await start()
  const own = ['DNS:other.example', 'URI:spiffe://shop.example/billing']
  assert.is((await send(api, OPEN, { client: certified('/CN=x', { hosts: own }) })).status, 200)
  assert.is((await send(api, OPEN, { client: certified('/CN=x', { hosts: ['DNS:billing.example'] }) })).status, 200)
  assert.is((await send(api, OPEN, { client: certified('/CN=x', { hosts: own, by: otherAuthority }) })).status, 401)
  const others = [
    'URI:spiffe://shop.example/billing/x',
    'URI:DNS:billing.example',
    'email:spiffe@shop.example',
    'DNS:*.example',
    'DNS:billing.example.evil.example',
  ]
  for (const host of others)
    assert.is(
      (await send(api, OPEN, { client: certified('/CN=billing.example', { hosts: [host] }) })).status,
      401,
      host,
    )
})

test('a connection from before the authority was set proves no name', async () => {
  configure({ tls: TLS, callers: CALLERS() })
  const own = await start()
  const client = certified('/CN=billing')
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const kept = { agent, client }
  assert.is((await send(own.api, OPEN, kept)).status, 401)
  const callers = { one: { certificate: { subject: 'CN=billing' }, services: ['open'] } }
  configure({ tls: { ...TLS, caFile: 'ca.crt' }, callers })
  assert.is((await own.executor.reload()).ok, true)
  assert.is((await send(own.api, OPEN, kept)).status, 401)
  agent.destroy()
  const giveUpAtMs = performance.now() + 60_000
  while ((await send(own.api, OPEN, { client })).status !== 200) assert.ok(performance.now() < giveUpAtMs)
})

test('a certificate that is over does not count', async () => {
  const old = makeExpiredCertificate('old')
  configure({ tls: TLS, callers: { old: { certificate: { sha256: fingerprint(old) }, services: ['*'] } } })
  const { api } = await start()
  assert.is((await send(api, OPEN, { client: old })).status, 401)
})

async function served(api: string): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(api).port), rejectUnauthorized: false })
  const certificate = await new Promise<PeerCertificate>((resolve, reject) => {
    socket.on('secureConnect', () => resolve(socket.getPeerCertificate())).on('error', reject)
  })
  socket.destroy()
  return certificate.fingerprint256
}

/** Asks without a pause until it is told to stop: what was not answered with 200. */
function keepAsking(api: string, agent: Agent | false) {
  const asked = { count: 0, failed: [] as string[], running: true }
  const loop = async () => {
    while (asked.running) {
      const answer = await send(api, OPEN, { headers: bearer, agent }).catch((error: Error) => error)
      if (answer instanceof Error || answer.status !== 200) asked.failed.push(String(answer))
      asked.count++
    }
  }
  const ended = loop()
  const stop = async () => {
    asked.running = false
    await ended
  }
  return { asked, stop }
}

async function until(what: string, check: () => boolean | Promise<boolean>): Promise<void> {
  const giveUpAtMs = performance.now() + 60_000
  while (!(await check())) {
    assert.ok(performance.now() < giveUpAtMs, what)
    await new Promise(setImmediate)
  }
}

test('certificates change while requests run: none fails, new connections see the new one, a broken one is told and not used', async () => {
  configure({ tls: TLS, callers: CALLERS() })
  const said = capture(process.stderr)
  const kept = new Agent({ keepAlive: true, maxSockets: 1 })
  try {
    const own = await start({ pollIntervalMs: 60_000, logLevel: 'info', logFormat: 'json' })
    const load = [keepAsking(own.api, kept), keepAsking(own.api, false)]
    const next = makeCertificate({ name: 'next', hosts })
    const warnings = () => said.text().match(/the listener keeps its certificate: [^"]*/g) ?? []
    const broken: [string, () => void, RegExp][] = [
      ['of another key', () => writeFileSync(at('listener.crt'), next.certificate), /do not fit together/],
      ['cut', () => writeFileSync(at('listener.crt'), next.certificate.slice(0, 200)), /not in PEM/],
      ['gone', () => rmSync(at('listener.crt')), /`daemon\.tls\.certFile`: \S*listener\.crt cannot be read \(ENOENT\)/],
    ]
    for (const [name, breaks, expected] of broken) {
      const before = warnings().length
      breaks()
      await own.executor.reload()
      await until(`${name} is told`, () => warnings().length > before)
      assert.match(warnings().at(-1)!, expected, name)
      assert.is(await served(own.api), fingerprint(listener), name)
    }
    for (const certificate of [next, listener, next]) {
      write('listener', certificate)
      await own.executor.reload()
      await until('the new one', async () => (await served(own.api)) === fingerprint(certificate))
      const counts = load.map(({ asked }) => asked.count)
      await until('requests go on', () => load.every(({ asked }, index) => asked.count > counts[index]! + 2))
    }
    await Promise.all(load.map(({ stop }) => stop()))
    for (const { asked } of load) assert.equal(asked.failed, [], `of ${asked.count}`)
    assert.is(said.text().match(/the certificate of the listener changed/g)?.length, 3)
  } finally {
    said.restore()
    kept.destroy()
  }
})

test('a changed certificate is noticed without a reload', async () => {
  configure({ tls: TLS, callers: CALLERS() })
  const own = await start({ pollIntervalMs: 200 })
  const next = makeCertificate({ name: 'next', hosts })
  write('listener', next)
  await until('the new one', async () => (await served(own.api)) === fingerprint(next))
})

test('files that cannot be used stop the start', async () => {
  configure({ tls: { ...TLS, keyFile: 'nothing.key' }, callers: CALLERS() })
  assert.match((await failure(start())).message, /daemon\.tls\.keyFile.*nothing\.key cannot be read \(ENOENT\)/)
  writeFileSync(at('other.key'), stranger.key)
  configure({ tls: { ...TLS, keyFile: 'other.key' }, callers: CALLERS() })
  assert.match((await failure(start())).message, /do not fit together/)
})

test('with callers and TLS other machines may reach the listener, by the names of its certificate', async () => {
  configure({ listen: '0.0.0.0:0', adminListen: '0.0.0.0:0', tls: TLS, callers: CALLERS() })
  const own = await startDaemon({ paths: [at('services.yaml')], logLevel: 'silent' })
  daemon = own
  for (const host of ['bearerd.example', 'bearerd.example:7117', '127.0.0.1', 'localhost'])
    assert.is((await send(own.api, OPEN, { headers: { ...bearer, host } })).status, 200, host)
  for (const host of ['evil.example', '10.0.0.1', 'sub.bearerd.example'])
    assert.is((await send(own.api, OPEN, { headers: { ...bearer, host } })).status, 421, host)
  for (const path of ['/-/healthy', '/-/ready']) assert.is((await send(own.admin, path)).status, 200)
  for (const path of ['/metrics', '/v1/status', '/', '/-/healthy/../../metrics']) {
    assert.is((await send(own.admin, path)).status, 401, path)
  }
  assert.is((await send(own.admin, '/-/reload', { method: 'POST' })).status, 401)
  assert.is((await send(own.admin, '/metrics', { headers: bearer })).status, 200)
})

test('when a reload takes the callers away, nobody is let in from other machines', async () => {
  configure({ tls: TLS, callers: CALLERS() })
  const own = await start({ listen: '0.0.0.0:0' })
  assert.is((await send(own.api, OPEN, { headers: bearer })).status, 200)
  configure({ tls: TLS })
  assert.is((await own.executor.reload()).ok, true)
  const refused = await send(own.api, OPEN, { headers: bearer })
  assert.is(refused.status, 401)
  assert.match(refused.text, 'nobody is let in')
})

for (const part of ['tls', 'callers']) {
  test(`without ${part}, no address for other machines`, async () => {
    configure({ tls: TLS, callers: CALLERS(), [part]: undefined, ...(part === 'tls' && { callers: {} }) })
    assert.match((await failure(start({ listen: '0.0.0.0:0' }))).message, 'daemon/exposed')
  })
}

test('a Unix socket has its mode, and was never open to more', async () => {
  const path = at('api.sock')
  configure({ socket: { mode: '0660', group: String(process.getgid!()), owner: String(process.getuid!()) } })
  const modes = new Set<number>()
  const look = () => {
    const stat = statSync(path, { throwIfNoEntry: false })
    if (stat) modes.add(stat.mode & 0o777)
  }
  const timer = setInterval(look, 0)
  const before = process.umask()
  await start({ listen: `unix:${path}` })
  clearInterval(timer)
  assert.is(process.umask(), before)
  assert.is(statSync(path).mode & 0o777, 0o660)
  for (const mode of modes) assert.ok([0o600, 0o660].includes(mode), mode.toString(8))
})

test('a group that this machine does not have stops the start', async () => {
  configure({ socket: { group: 'no-such-group-here' } })
  assert.match((await failure(start({ listen: `unix:${at('x.sock')}` }))).message, 'no group `no-such-group-here`')
})

test.run()
