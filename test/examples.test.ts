// Every folder of examples/ and services.example.yaml: valid, with the expected warnings only, and at work: each service of
// each folder gets its credential from a token endpoint and its request is accepted by an API that checks it.
import { createPublicKey, generateKeyPairSync, verify, type webcrypto } from 'node:crypto'
import { cpSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { compilePlan } from '../src/compile/compile.ts'
import { explainAction, explainService, renderExplanation } from '../src/compile/explain/explain.ts'
import { jwtClaims } from '../src/compile/token/jwt.ts'
import { checkConfig } from '../src/config/check.ts'
import { readSources } from '../src/config/read.ts'
import { startDaemon } from '../src/daemon/daemon.ts'
import { type AppError, createExecutor, type Executor } from '../src/index.ts'
import { startTokenEndpoint, text, token } from './support/hostile-token-endpoint.ts'
import { listenOnLoopback } from './support/loopback.ts'
import { startOAuth2Server } from './support/oauth2-server.ts'
import { type OidcClient, startOidcServer } from './support/oidc-server.ts'
import { type ProtectedApi, startProtectedApi } from './support/protected-api.ts'

const ROOT = dirname(import.meta.dirname)
const EXAMPLE_FILE = 'services.example.yaml'
/** As written in the examples; the second pair is that of `npm start`. Copies with free ports are what runs here. */
const TOKEN_PORTS = /\b(?:7319|7119)\b/g
const API_PORTS = /\b(?:7320|7120)\b/g

/** What `validate` says about a folder; nothing where a folder is not named. */
const EXPECTED_WARNINGS: Record<string, string[]> = {
  'api-key-query': ['oauth/credentials-in-query'],
  'id-token': ['oauth/password-grant'],
  'password-grant': ['oauth/password-grant'],
}

/** Who issues credentials and who accepts them. */
interface Issuer {
  accepts(request: IncomingMessage): boolean | Promise<boolean>
  close(): Promise<void>
}

interface Running {
  executor: Executor
  api: ProtectedApi
  /** Holds a copy of examples/. */
  directory: string
}

interface Case {
  start(port: number): Promise<Issuer> | Issuer
  environment?: NodeJS.ProcessEnv
  /** What the folder shows besides accepted requests. */
  check?(running: Running): Promise<void> | void
}

const FOLDERS = globSync('examples/*/', { cwd: ROOT })
  .map(path => path.replaceAll('\\', '/').split('/')[1]!)
  // Those have a test of their own: their token endpoints are the vendors'.
  .filter(name => name !== 'providers')
  .sort()

/** As the program finds a configuration in its working directory. */
function pathsOf(folder: string): string[] {
  const paths = ['services.yaml', 'services.d'].map(name => `examples/${folder}/${name}`)
  return paths.filter(path => existsSync(join(ROOT, path)))
}

function secretOf(path: string): string {
  return readFileSync(join(ROOT, 'examples', path), 'utf8').replace(/\n$/, '')
}

function bearerOf({ headers }: IncomingMessage): string {
  return headers.authorization?.replace(/^Bearer /, '') ?? ''
}

/** A real OpenID Provider that knows one client. */
async function oidc(port: number, client: OidcClient, user?: { username: string; password: string }): Promise<Issuer> {
  const users = user ? [{ ...user, email: user.username }] : []
  const server = await startOidcServer({ port, clients: [client], users })
  return { accepts: seen => server.check(bearerOf(seen)), close: server.close }
}

function basicClient(client_id: string, secretPath: string): OidcClient {
  return { client_id, client_secret: secretOf(secretPath), token_endpoint_auth_method: 'client_secret_basic' }
}

function postClient(client_id: string, secretPath: string): OidcClient {
  return { client_id, client_secret: secretOf(secretPath), token_endpoint_auth_method: 'client_secret_post' }
}

/** An API that looks at the request itself; no token endpoint. */
function onlyApi(accepts: Issuer['accepts']): Issuer {
  return { accepts, close: async () => {} }
}

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

async function startIdTokenIssuer(port: number): Promise<Issuer> {
  const user = { username: 'robot@files.example', password: secretOf('id-token/secrets/files-robot') }
  const server = await startOidcServer({
    port,
    clients: [postClient('files-job', 'id-token/secrets/files-client')],
    users: [{ ...user, email: user.username }],
  })
  const { keys } = (await (await fetch(server.jwksUrl)).json()) as { keys: webcrypto.JsonWebKey[] }
  const key = { key: createPublicKey({ key: keys[0]!, format: 'jwk' }), dsaEncoding: 'ieee-p1363' } as const
  const accepts = (seen: IncomingMessage) => {
    const idToken = bearerOf(seen)
    const [head, body, signature] = idToken.split('.')
    const signed = verify('sha256', Buffer.from(`${head}.${body}`), key, Buffer.from(signature ?? '', 'base64url'))
    return signed && jwtClaims(idToken)?.sub === user.username
  }
  return { accepts, close: server.close }
}

async function startTemplateIssuer(port: number): Promise<Issuer> {
  const expected = basic('test-shop', secretOf('templates-and-vars/secrets/shop-client'))
  const endpoint = await startTokenEndpoint(({ url, headers }) => {
    const known = url === '/token?region=eu' && headers.authorization === expected
    return known ? token('shop-bearer') : text(401, 'unknown client')
  }, port)
  const key = `Key ${secretOf('templates-and-vars/secrets/labels-key')}`
  const accepts = ({ url, headers }: IncomingMessage) =>
    headers.authorization === (url?.startsWith('/labels') ? key : 'Bearer shop-bearer')
  return { accepts, close: endpoint.close }
}

function checkTemplates({ api }: Running): void {
  const order = api.requests.find(({ path }) => path.startsWith('/eu/'))
  assert.is(order?.path, '/eu/a%20folder%2Fb/items/1')
  const { headers } = order!
  assert.is(headers['x-tenant'], 'fake-tenant')
  assert.is(headers['x-tenant-base64'], Buffer.from('fake-tenant').toString('base64'))
  assert.equal(JSON.parse(headers['x-context'] as string), { stage: 'test' })
  assert.is(headers['x-service'], 'orders of shop')
  assert.match(headers['x-request-id'] as string, /^[0-9a-f-]{36}$/)
  assert.match(headers['x-sent-at'] as string, /^\d{4}-\d\d-\d\dT/)
}

async function startFeedingIssuer(port: number): Promise<Issuer> {
  const broker = basic('broker-job', secretOf('account-feeds-account/secrets/broker-client'))
  const endpoint = await startTokenEndpoint(({ headers, body }) => {
    if (headers.authorization === broker) return token('broker-bearer', { partner_id: 'partner-7' })
    const known = new URLSearchParams(body).get('client_secret') === 'broker-bearer'
    return known ? token('partner-bearer') : text(401, 'unknown client')
  }, port)
  const accepts = (seen: IncomingMessage) =>
    bearerOf(seen) === 'partner-bearer' &&
    seen.headers['x-gateway-token'] === 'broker-bearer' &&
    seen.headers['x-partner'] === 'partner-7'
  return { accepts, close: endpoint.close }
}

/** The port of the example may be taken: any other one here. */
async function checkOwnAddress({ api, directory }: Running): Promise<void> {
  const [path] = pathsOf('own-address').map(name => join(directory, name))
  writeFileSync(path!, readFileSync(path!, 'utf8').replace('127.0.0.1:7321', '127.0.0.1:0'))
  const admin = `unix:${join(directory, 'admin.sock')}`
  const listen = `unix:${join(directory, 'api.sock')}`
  const daemon = await startDaemon({ paths: [path!], listen, adminListen: admin, logLevel: 'silent' })
  try {
    assert.is((await fetch(`${daemon.serviceAddresses().tickets}/items/7`)).status, 200)
    assert.is(api.requests.at(-1)?.path, '/api/items/7')
  } finally {
    await daemon.stop(1000)
  }
}

async function checkSinks({ executor, directory }: Running): Promise<void> {
  const read = (name: string) => readFileSync(join(directory, 'examples/sinks/run', name), 'utf8')
  const { headers, expiresAt } = await executor.authorize('reports')
  await executor[Symbol.asyncDispose]()
  assert.is(`Bearer ${read('token')}`, headers.Authorization)
  assert.is(read('curl-headers'), `Authorization: ${headers.Authorization}\n`)
  const { access_token, expires_on } = JSON.parse(read('token.json'))
  assert.is(access_token, read('token'))
  assert.is(expires_on, Math.floor(Date.parse(expiresAt!) / 1000))
}

/** Knows each tenant by its own client and secret; its token opens the folder of that tenant only. */
async function startTenantIssuer(port: number): Promise<Issuer> {
  const endpoint = await startTokenEndpoint(({ url, headers, body }) => {
    const tenant = new URL(url, 'http://id.example').searchParams.get('tenant')!
    if (new URLSearchParams(body).get('scope') !== `orders:${tenant}`) return text(400, 'unknown scope')
    const expected = basic(`job-of-${tenant}`, secretOf(`parameters/secrets/shop/${tenant}`))
    return headers.authorization === expected ? token(`bearer-of-${tenant}`) : text(401, 'unknown client')
  }, port)
  const accepts = (seen: IncomingMessage) => bearerOf(seen) === `bearer-of-${seen.url!.split('/')[1]}`
  return { accepts, close: endpoint.close }
}

async function checkTenants({ executor, api }: Running): Promise<void> {
  const params = { tenant: 'globex', stage: 'test' }
  const response = await executor.client('orders', { params })('items/2', { throwHttpErrors: false })
  assert.is(response.status, 200)
  assert.equal(
    api.requests.map(({ path }) => path),
    ['/acme/live/items/1', '/globex/test/items/2'],
  )
}

async function startManyFilesIssuer(port: number): Promise<Issuer> {
  const secret = 'many-files/services.d/secrets/login-client'
  const server = await startOidcServer({
    port,
    clients: [basicClient('sales-job', secret), basicClient('stock-job', secret)],
  })
  return { accepts: seen => server.check(bearerOf(seen)), close: server.close }
}

async function startRawBasicIssuer(port: number): Promise<Issuer> {
  const client = { id: 'legacy-job', secret: secretOf('raw-basic-encoding/secrets/legacy-client') }
  const server = await startOAuth2Server({ port, clients: [{ ...client, grants: ['client_credentials'] }] })
  return { accepts: seen => server.isActive(bearerOf(seen)), close: server.close }
}

async function startPlaceIssuer(port: number): Promise<Issuer> {
  const server = await oidc(port, basicClient('orders-job', 'account-in-place/secrets/orders-client'))
  const key = secretOf('account-in-place/secrets/weather-key')
  const accepts = (seen: IncomingMessage) =>
    seen.url?.startsWith('/weather') ? seen.headers['x-api-key'] === key : server.accepts(seen)
  return { accepts, close: server.close }
}

const LEDGER_KEY = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  publicKeyEncoding: { type: 'spki', format: 'jwk' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})
const KEY_CLIENT: OidcClient = {
  client_id: 'ledger-job',
  token_endpoint_auth_method: 'private_key_jwt',
  token_endpoint_auth_signing_alg: 'ES256',
  jwks: { keys: [{ ...LEDGER_KEY.publicKey, kid: 'ledger-2026' }] },
}

const WEATHER_KEY = secretOf('api-key-header/secrets/weather-key')
const TRAFFIC_APP = secretOf('api-key-header/secrets/traffic-app')
const TRAFFIC_KEY = secretOf('api-key-header/secrets/traffic-key')

function acceptsKeys({ url, headers }: IncomingMessage): boolean {
  if (url?.startsWith('/forecast')) return headers['x-api-key'] === WEATHER_KEY
  return headers['x-app-id'] === TRAFFIC_APP && headers['x-app-key'] === TRAFFIC_KEY
}

const KEYS_BY_SOURCE: Record<string, string> = {
  env: 'fake-key-from-env',
  file: secretOf('secrets/secrets/api-key'),
  exec: secretOf('secrets/secrets/program-output'),
  systemd: secretOf('secrets/secrets/example-api-key'),
}

async function checkTimeout({ executor }: Running): Promise<void> {
  const failure = await executor
    .client('stock')('slow?ms=20000')
    .then(
      () => undefined,
      (error: AppError) => error,
    )
  assert.is(failure?.code, 'upstream_timeout')
  assert.is(failure?.message, 'The stock system takes too long. Try again in a minute.')
}

async function checkRepeats({ executor, api }: Running): Promise<void> {
  const before = api.count()
  const answer = await executor.client('stock')('status/503', { throwHttpErrors: false })
  assert.is(answer.status, 503)
  assert.is(api.count() - before, 3)
}

/** The socket's path in the example belongs to root: the daemon gets another one here. */
async function checkSocket({ directory }: Running): Promise<void> {
  const socket = join(directory, 'api.sock')
  const daemon = await startDaemon({
    paths: pathsOf('unix-socket').map(path => join(directory, path)),
    listen: `unix:${socket}`,
    adminListen: `unix:${join(directory, 'admin.sock')}`,
    logLevel: 'silent',
  })
  try {
    assert.is(await statusOverSocket(socket, '/v1/services/contacts/proxy/people'), 200)
  } finally {
    await daemon.stop(1000)
  }
}

function statusOverSocket(socketPath: string, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, path, headers: { connection: 'close' } }, response => {
      response.resume().on('end', () => resolve(response.statusCode))
    })
    sent.on('error', reject).end()
  })
}

const CASES: Record<string, Case> = {
  'account-feeds-account': { start: port => startFeedingIssuer(port) },
  'account-in-place': { start: port => startPlaceIssuer(port) },
  actions: { start: port => oidc(port, basicClient('archive-job', 'actions/secrets/archive-client')) },
  // Nobody is there: each replica goes on alone.
  fleet: {
    start: port => oidc(port, basicClient('archive-fleet', 'fleet/secrets/archive-client')),
    environment: { DATABASE_URL: 'postgresql://bearerd@127.0.0.1:1/bearerd' },
  },
  'api-key-header': { start: () => onlyApi(acceptsKeys) },
  'api-key-query': {
    start: () => {
      const key = secretOf('api-key-query/secrets/maps-key')
      return onlyApi(seen => new URL(seen.url!, 'http://api.example').searchParams.get('key') === key)
    },
  },
  'client-credentials': {
    start: port => oidc(port, basicClient('invoices', 'client-credentials/secrets/crm-client')),
  },
  'client-secret-post': {
    start: port => oidc(port, postClient('billing-job', 'client-secret-post/secrets/billing-client')),
  },
  'http-basic': {
    start: () => {
      const expected = basic('robot', secretOf('http-basic/secrets/tickets-robot'))
      return onlyApi(seen => seen.headers.authorization === expected)
    },
  },
  'id-token': { start: port => startIdTokenIssuer(port) },
  'many-files': { start: port => startManyFilesIssuer(port) },
  'open-service': { start: () => onlyApi(seen => seen.headers.authorization === undefined) },
  'own-address': {
    start: port => oidc(port, basicClient('tickets-job', 'own-address/secrets/tickets-client')),
    check: checkOwnAddress,
  },
  parameters: { start: port => startTenantIssuer(port), check: checkTenants },
  'password-grant': {
    start: port =>
      oidc(port, basicClient('archive-job', 'password-grant/secrets/archive-client'), {
        username: 'robot@archive.example',
        password: secretOf('password-grant/secrets/archive-robot'),
      }),
  },
  'private-key-jwt': {
    start: port => oidc(port, KEY_CLIENT),
    environment: { LEDGER_PRIVATE_KEY: LEDGER_KEY.privateKey },
  },
  quickstart: {
    start: async port => {
      const server = await oidc(port, basicClient('demo', 'quickstart/secrets/demo-client'))
      const accepts = (seen: IncomingMessage) => !seen.url?.startsWith('/shop') || server.accepts(seen)
      return { accepts, close: server.close }
    },
  },
  'raw-basic-encoding': { start: port => startRawBasicIssuer(port) },
  retry: {
    start: port => oidc(port, basicClient('stock-job', 'retry/secrets/stock-client')),
    check: checkRepeats,
  },
  secrets: {
    environment: {
      EXAMPLE_API_KEY: 'fake-key-from-env',
      CREDENTIALS_DIRECTORY: join(ROOT, 'examples/secrets/secrets'),
    },
    start: () => onlyApi(({ url, headers }) => headers['x-api-key'] === KEYS_BY_SOURCE[url!.split('/')[1]!]),
  },
  sinks: {
    start: port => oidc(port, basicClient('reports-job', 'sinks/secrets/reports-client')),
    check: checkSinks,
  },
  'templates-and-vars': {
    environment: { EXAMPLE_TENANT: 'fake-tenant' },
    start: port => startTemplateIssuer(port),
    check: checkTemplates,
  },
  timeouts: {
    start: port => oidc(port, basicClient('shop-job', 'timeouts/secrets/shop-client')),
    check: checkTimeout,
  },
  'unix-socket': {
    start: port => oidc(port, basicClient('invoices', 'unix-socket/secrets/crm-client')),
    check: checkSocket,
  },
}

async function codesOf(paths: readonly string[]): Promise<string[]> {
  const { sources, diagnostics } = await readSources(paths, ROOT)
  return [...diagnostics, ...checkConfig(sources).diagnostics].map(({ code }) => code)
}

/** Every service once: authorised, and one request that the API accepts. */
async function useEveryService(executor: Executor, api: ProtectedApi): Promise<void> {
  const names = [...(executor.generation?.services.keys() ?? [])]
  assert.ok(names.length > 0, 'a service')
  for (const name of names) {
    await executor.authorize(name)
    const before = api.count()
    const response = await executor.client(name)('items/1', { throwHttpErrors: false })
    assert.is(response.status, 200, name)
    await response.body?.cancel()
    assert.is(api.count(), before + 1, `${name}: one request is enough`)
  }
}

/** A copy of one example that uses these ports: nothing else on this machine is in its way. */
function copyExample(folder: string, ports: { token: number; api: number }): string {
  const directory = mkdtempSync(join(tmpdir(), 'bearerd-'))
  cpSync(join(ROOT, 'examples', folder), join(directory, 'examples', folder), { recursive: true })
  for (const file of globSync('examples/**/*.yaml', { cwd: directory })) {
    const yaml = readFileSync(join(directory, file), 'utf8')
    const moved = yaml.replaceAll(TOKEN_PORTS, `${ports.token}`).replaceAll(API_PORTS, `${ports.api}`)
    writeFileSync(join(directory, file), moved)
  }
  return directory
}

async function freePort(): Promise<number> {
  const { url, close } = await listenOnLoopback(() => {})
  await close()
  return Number(new URL(url).port)
}

/** An API that asks the issuer about the request itself. */
function startApi(port: number, issuer: Issuer): Promise<ProtectedApi> {
  const seen: IncomingMessage[] = []
  return startProtectedApi({
    port,
    tokenFrom: message => String(seen.push(message) - 1),
    check: async index => issuer.accepts(seen[Number(index)]!),
  })
}

async function execute(folder: string, { start, environment, check }: Case): Promise<void> {
  const [tokenPort, apiPort] = await Promise.all([freePort(), freePort()])
  const ports = { token: tokenPort, api: apiPort }
  const directory = copyExample(folder, ports)
  const issuer = await start(ports.token)
  const api = await startApi(ports.api, issuer)
  try {
    await using executor = createExecutor({ directory, ...(environment && { environment }) })
    await executor.load(pathsOf(folder))
    await useEveryService(executor, api)
    await check?.({ executor, api, directory })
  } finally {
    await api.close()
    await issuer.close()
    rmSync(directory, { recursive: true })
  }
}

test('every folder has a case here, and every case a folder', () => {
  assert.equal(Object.keys(CASES).sort(), FOLDERS)
})

test('examples/README.md names every folder', () => {
  const readme = readFileSync(join(ROOT, 'examples/README.md'), 'utf8')
  assert.equal(
    FOLDERS.filter(folder => !readme.includes(`[${folder}](${folder}/`)),
    [],
  )
})

for (const folder of FOLDERS) {
  test(`examples/${folder} is valid`, async () => {
    assert.equal(await codesOf(pathsOf(folder)), EXPECTED_WARNINGS[folder] ?? [])
  })

  test(`examples/${folder} starts with the modeline and a comment that says what it shows`, () => {
    const [modeline, comment] = readFileSync(join(ROOT, pathsOf(folder)[0]!), 'utf8').split('\n')
    assert.is(modeline, '# yaml-language-server: $schema=../../schema/bearerd.schema.json')
    assert.match(comment!, /^# \S/)
  })

  test(`examples/${folder} at work`, () => execute(folder, CASES[folder]!))
}

test(`${EXAMPLE_FILE} is valid without a warning, and every service can be explained`, async () => {
  const { sources } = await readSources([EXAMPLE_FILE], ROOT)
  const checked = checkConfig(sources)
  assert.equal(checked.diagnostics, [])
  if (!checked.ok) throw new Error('unreachable')
  const plan = compilePlan(checked.value)
  for (const name of plan.services.keys()) {
    const explanation = explainService(checked.value, plan, name)
    assert.match(renderExplanation(explanation!), new RegExp(`^${name}`))
  }
  for (const name of plan.actions.keys()) {
    assert.match(renderExplanation(explainAction(checked.value, name)!), new RegExp(`^${name}`))
  }
})

test(`${EXAMPLE_FILE} with its commented-out blocks has the warnings that it tells of, and no other`, () => {
  const text = readFileSync(join(ROOT, EXAMPLE_FILE), 'utf8').replaceAll(/^# (?= {2})/gm, '')
  const { diagnostics } = checkConfig([{ path: '/x.yaml', file: 'x.yaml', text }])
  assert.equal(
    diagnostics.map(({ code }) => code),
    ['oauth/credentials-in-query', 'oauth/credentials-in-query', 'oauth/password-grant', 'oauth/password-grant'],
  )
  for (const { code } of diagnostics) assert.ok(text.includes(`(${code})`), `${code} is explained`)
})

test(`${EXAMPLE_FILE} shows every key and every word of the schema`, () => {
  const text = readFileSync(join(ROOT, EXAMPLE_FILE), 'utf8')
  const words = [...schemaWords(JSON.parse(readFileSync(join(ROOT, 'schema/bearerd.schema.json'), 'utf8')))]
  assert.ok(words.length > 40)
  assert.equal(
    words.filter(word => !new RegExp(`(?<![\\w-])${word.replace('+', '\\+')}(?![\\w-])`).test(text)),
    [],
  )
})

/** Property names and the values of enumerations; not the standard's own names for members, which `propertyNames` lists. */
function* schemaWords(node: unknown): Generator<string> {
  if (typeof node !== 'object' || node === null) return
  for (const [key, value] of Object.entries(node)) {
    if (key === 'examples' || key === 'propertyNames') continue
    if (key === 'properties') yield* Object.keys(value as object)
    if (key === 'enum') yield* value as string[]
    yield* schemaWords(value)
  }
}

const PAGES = globSync(['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'docs/**/*.md'], { cwd: ROOT }).sort()

for (const page of PAGES) {
  test(`the YAML in ${page} is valid without a warning`, () => {
    const blocks = [...readFileSync(join(ROOT, page), 'utf8').matchAll(/^```ya?ml\n(.*?)^```/gms)]
    for (const [, block] of blocks) {
      const { diagnostics } = checkConfig([{ path: `/${page}`, file: page, text: block! }])
      assert.equal(
        diagnostics.map(({ code, message }) => `${code}: ${message}`),
        [],
        block,
      )
    }
  })
}

test.run()
