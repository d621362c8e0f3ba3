// `bearerd test`: the steps of a real run, the likely causes of a failure, the number of requests, and no secret anywhere.
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { AppError, type AppErrorCode, type AppErrorDetails } from '../../src/base/error.ts'
import { type Failure, likelyCauses } from '../../src/cli/likely-causes.ts'
import { renderTests, type TestedStep } from '../../src/cli/test-report.ts'
import { createWaiting } from '../../src/cli/waiting.ts'
import { fakeClock } from '../support/fake-clock.ts'
import * as hostile from '../support/hostile-token-endpoint.ts'
import { listenOnLoopback } from '../support/loopback.ts'
import { OAUTH2_CLIENT, startOAuth2Server } from '../support/oauth2-server.ts'
import { OIDC_BASIC_CLIENT, OIDC_USER, startOidcServer } from '../support/oidc-server.ts'
import { runCommand } from '../support/run-command.ts'
import { createRunning, whileTimePasses } from '../support/running.ts'

const FOLDER = mkdtempSync(join(tmpdir(), 'bearerd-test-'))
test.after(() => rmSync(FOLDER, { recursive: true }))

const SECRET = 'canary-%-client-secret+1'
const TOKEN = 'canary-access-token-abc'

interface Ran {
  code: number | null
  stdout: string
  stderr: string
}

async function run(definitions: object, ...args: string[]): Promise<Ran> {
  const path = join(FOLDER, `${Math.random()}.yaml`)
  writeFileSync(path, JSON.stringify({ version: 1, ...definitions }))
  const ran = await runCommand(['test', '-c', path, ...args], { cwd: FOLDER, env: { SECRET } })
  const all = `${ran.stdout}${ran.stderr}`
  for (const canary of [
    SECRET,
    encodeURIComponent(SECRET),
    TOKEN,
    Buffer.from(`app:${SECRET}`).toString('base64'),
    'eyJ',
  ])
    assert.not.ok(all.includes(canary), `${canary} in ${all}`)
  return ran
}

const account = (accessTokenUri: string, keys: object = {}) => ({
  accessTokenUri,
  clientId: 'app',
  clientSecret: { env: 'SECRET' },
  scope: 'read write',
  ...keys,
})

test('each step of a service: what was sent, what came back, and the health check', async () => {
  const endpoint = await hostile.startTokenEndpoint(() => hostile.token(TOKEN, { scope: 'read' }))
  const api = await listenOnLoopback((request, response) => {
    response.statusCode =
      request.headers.authorization === `Bearer ${TOKEN}` && request.url === '/v1/me?x=1' ? 204 : 404
    response.end()
  })
  const services = { orders: { account: account(endpoint.url), serverUrl: `${api.url}/v1`, healthCheck: '/me?x=1' } }
  const { code, stdout } = await run({ services }, 'orders')
  const json = await run({ services }, '--format', 'json')
  await endpoint.close()
  await api.close()
  assert.is(code, 0, stdout)
  assert.is(endpoint.requests.length, 2)
  const text = stdout.replace(/ +[\d.]+ ms/g, ' T').replaceAll(/127\.0\.0\.1:\d+/g, 'HOST')
  assert.is(
    text,
    [
      'orders (account orders): ok after T',
      '  ok     resolve-secrets T  env SECRET',
      '  ok     expand-template T  POST HOST/token; headers Accept, Content-Type, Authorization; parameters grant_type, scope',
      '  ok     request-token T  200; members access_token, token_type, expires_in, scope; token_type Bearer; scope granted read, asked read write',
      '  ok     pick-bearer T  lives 3600 s, as expires_in says; not a JWT',
      '  ok     inject T  headers Authorization',
      '  ok     health-check T  GET /me: 204',
      '',
      '',
    ].join('\n'),
  )
  const { version, services: told } = JSON.parse(json.stdout)
  assert.is(version, 1)
  assert.is(told[0].ok, true)
  assert.equal(
    told[0].steps.map(({ step }: { step: string }) => step),
    ['resolve-secrets', 'expand-template', 'request-token', 'pick-bearer', 'inject', 'health-check'],
  )
})

test('a second service of the same account says where its token is told, and asks for none', async () => {
  const endpoint = await hostile.startTokenEndpoint(() => hostile.token(TOKEN))
  const accounts = { shop: account(endpoint.url) }
  const service = { account: 'shop', serverUrl: 'https://x.example' }
  const open = { account: { authorization: 'none' }, serverUrl: 'https://x.example' }
  const { stdout } = await run({ accounts, services: { orders: service, bills: service, open } })
  const json = await run({ accounts, services: { orders: service, bills: service, open } }, '--format', 'json')
  await endpoint.close()
  assert.is(endpoint.requests.length, 2)
  assert.is(stdout.match(/token: see/g)?.length, 1)
  assert.match(stdout, /\nbills \(account shop\): ok after [\d.]+ ms\n {2}token: see orders above\n {2}ok {5}inject/)
  const told = JSON.parse(json.stdout).services as { tokenOf?: string }[]
  assert.equal(
    told.map(({ tokenOf }) => tokenOf),
    [undefined, 'orders', undefined],
  )
})

test('a real provider by issuer: the claims of an ID token by name, harmless values only', async () => {
  const provider = await startOidcServer()
  const { client_id: clientId, client_secret: clientSecret } = OIDC_BASIC_CLIENT
  const definition = {
    ...{ issuer: provider.url, clientId, clientSecret, scope: 'openid email', bearerTokenType: 'id_token' },
    ...{ grant: 'password', username: OIDC_USER.username, password: OIDC_USER.password },
  }
  const { code, stdout } = await run({ services: { files: { account: definition, serverUrl: 'https://x.example' } } })
  await provider.close()
  assert.is(code, 0, stdout)
  assert.match(stdout, `discover`)
  assert.match(stdout, /JWT with .*sub.*; iss http:\/\/127\.0\.0\.1:\d+, aud basic client, iat 2/)
  assert.not.match(stdout, OIDC_USER.email)
  assert.is(provider.requests.length, 1)
})

test('invalid_client: one request, the method that was used, and what the metadata offers', async () => {
  const seen: string[] = []
  const server = await listenOnLoopback((request, response) => {
    seen.push(`${request.method} ${request.url}`)
    request.resume()
    const offered = ['client_secret_post']
    const url = `http://${request.headers.host}`
    if (request.url?.startsWith('/.well-known/'))
      return hostile.json(200, {
        issuer: url,
        token_endpoint: `${url}/t`,
        token_endpoint_auth_methods_supported: offered,
      })(response)
    hostile.json(401, { error: 'invalid_client', error_description: `no ${SECRET}` })(response)
  })
  const definition = account('', { accessTokenUri: undefined, issuer: server.url })
  const { code, stdout } = await run({ services: { s: { account: definition, serverUrl: 'https://x.example' } } })
  await server.close()
  assert.is(code, 3)
  assert.equal(seen, ['GET /.well-known/oauth-authorization-server', 'POST /t'])
  assert.match(stdout, 'FAILED request-token')
  assert.match(
    stdout,
    '1. client_secret_basic was used, and the metadata offers: client_secret_post; set `clientAuthMethod`',
  )
  assert.match(stdout, /2\. the client ID or secret has characters .* `basicEncoding`/)
})

test('a wrong name is wrong usage, before anything is sent; a missing secret is a failure', async () => {
  const services = {
    orders: {
      account: account('http://127.0.0.1:9/token', { clientSecret: { env: 'NONE' } }),
      serverUrl: 'https://x.example',
    },
  }
  assert.is((await run({ services }, 'order')).code, 2)
  const { code, stdout } = await run({ services })
  assert.is(code, 3)
  assert.match(stdout, 'FAILED resolve-secrets')
  assert.match(stdout, '1. the secret is not there for this user or in this shell')
})

test('a wrong key: what it is and how it is written, and nothing is sent', async () => {
  const server = await hostile.startTokenEndpoint(() => hostile.json(401, { error: 'invalid_client' }))
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const encrypted = { format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'fake' } as const
  const files = {
    path: 'secrets/key.pem',
    public: publicKey.export({ format: 'pem', type: 'spki' }),
    private: privateKey.export({ format: 'pem', type: 'pkcs8' }),
    jwk: JSON.stringify(privateKey.export({ format: 'jwk' })),
    encrypted: privateKey.export(encrypted),
    cut: `${privateKey.export({ format: 'pem', type: 'pkcs8' })}`.slice(0, 90),
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(FOLDER, name), text)
  const signer = (clientAssertion: object) =>
    account(server.url, { clientSecret: undefined, clientAuthMethod: 'private_key_jwt', clientAssertion })
  const bearer = (assertion: object) => account(server.url, { grant: 'jwt_bearer', assertion })
  const accounts = {
    path: signer({ key: { file: 'path' } }),
    public: signer({ key: { file: 'public' } }),
    alg: signer({ key: { file: 'private' }, alg: 'RS256' }),
    encrypted: signer({ key: { file: 'encrypted' } }),
    cut: signer({ key: { file: 'cut' } }),
    kept: signer({ file: 'private' }),
    keptJwk: signer({ file: 'jwk' }),
    assertion: bearer({ file: 'jwk' }),
    missing: signer({ key: { file: 'none' } }),
  }
  const services = Object.fromEntries(
    Object.values(accounts).map((account, index) => [`s${index}`, { account, serverUrl: 'https://x.example' }]),
  )
  const { stdout } = await run({ services }, '--format', 'json')
  await server.close()
  assert.is(server.requests.length, 0)
  const causes = (JSON.parse(stdout).services as { causes: string[] }[]).map(({ causes }) => causes.join('\n'))
  for (const [index, pattern] of [
    /a path is written as `key: \{ file: PATH \}`/,
    /the half that the server gets/,
    /`alg` is that of another key/,
    /without its passphrase/,
    /the key was cut/,
    /a key signs assertions: it goes below `key`/,
    /a key signs assertions: it goes below `key`/,
    /a key signs assertions: it goes below `key`/,
    /the secret is not there/,
  ].entries())
    assert.match(causes[index]!, pattern, Object.keys(accounts)[index]!)
})

/** A port of its own for each mistake, so that the requests of each are counted. */
async function startMistakes() {
  const inThePast = { Date: new Date(Date.now() - 3_600_000).toUTCString() }
  const answers = {
    place: () => hostile.json(401, { error: 'invalid_client' }),
    clock: () => hostile.json(400, { error: 'invalid_client' }, inThePast),
    redirect: () => hostile.redirect('https://login.example/sign-in?next=1'),
    scope: () => hostile.json(400, { error: 'invalid_scope' }),
    right: () => hostile.token(TOKEN),
    busy: (index: number) => (index < 2 ? hostile.text(503, '') : hostile.token(TOKEN)),
  }
  const starting = Object.entries(answers).map(async ([name, answer]) => {
    return [name, await hostile.startTokenEndpoint((_request, index) => answer(index))] as const
  })
  const by = Object.fromEntries(await Promise.all(starting)) as Record<
    keyof typeof answers,
    hostile.StartedTokenEndpoint
  >
  const undecoding = await startOAuth2Server({
    clients: [{ ...OAUTH2_CLIENT, id: 'app', secret: SECRET, grants: ['client_credentials'] }],
  })
  const oidc = await startOidcServer({
    clients: [
      {
        ...{ client_id: 'signer', token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [KEY.publicKey] } },
        token_endpoint_auth_signing_alg: 'ES256',
      },
    ],
  })
  return { ...by, undecoding, oidc, all: [...Object.values(by), undecoding, oidc] }
}

const KEY = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  publicKeyEncoding: { type: 'spki', format: 'jwk' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})

test('the common mistakes, each at a server that makes it one: the cause is named, and one request is all', async () => {
  const on = await startMistakes()
  const api = await listenOnLoopback((_request, response) => void response.writeHead(403).end())
  const signer = { clientSecret: undefined, clientId: 'signer', clientAuthMethod: 'private_key_jwt' }
  const signing = (keys: object) => ({ ...signer, clientAssertion: { key: KEY.privateKey, ...keys } })
  const accounts = {
    encoding: account(on.undecoding.tokenUrl),
    place: account(on.place.url, { clientSecret: 'fake-plain-secret' }),
    audience: account(on.oidc.tokenUrl, signing({ audience: 'https://elsewhere.example' })),
    clock: account(on.clock.url, signing({})),
    redirect: account(on.redirect.url),
    scope: account(on.scope.url, { scope: [] }),
    right: account(on.right.url),
    busy: account(on.busy.url),
  }
  const services = Object.fromEntries(
    Object.keys(accounts).map(name => [
      name,
      {
        account: name,
        serverUrl: name === 'right' ? api.url : 'https://x.example',
        ...(name === 'right' && { healthCheck: '/me' }),
      },
    ]),
  )
  const { code, stdout, stderr } = await run({ accounts, services }, '--format', 'json')
  const counted = { encoding: on.undecoding.requests.length, oidc: on.oidc.requests.length }
  const counts = [on.place, on.clock, on.redirect, on.scope, on.right, on.busy].map(({ requests }) => requests.length)
  for (const server of [...on.all, api]) await server.close()
  assert.is(code, 3, stderr)
  const told = JSON.parse(stdout).services as {
    service: string
    causes: string[]
    steps: { step: string; attempt?: number }[]
  }[]
  const causesOf = (name: string) => told.find(({ service }) => service === name)!.causes
  assert.match(causesOf('encoding')[0]!, /two encodings of HTTP Basic.*`basicEncoding`/)
  assert.match(causesOf('place')[1]!, /want the secret in the body.*client_secret_post/)
  assert.match(causesOf('audience')[0]!, /audience: its `aud`/)
  assert.match(causesOf('clock')[0]!, /clock is 3[56]\d\d s ahead of the server's/)
  assert.match(causesOf('redirect')[0]!, /`accessTokenUri` is an address that has moved/)
  assert.match(causesOf('scope')[0]!, /no scope was sent/)
  assert.match(causesOf('right')[0]!, /a scope is missing/)
  assert.equal(causesOf('busy'), [])
  assert.equal(counted, { encoding: 1, oidc: 1 })
  assert.equal(counts, [1, 1, 1, 1, 1, 3])
  const steps = told.find(({ service }) => service === 'busy')!.steps
  assert.equal(
    steps.filter(({ step }) => step === 'pause').map(({ attempt }) => attempt),
    [2, 3],
  )
})

test('a login page with 200: named as one', async () => {
  const running = createRunning()
  const clock = fakeClock()
  const server = await running.open(hostile.startTokenEndpoint(() => hostile.html(200)))
  const executor = await running.execute(
    { services: { s: { account: account(server.url, { clientSecret: 'x' }), serverUrl: 'https://x.example' } } },
    { clock },
  )
  const error = await whileTimePasses(
    clock,
    executor.authorize('s').catch((thrown: AppError) => thrown),
  )
  await running.close()
  assert.instance(error, AppError)
  const [first] = likelyCauses({ error: error as AppError, request: {}, server: {}, clientAuthMethod: '', nowMs: 0 })
  assert.match(first ?? '', /login page for browsers/)
})

test('of a further attempt only what is new is told, and how long the pause was', () => {
  const step = (name: string, facts: TestedStep['facts'], error?: AppError): TestedStep => ({
    ...{ step: name, account: 'a', durationMs: 5, ok: !error, facts },
    ...(error && { error }),
  })
  const busy = new AppError('token_refused', 'answered 503')
  const attempt = [step('resolve-secrets', { from: ['env S'] }), step('expand-template', { method: 'POST', to: 'h/t' })]
  const steps = [
    ...[...attempt, step('request-token', {}, busy), step('pause', { attempt: 2 })],
    ...[...attempt, step('request-token', {}, busy), step('pause', { attempt: 3 })],
    ...[...attempt, step('request-token', {}, new AppError('token_refused', 'answered 400'))],
  ]
  const text = renderTests([{ service: 's', account: 'a', ok: false, durationMs: 40, steps, causes: [] }])
  assert.equal(
    text.split('\n').map(line => line.replace(/ +5\.0 ms/, ' T').trim()),
    [
      's (account a): failed after 40 ms',
      'ok     resolve-secrets T  env S',
      'ok     expand-template T  POST h/t',
      'FAILED request-token T  answered 503',
      'ok     pause T  before attempt 2',
      'FAILED request-token T  the same',
      'ok     pause T  before attempt 3',
      'FAILED request-token T  answered 400',
      '',
      '',
    ],
  )
})

function causes(code: AppErrorCode, details: AppErrorDetails, rest: Partial<Failure> = {}, message = 'x'): string[] {
  const error = new AppError(code, message, details)
  return likelyCauses({ error, request: {}, server: {}, clientAuthMethod: 'client_secret_basic', nowMs: 0, ...rest })
}

const FIRST: [string, string[], RegExp][] = [
  [
    'secret in the wrong place',
    causes('token_refused', { oauthError: 'invalid_client' }).slice(1),
    /client_secret_post/,
  ],
  [
    'the other way round',
    causes('token_refused', { oauthError: 'invalid_client' }, { clientAuthMethod: 'client_secret_post' }).slice(1),
    /client_secret_basic/,
  ],
  [
    'aud',
    causes('token_refused', { oauthError: 'invalid_client' }, { clientAuthMethod: 'private_key_jwt' }),
    /audience: its `aud`/,
  ],
  [
    'a clock that is ahead',
    causes(
      'token_refused',
      { oauthError: 'invalid_client', dateMs: 0 },
      { nowMs: 90_000, clientAuthMethod: 'private_key_jwt' },
    ),
    /clock is 90 s ahead of/,
  ],
  [
    'a clock that is behind',
    causes(
      'token_refused',
      { oauthError: 'invalid_grant', dateMs: 90_000 },
      { request: { parameters: ['grant_type', 'assertion'] } },
    ),
    /clock is 90 s behind/,
  ],
  ['no scope', causes('token_refused', { oauthError: 'invalid_scope' }), /no scope was sent/],
  [
    'a scope',
    causes('token_refused', { oauthError: 'invalid_scope' }, { request: { scope: 'a b' } }),
    /one of the scopes.*a b/,
  ],
  [
    'a password',
    causes('token_refused', { oauthError: 'invalid_grant' }, { request: { grant_type: 'password' } }),
    /password` is wrong/,
  ],
  ['a redirect', causes('token_redirect', { status: 302 }), /has moved, or http instead of https/],
  ['a login page', causes('token_invalid_response', { contentType: 'text/html' }), /login page/],
  ['no openid', causes('token_invalid_response', {}, {}, 'the response has no id_token'), /`openid` is missing/],
  [
    'a certificate',
    causes('token_unreachable', {}, {}, 'its certificate is self-signed'),
    /certificate is not trusted/,
  ],
  ['no host', causes('token_unreachable', {}, {}, 'no such host'), /misspelt/],
  ['nobody there', causes('token_unreachable', {}, {}, 'connection refused'), /nothing listens/],
  ['a wrong address', causes('token_refused', { status: 404 }), /not the address of the token endpoint/],
  ['a fault of the server', causes('token_refused', { status: 503 }), /try again later/],
  ['an issuer', causes('discovery_failed', {}), /exactly as the metadata says/],
]

for (const [name, [first], expected] of FIRST)
  test(`the likeliest cause: ${name}`, () => assert.match(first ?? '', expected))

test('a waiting line on a terminal only, and gone at the end', () => {
  const written: string[] = []
  const write = (text: string) => written.push(text)
  const before = process.env.TERM
  process.env.TERM = 'xterm'
  for (const isTTY of [true, false]) {
    const waiting = createWaiting({ isTTY, write })
    waiting.show('testing a')
    waiting.clear()
  }
  if (before === undefined) delete process.env.TERM
  else process.env.TERM = before
  assert.equal(written, ['\r\x1b[2Ktesting a …', '\r\x1b[2K'])
})

test.run()
