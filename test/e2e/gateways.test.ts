// The gateways of deploy/gateways/: each real program with exactly its file, its addresses changed to those of this test, before
// a real daemon. What the service gets, and what a client cannot bring about.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request as openRequest } from 'node:http'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseAllDocuments } from 'yaml'
import { type Daemon, startDaemon } from '../../src/daemon/daemon.ts'
import { json, type StartedTokenEndpoint, startTokenEndpoint, token } from '../support/hostile-token-endpoint.ts'
import { type Loopback, listenOnLoopback, readBody, sendJson } from '../support/loopback.ts'

const GATEWAYS = join(dirname(dirname(import.meta.dirname)), 'deploy/gateways')
const folder = mkdtempSync(join(tmpdir(), 'bearerd-gateways-'))
const children: ChildProcess[] = []
const daemons: Daemon[] = []
let reached = 0
let refusing = false
let endpoint: StartedTokenEndpoint
let upstream: Loopback

test.before(async () => {
  endpoint = await startTokenEndpoint(() =>
    refusing ? json(403, { error: 'access_denied' }) : token('of-the-service'),
  )
  upstream = await listenOnLoopback(async (request, response) => {
    reached++
    const { method, url, headers } = request
    sendJson(response, 200, { method, url, headers, body: (await readBody(request)).toString() })
  })
})

test.after(async () => {
  for (const child of children) {
    const closed = once(child, 'close')
    if (child.exitCode === null && child.kill('SIGTERM')) await closed
  }
  for (const daemon of daemons) await daemon.stop(200)
  await endpoint?.close()
  await upstream?.close()
  rmSync(folder, { recursive: true, force: true })
})

test.before.each(() => {
  refusing = false
})

async function serve(listen = '127.0.0.1:0'): Promise<Daemon> {
  const account = { accessTokenUri: endpoint.url, clientId: 'c', clientSecret: 'fake-secret', scope: [] }
  const file = join(folder, 'services.yaml')
  const contacts = { account, serverUrl: `${upstream.url}/v3` }
  writeFileSync(file, JSON.stringify({ version: 1, services: { contacts } }))
  const daemon = await startDaemon({ paths: [file], listen, adminListen: '127.0.0.1:0', logLevel: 'silent' })
  daemons.push(daemon)
  return daemon
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** The file as it is in deploy/, with each of these texts replaced; all of them must be there. */
function fileOf(name: string, texts: Record<string, string>): string {
  let content = readFileSync(join(GATEWAYS, name), 'utf8')
  for (const [from, to] of Object.entries(texts)) {
    assert.ok(content.includes(from), `${name} has ${from}`)
    content = content.replaceAll(from, to)
  }
  const file = join(folder, name)
  writeFileSync(file, content)
  return file
}

/** A gateway that runs; ended with the tests. */
async function start(port: number, program: string, ...args: string[]): Promise<number> {
  const child = spawn(program, args, { cwd: folder, env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder } })
  children.push(child)
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (said += chunk))
  for (const giveUpAt = performance.now() + 60_000; performance.now() < giveUpAt; await pause(20)) {
    assert.is(child.exitCode, null, said)
    const socket = connect(port, '127.0.0.1')
    const open = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'close').then(() => false),
    ]).catch(() => false)
    socket.destroy()
    if (open) return port
  }
  throw new Error(`${program} does not listen: ${said}`)
}

interface Reply {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: looked at member by member.
  json: any
}

async function send(port: number, path: string, method: string, headers: object, body?: string): Promise<Reply> {
  const outgoing = openRequest({ port, host: '127.0.0.1', path, method, headers: { ...headers }, timeout: 60_000 })
  outgoing.on('timeout', () => outgoing.destroy(new Error('no answer')))
  const incoming = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    outgoing.on('response', resolve).on('error', reject).end(body)
  })
  const answer = await text(incoming)
  const isJson = incoming.headers['content-type']?.includes('json')
  return { status: incoming.statusCode!, json: isJson ? JSON.parse(answer) : answer }
}

/** As a page of another site sends it, and by somebody who would like to be another tenant. */
const HOSTILE = {
  Host: 'api.shop.example',
  Origin: 'https://elsewhere.example',
  'Sec-Fetch-Site': 'cross-site',
  Authorization: 'Bearer of-the-client',
  'X-Bearerd-Param-Tenant': 'globex',
}

async function check(port: number, daemon: Daemon): Promise<void> {
  const plain = await send(port, '/contacts/people?page=2', 'GET', {})
  assert.is(plain.status, 200, JSON.stringify(plain.json))
  assert.equal([plain.json.method, plain.json.url], ['GET', '/v3/people?page=2'])
  assert.is(plain.json.headers.authorization, 'Bearer of-the-service')
  const body = 'a'.repeat(100_000)
  const post = await send(port, '/contacts/people', 'POST', HOSTILE, body)
  assert.equal([post.status, post.json.method, post.json.url], [200, 'POST', '/v3/people'], JSON.stringify(post.json))
  assert.is(post.json.body, body)
  assert.is(post.json.headers.authorization, 'Bearer of-the-service')
  const before = reached
  refusing = true
  daemon.executor.forget('contacts')
  const refused = await send(port, '/contacts/people', 'GET', {})
  assert.ok(refused.status >= 400, String(refused.status))
  assert.is(reached, before, 'without a credential nothing is forwarded')
}

/** The addresses of the files, and the service that they forward to. */
const own = (port: number) => ({ '127.0.0.1:8080': `127.0.0.1:${port}`, 'https://api.crm.example': upstream.url })
const bearerd = ({ api }: Daemon) => ({ '127.0.0.1:7117': new URL(api).host })

function gateway(program: string, name: string, run: (port: number) => Promise<void>): void {
  const there = spawnSync(program, ['-v']).error === undefined
  if (!there) console.log(`SKIPPED: deploy/gateways/${name}, there is no program \`${program}\``)
  ;(there ? test : test.skip)(`${program} with deploy/gateways/${name}`, async () => run(await freePort()))
}

gateway('nginx', 'nginx.conf', async port => {
  const daemon = await serve()
  const file = fileOf('nginx.conf', { ...own(port), ...bearerd(daemon) })
  const main = join(folder, 'main.conf')
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(kind => `${kind}_temp_path ${folder}/${kind};`)
  const http = `access_log off; ${paths.join(' ')} include ${file};`
  writeFileSync(main, `daemon off; user root; pid ${folder}/nginx.pid; error_log stderr; events {} http { ${http} }`)
  await check(await start(port, 'nginx', '-p', folder, '-c', main), daemon)
})

gateway('caddy', 'Caddyfile', async port => {
  const daemon = await serve()
  const { 'https://api.crm.example': url } = own(port)
  const texts = { 'http://:8080': `http://:${port}`, 'https://api.crm.example': url, ...bearerd(daemon) }
  const file = fileOf('Caddyfile', texts)
  writeFileSync(file, `{\n\tadmin off\n}\n${readFileSync(file, 'utf8')}`)
  await check(await start(port, 'caddy', 'run', '--config', file, '--adapter', 'caddyfile'), daemon)
})

gateway('haproxy', 'haproxy.cfg', async port => {
  const daemon = await serve()
  const { 'https://api.crm.example': _, ...listen } = own(port)
  await check(
    await start(port, 'haproxy', '-db', '-f', fileOf('haproxy.cfg', { ...listen, ...bearerd(daemon) })),
    daemon,
  )
})

gateway('traefik', 'traefik.yaml', async port => {
  const daemon = await serve()
  const { 'https://api.crm.example': url } = own(port)
  const file = fileOf('traefik.yaml', { 'https://api.crm.example': url, ...bearerd(daemon) })
  const flags = [`--entrypoints.web.address=127.0.0.1:${port}`, `--providers.file.filename=${file}`]
  await check(await start(port, 'traefik', ...flags), daemon)
})

gateway('envoy', 'envoy.yaml', async port => {
  const socket = join(folder, 'envoy.sock')
  const daemon = await serve(`unix:${socket}`)
  const file = fileOf('envoy.yaml', {
    '/run/bearerd/api.sock': socket,
    'port_value: 8080': `port_value: ${port}`,
    'address: api.crm.example, port_value: 443': `address: 127.0.0.1, port_value: ${new URL(upstream.url).port}`,
  })
  const content = readFileSync(file, 'utf8')
  writeFileSync(file, content.slice(0, content.indexOf('      transport_socket:')))
  await check(await start(port, 'envoy', '-c', file), daemon)
})

test('as Envoy asks: any method, the path and query of the client behind the route, and its host', async () => {
  const socketPath = join(folder, 'asked.sock')
  await serve(`unix:${socketPath}`)
  for (const [method, rest] of [
    ['GET', '/contacts/people?param.tenant=globex&minTtl=x'],
    ['POST', '/contacts/a%2Fb'],
    ['DELETE', `/contacts/${'a'.repeat(2000)}`],
    ['PATCH', '/'],
  ]) {
    const path = `/v1/services/contacts/authorization${rest}`
    const headers = { Host: 'api.shop.example', 'Content-Length': '0' }
    const outgoing = openRequest({ socketPath, path, method: method!, headers }).end()
    const [incoming] = (await once(outgoing, 'response')) as [import('node:http').IncomingMessage]
    incoming.resume()
    assert.equal(
      [incoming.statusCode, incoming.headers.authorization],
      [200, 'Bearer of-the-service'],
      `${method} ${rest}`,
    )
  }
})

test('as Traefik asks: by GET and without a body, whatever the client sent; a refusal is passed on', async () => {
  const socketPath = join(folder, 'forward.sock')
  await serve(`unix:${socketPath}`)
  const ask = async (service: string, method: string) => {
    const headers = {
      Host: '127.0.0.1:7117',
      'X-Forwarded-For': '198.51.100.7',
      'X-Forwarded-Host': 'api.shop.example',
      'X-Forwarded-Method': method,
      'X-Forwarded-Proto': 'https',
      'X-Forwarded-Uri': '/people?param.tenant=globex',
      Authorization: 'Bearer of-the-client',
      Accept: 'text/html',
    }
    const outgoing = openRequest({ socketPath, path: `/v1/services/${service}/authorization`, headers }).end()
    const [incoming] = (await once(outgoing, 'response')) as [import('node:http').IncomingMessage]
    incoming.resume()
    return [incoming.statusCode, incoming.headers.authorization]
  }
  for (const method of ['GET', 'POST', 'OPTIONS'])
    assert.equal(await ask('contacts', method), [200, 'Bearer of-the-service'], method)
  assert.equal(await ask('nobody', 'GET'), [404, undefined])
})

test('those for Traefik and Envoy are YAML', () => {
  for (const name of ['traefik.yaml', 'envoy.yaml']) {
    const [document] = parseAllDocuments(readFileSync(join(GATEWAYS, name), 'utf8'))
    assert.equal([...document!.errors, ...document!.warnings], [], name)
  }
})

test.run()
