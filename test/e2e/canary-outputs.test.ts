// The secrets that are made on the way (assertions and their keys, proofs, refresh and ID tokens, tokens of tenants, callers'
// tokens, the key and password of the database), at token endpoints that send back all they get, also where they succeed: nothing
// that bearerd says of itself holds one, in any form.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text as readText } from 'node:stream/consumers'
import { inspect } from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createExecutor } from '../../src/index.ts'
import {
  json,
  type StartedTokenEndpoint,
  startTokenEndpoint,
  type TokenEndpoint,
} from '../support/hostile-token-endpoint.ts'
import { type Loopback, listenOnLoopback } from '../support/loopback.ts'
import { startPostgres } from '../support/postgres.ts'
import { runCommand } from '../support/run-command.ts'

const folder = mkdtempSync(join(tmpdir(), 'bearerd-outputs-'))
const at = (name: string) => join(folder, name)
const file = at('services.yaml')
const CLIENT = 'client-of-outputs'
const privateKey = () =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'pem', type: 'pkcs8' }) as string
const KEYS = { assertion: privateKey(), dpop: privateKey() }
const jwt = (claims: object) =>
  [{ alg: 'HS256' }, claims].map(part => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')

/** Each changes in every encoding; tokens hold what a header may. */
const SECRETS: Record<string, string> = {
  client: 'canary client+/=&?é 11',
  password: 'canary password+/=&?é 12',
  refresh: 'canary-refresh+/=12',
  kept: `${jwt({ iss: 'canary-kept-assertion' })}.c2lnbmF0dXJlLWtlcHQ`,
  tenant: 'canary tenant+/=&?é 13',
  caller: 'canary-caller+/=-14',
  database: 'canary-database-15',
  encryptionKey: randomBytes(32).toString('hex'),
  issued: 'canary-issued-access-16',
  issuedRefresh: 'canary-issued-refresh-17',
  issuedId: `${jwt({ iss: 'x', sub: 'canary-id-token', exp: 4e9 })}.c2lnbmF0dXJlLWlk`,
  assertionKey: KEYS.assertion.split('\n')[1]!,
  dpopKey: KEYS.dpop.split('\n')[1]!,
}
const environment = Object.fromEntries(Object.entries(SECRETS).map(([name, value]) => [`OUT_${name}`, value]))
let endpoint: StartedTokenEndpoint
let api: Loopback
const written: [string, string][] = []

function formsOf(secret: string): string[] {
  const percent = encodeURIComponent(secret)
  const form = new URLSearchParams([['', secret]]).toString().slice(1)
  const base64 = (value: string, how: BufferEncoding = 'base64') => Buffer.from(value).toString(how)
  const basic = [CLIENT, 'ada'].flatMap(id => [secret, percent, form].map(value => base64(`${id}:${value}`)))
  const plain = [secret, percent, form, base64(secret), base64(secret, 'base64url'), ...basic]
  return [...new Set([...plain, ...plain.map(value => JSON.stringify(value).slice(1, -1))])]
}

/** Assertions and proofs are other ones each time: those that were sent. */
function made(): [string, string][] {
  return endpoint.requests.flatMap(({ body, headers }) => {
    const assertion = new URLSearchParams(body).get('client_assertion')
    const proof = headers.dpop
    return [
      ...(assertion ? [['a client assertion', assertion] as [string, string]] : []),
      ...(typeof proof === 'string' ? [['a DPoP proof', proof] as [string, string]] : []),
    ]
  })
}

function assertClean(where: string, content: string): void {
  for (const [name, secret] of [...Object.entries(SECRETS), ...made()])
    for (const form of formsOf(secret))
      assert.not.ok(content.includes(form), `${where} holds ${name} as ${form}:\n${content.slice(0, 1500)}`)
}

/** All that came, in the places of an answer that are told of: description, scope, type and names of members. */
const answerToken: TokenEndpoint = ({ url, body, headers }) => {
  const plain = decodeURIComponent(body.replaceAll('+', ' '))
  const { authorization = '', dpop = '' } = headers
  const everything = `${plain} ${body} ${authorization} ${atob(authorization.slice(6))} ${dpop}`
  const [, mode] = url.split('/')
  if (mode === 'echo') return json(400, { error: `invalid_grant ${plain}`, error_description: everything, [plain]: 1 })
  const names = Object.fromEntries([...new URLSearchParams(body).values()].map(value => [value, 1]))
  if (mode === 'nothing')
    return json(200, { ...names, [SECRETS.issued!.slice(0, 40)]: 1, refresh_token: SECRETS.issued })
  const tokens = { access_token: SECRETS.issued, refresh_token: SECRETS.issuedRefresh, id_token: SECRETS.issuedId }
  const type = mode === 'foreign' ? `x ${plain} ${SECRETS.issued}` : mode === 'dpop' ? 'DPoP' : 'Bearer'
  return json(200, { ...tokens, ...names, token_type: type, expires_in: 600, scope: `${everything} ${SECRETS.issued}` })
}

const env = (name: string) => ({ env: `OUT_${name}` })

function configuration(withDaemon = true): object {
  const base = endpoint.url.replace('/token', '')
  const account = (mode: string, more: object) => ({
    accessTokenUri: `${base}/${mode}`,
    clientId: CLIENT,
    scope: 'asked',
    timeout: '20s',
    ...more,
  })
  const kinds: Record<string, object> = {
    secret: { clientSecret: env('client') },
    signed: { clientAuthMethod: 'private_key_jwt', clientAssertion: { key: { file: 'assertion.pem' } } },
    kept: { clientAuthMethod: 'private_key_jwt', clientAssertion: { file: 'kept.jwt' } },
    refresh: { clientSecret: env('client'), grant: 'refresh_token', refreshToken: env('refresh') },
    id: {
      clientSecret: env('client'),
      grant: 'password',
      username: 'ada',
      password: env('password'),
      bearerTokenType: 'id_token',
    },
    dpop: { clientSecret: env('client'), dpop: { key: { file: 'dpop.pem' } } },
  }
  const service = (account: object) => ({ account, serverUrl: api.url, timeout: '20s' })
  const services = Object.entries(kinds).flatMap(([kind, keys]) =>
    ['ok', 'echo', 'nothing', 'foreign', 'dpop'].map(
      mode => [`${kind}-${mode}`, service(account(mode, keys))] as const,
    ),
  )
  const tenants = ['ok', 'echo'].map(mode => [
    `tenant-${mode}`,
    {
      ...service(account(mode, { clientSecret: { file: 'tenants/{{params.tenant}}' } })),
      parameters: { tenant: { pattern: '^[a-z]+$', default: 'acme' } },
    },
  ])
  const action = (to: string) => ({
    type: 'sendToConnectedService',
    authenticateWith: to,
    path: '/500',
    content: { json: {} },
    retry: { attempts: 1 },
  })
  const database = { url: env('databaseUrl'), encryptionKey: env('encryptionKey') }
  const callers = { me: { token: env('caller'), services: ['*'], actions: ['*'] } }
  return {
    version: 1,
    services: Object.fromEntries([...services, ...tenants]),
    actions: { refused: action('secret-ok'), unknown: action('signed-echo') },
    ...(withDaemon && { daemon: { callers, state: database } }),
  }
}

const names = () => Object.keys((configuration() as { services: object }).services)

test.before(async () => {
  endpoint = await startTokenEndpoint(answerToken)
  api = await listenOnLoopback((incoming, response) => {
    if (incoming.url === '/reset') return void incoming.socket.resetAndDestroy()
    response.writeHead(Number(incoming.url?.slice(1)) || 200).end()
  })
  environment.OUT_databaseUrl = `postgres://bearerd:${SECRETS.database}@127.0.0.1:1/none`
  mkdirSync(at('tenants'))
  for (const [name, content] of [
    ['assertion.pem', KEYS.assertion],
    ['dpop.pem', KEYS.dpop],
    ['kept.jwt', SECRETS.kept!],
    ['tenants/acme', SECRETS.tenant!],
  ] as const)
    writeFileSync(at(name), content, { mode: 0o600 })
  writeFileSync(file, JSON.stringify(configuration(), null, 1))
  writeFileSync(at('library.yaml'), JSON.stringify(configuration(false), null, 1))
})

test.after(async () => {
  for (const server of [endpoint, api]) await server?.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Run {
  child: ChildProcessWithoutNullStreams
  log(): string
  api: string
  admin: string
}

async function startDaemon(options: Record<string, string> = {}, config = file): Promise<Run> {
  const args = ['run', '-c', config, '--no-watch', '--listen', '127.0.0.1:0', '--admin-listen', '127.0.0.1:0']
  const env = { ...process.env, ...environment, XDG_STATE_HOME: at('state'), ...options }
  const child = spawn(process.execPath, ['src/cli/main.ts', ...args, '--log-level', 'trace', '--log-format', 'json'], {
    env,
  })
  let log = ''
  child.stderr.on('data', chunk => {
    log += chunk
  })
  while (!log.includes('"msg":"ready"')) {
    await Promise.race([once(child.stderr, 'data'), once(child, 'close')])
    assert.is(child.exitCode, null, log)
  }
  const ready = JSON.parse(log.split('\n').find(line => line.includes('"msg":"ready"'))!)
  return { child, log: () => log, api: ready.api, admin: ready.admin }
}

const authorization = `Bearer ${SECRETS.caller}`

async function note(url: string, init: RequestInit = {}): Promise<void> {
  const reply = await fetch(url, { ...init, headers: { authorization, ...init.headers } })
  written.push([url, `${JSON.stringify([...reply.headers])} ${await reply.text()}`])
}

/** What is answered to a handshake, where it is no tunnel. */
async function shakeHands(url: string): Promise<void> {
  const headers = { authorization, connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' }
  const outgoing = request(url, { headers: { ...headers, 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==' } })
  const [incoming] = (await once(outgoing.end(), 'response')) as [import('node:http').IncomingMessage]
  written.push([`handshake ${url}`, await readText(incoming)])
}

async function visit({ api: base }: Run, name: string): Promise<void> {
  const reply = await fetch(`${base}/v1/services/${name}/authorization`, { headers: { authorization } })
  // What hands credentials out may hold one.
  if (reply.status !== 200) written.push([`authorization ${name}`, await reply.text()])
  for (const path of ['200', '401', '500', 'reset']) await note(`${base}/v1/services/${name}/proxy/${path}`)
  await shakeHands(`${base}/v1/services/${name}/proxy/200`)
  await note(`${base}/v1/services/${name}`)
}

test('a daemon at log level trace: problems, handshakes, deliveries, pages, metrics and the log', async () => {
  const run = await startDaemon()
  for (const name of names()) await visit(run, name)
  await note(`${run.api}/v1/services/secret-ok`, { headers: { authorization: `${authorization}x` } })
  await deliver(run)
  for (const path of ['/', '/openapi.json', '/metrics', '/v1/status', '/-/ready']) await note(`${run.admin}${path}`)
  await note(`${run.admin}/-/reload`, { method: 'POST' })
  await end(run)
})

test('a daemon with its state on its disk: deliveries, and refresh tokens that wait for no database', async () => {
  const run = await startDaemon({}, at('library.yaml'))
  for (const name of names().filter(one => one.startsWith('refresh-'))) await visit(run, name)
  await deliver(run)
  const { deliveries } = JSON.parse(written.at(-1)![1].replace(/^\[.*?\]\] /, '')) as { deliveries: { id: string }[] }
  assert.is(deliveries.length, 2)
  for (const { id } of deliveries) await note(`${run.api}/v1/deliveries/${id}`)
  await end(run)
})

const postgres = await startPostgres()
test.after(() => postgres?.close())
if (postgres)
  test('a daemon with deliveries in a database, and what is there', async () => {
    const url = new URL(await postgres.database())
    url.password = SECRETS.database!
    const run = await startDaemon({ OUT_databaseUrl: url.href })
    await deliver(run)
    const { deliveries } = JSON.parse(written.at(-1)![1].replace(/^\[.*?\]\] /, '')) as { deliveries: { id: string }[] }
    assert.is(deliveries.length, 2)
    for (const { id } of deliveries) await note(`${run.api}/v1/deliveries/${id}`)
    for (const table of ['bearerd.token', 'bearerd.delivery', 'bearerd.attempt', 'bearerd_jobs.job']) {
      const rows = await postgres.query(url.href, `SELECT row_to_json(t)::text FROM ${table} t`)
      written.push([table, JSON.stringify(rows)])
    }
    await end(run)
  })

async function deliver(run: Run): Promise<void> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }
  for (const action of ['refused', 'unknown']) await note(`${run.api}/v1/actions/${action}/deliveries?wait=2s`, init)
  await note(`${run.api}/v1/deliveries`)
}

/** Stops the daemon and looks at all that it ever said. */
async function end(run: Run): Promise<void> {
  run.child.kill('SIGTERM')
  await once(run.child, 'close')
  written.push(['log', run.log()])
  for (const [where, content] of written) assertClean(where, content)
  assert.match(run.log(), '"level":"debug"')
}

test('the canaries were there: the endpoints have seen or said each of them', () => {
  const requests = endpoint.requests.map(({ headers, body }) => `${body} ${JSON.stringify(headers)}`).join('\n')
  for (const name of ['client', 'password', 'refresh', 'kept', 'tenant'])
    assert.ok(
      formsOf(SECRETS[name]!).some(form => requests.includes(form)),
      name,
    )
  const kinds = new Set(made().map(([kind]) => kind))
  assert.equal([...kinds].sort(), ['a DPoP proof', 'a client assertion'])
})

test('a crash of the daemon, by an error that holds a secret', async () => {
  const script = `process.once('SIGUSR2', () => { throw Object.assign(new Error(process.env.OUT_issued), { headers: process.env.OUT_client,
    cause: new Error(process.env.OUT_caller) }) })`
  const { child, log } = await startDaemon({
    NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(script)}`,
  })
  child.kill('SIGUSR2')
  const [code] = await once(child, 'close')
  assert.is(code, 3)
  assert.match(log(), 'an error that nobody caught')
  assertClean('crash', log())
})

test('a crash while the daemon starts', async () => {
  // When its first listener opens.
  const script = `import { Server } from 'node:net'
    Server.prototype.listen = () => { setTimeout(() => { throw new Error(process.env.OUT_issued) }) }`
  const env = {
    ...process.env,
    ...environment,
    NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(script)}`,
  }
  const args = ['run', '-c', file, '--no-watch', '--listen', '127.0.0.1:0', '--admin-listen', '127.0.0.1:0']
  const child = spawn(process.execPath, ['src/cli/main.ts', ...args], { env })
  const [stderr, [code]] = await Promise.all([readText(child.stderr), once(child, 'close')])
  assert.is(code, 3, stderr)
  assert.match(stderr, 'an error that nobody caught')
  assertClean('crash', stderr)
})

for (const args of [
  ['test'],
  ['validate', '--format', 'json'],
  ['validate', '--strict'],
  ['graph', '--format', 'mermaid'],
  ['graph', '--format', 'dot'],
  ['graph', '--format', 'svg'],
  ['explain', 'signed-ok', '--format', 'json'],
  ['explain', 'dpop-dpop', '--format', 'text'],
  ['explain', 'tenant-ok', '--format', 'json'],
  ['explain', 'refused', '--format', 'mermaid'],
  ['token', 'id-echo'],
  ['token', 'kept-nothing'],
  ['call', 'signed-echo', '/200'],
  ['deliver', 'unknown'],
]) {
  test(`bearerd ${args.join(' ')}`, async () => {
    const paths = args[0] === 'validate' ? [file] : ['-c', file]
    const { stdout, stderr } = await runCommand([...args, ...paths], { cwd: folder, env: environment })
    assert.ok((stdout + stderr).length > 0)
    assertClean(args.join(' '), stdout + stderr)
  })
}

test('errors of the library: printed in every way, with their causes', async () => {
  const executor = createExecutor({ environment })
  await executor.load(at('library.yaml'))
  let count = 0
  for (const name of names()) {
    const failing = [
      executor.authorize(name),
      executor.client(name)('500').text(),
      executor.client(name)('reset').text(),
      executor.client(name)('http://other.example/').text(),
    ]
    for (const result of await Promise.allSettled(failing)) {
      if (result.status === 'fulfilled') continue
      count++
      for (let error = result.reason as Error | undefined; error; error = error.cause as Error | undefined) {
        const shown = [
          inspect(error, { depth: 12, showHidden: true }),
          String(error),
          error.stack,
          JSON.stringify(error),
        ]
        assertClean(name, shown.join('\n'))
      }
    }
  }
  assert.ok(count > names().length)
  for (const action of ['refused', 'unknown']) {
    const error = await executor.deliver(action, { attempts: 1 }).result.catch((thrown: Error) => thrown)
    assertClean(action, inspect(error, { depth: 12, showHidden: true }))
  }
  assertClean('executor', inspect(executor, { depth: 12, showHidden: true }))
  await executor[Symbol.asyncDispose]()
})

test.run()
