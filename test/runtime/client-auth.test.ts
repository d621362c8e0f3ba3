// Ways to authenticate against a real OpenID Provider, with the number of requests that each takes; and assertions in files
// that something else keeps fresh.
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeJwt, decodeProtectedHeader, SignJWT } from 'jose'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { systemClock } from '../../src/base/clock.ts'
import { AppError } from '../../src/base/error.ts'
import { createExecutor } from '../../src/index.ts'
import { rejectionOf } from '../compile/compiled.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { type StartedTokenEndpoint, startTokenEndpoint } from '../support/hostile-token-endpoint.ts'
import { type OidcClient, type StartedOidcServer, startOidcServer } from '../support/oidc-server.ts'

type Keys = Record<string, unknown>

const KEYS: Record<string, { privateKey: KeyObject; publicKey: KeyObject }> = {
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: generateKeyPairSync('ed25519'),
}
KEYS.PS256 = KEYS.RS256!

const SERVED = '{"access_token":"served","expires_in":60}'
const SECRET = 'fake-secret-of-at-least-32-bytes-é'

function clientOf(alg: string): OidcClient {
  const jwk = { ...KEYS[alg]!.publicKey.export({ format: 'jwk' }), kid: alg, use: 'sig', alg }
  return {
    client_id: `client-${alg}`,
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: alg,
    jwks: { keys: [jwk] },
  }
}

const SECRET_CLIENT: OidcClient = {
  client_id: 'secret-client',
  client_secret: 'fake-secret-of-at-least-32-bytes-x',
  token_endpoint_auth_method: 'client_secret_jwt',
}

let server: StartedOidcServer
let folder: string
const open: (AsyncDisposable | StartedTokenEndpoint)[] = []

test.before(async () => {
  server = await startOidcServer({ clients: [...Object.keys(KEYS).map(clientOf), SECRET_CLIENT] })
  folder = mkdtempSync(join(tmpdir(), 'bearerd-client-auth-'))
})

test.after(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

test.before.each(() => void server.requests.splice(0))

test.after.each(async () => {
  for (const part of open.splice(0)) await ('close' in part ? part.close() : part[Symbol.asyncDispose]())
})

function load(account: Keys, options: Parameters<typeof createExecutor>[0] = {}) {
  const executor = createExecutor({ directory: folder, environment: {}, ...options })
  open.push(executor)
  const services = { s: { account: 'a', serverUrl: 'https://api.example' } }
  const base = { accessTokenUri: server.tokenUrl, scope: 'read' }
  writeFileSync(
    join(folder, 'services.yaml'),
    JSON.stringify({ version: 1, accounts: { a: { ...base, ...account } }, services }),
  )
  return executor.load('services.yaml').then(() => executor)
}

async function bearerOf(account: Keys, environment: NodeJS.ProcessEnv): Promise<string> {
  const executor = await load(account, { environment })
  const { headers } = await executor.authorize('s')
  return headers.Authorization!.slice('Bearer '.length)
}

for (const alg of Object.keys(KEYS)) {
  test(`oidc-provider accepts private_key_jwt with ${alg}`, async () => {
    const KEY = KEYS[alg]!.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
    const token = await bearerOf(
      {
        clientAuthMethod: 'private_key_jwt',
        clientId: `client-${alg}`,
        clientAssertion: { key: { env: 'KEY' }, alg, kid: alg },
      },
      { KEY },
    )
    assert.ok(await server.check(token))
    assert.equal(
      server.requests.map(({ status, headers }) => [status, headers.authorization]),
      [[200, undefined]],
    )
  })
}

test('with an issuer the assertion has its audience and the type of RFC 7523bis, which oidc-provider accepts', async () => {
  const KEY = KEYS.ES256!.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  const clientAssertion = { key: { env: 'KEY' } }
  const account = { clientAuthMethod: 'private_key_jwt', clientId: 'client-ES256', clientAssertion }
  for (const where of [{ issuer: server.url, accessTokenUri: undefined }, { issuer: server.url }]) {
    assert.ok(await server.check(await bearerOf({ ...account, ...where }, { KEY })))
    const jwt = new URLSearchParams(server.requests.at(-1)!.body).get('client_assertion')!
    assert.is(decodeJwt(jwt).aud, server.url)
    assert.is(decodeProtectedHeader(jwt).typ, 'client-authentication+jwt')
  }
})

test('oidc-provider accepts that type and audience when they are written', async () => {
  const KEY = KEYS.ES256!.privateKey.export({ type: 'sec1', format: 'pem' }) as string
  const clientAssertion = { key: { env: 'KEY' }, audience: server.url, typ: 'client-authentication+jwt' }
  const account = { clientAuthMethod: 'private_key_jwt', clientId: 'client-ES256', clientAssertion }
  assert.ok(await server.check(await bearerOf(account, { KEY })))
})

test('oidc-provider accepts client_secret_jwt; the secret stays here', async () => {
  const { client_id, client_secret } = SECRET_CLIENT
  const account = { clientAuthMethod: 'client_secret_jwt', clientId: client_id, clientSecret: { env: 'S' } }
  assert.ok(await server.check(await bearerOf(account, { S: client_secret! })))
  assert.is(server.requests.length, 1)
  assert.not.ok(server.requests[0]!.body.includes(client_secret!))
})

test('oidc-provider, client_secret_jwt: after an assertion of the first of two secrets, one of the second', async () => {
  const { client_id, client_secret } = SECRET_CLIENT
  const secrets = [{ env: 'NEW' }, { env: 'OLD' }]
  const account = { clientAuthMethod: 'client_secret_jwt', clientId: client_id, clientSecret: secrets }
  const environment = { NEW: 'fake-new-secret-of-at-least-32-bytes', OLD: client_secret! }
  assert.ok(await server.check(await bearerOf(account, environment)))
  assert.is(server.requests.length, 2)
  const ids = server.requests.map(({ body }) => decodeJwt(new URLSearchParams(body).get('client_assertion')!).jti)
  assert.is(new Set(ids).size, 2)
})

test('a wrong key is invalid_client after one request', async () => {
  const KEY = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' })
  const account = {
    clientAuthMethod: 'private_key_jwt',
    clientId: 'client-ES256',
    clientAssertion: { key: { env: 'KEY' } },
  }
  const error = (await rejectionOf(bearerOf(account, { KEY: KEY as string }))) as AppError
  assert.is(error.details.oauthError, 'invalid_client')
  assert.is(server.requests.length, 1)
})

test('each repetition of a request has an assertion of its own', async () => {
  const endpoint = await startTokenEndpoint((_request, index) => response => {
    if (index < 2) response.writeHead(503).end()
    else response.writeHead(200).end(SERVED)
  })
  open.push(endpoint)
  const executor = await load(
    {
      accessTokenUri: endpoint.url,
      clientAuthMethod: 'client_secret_jwt',
      clientId: 'a',
      clientSecret: { env: 'S' },
      timeout: '60s',
    },
    { environment: { S: SECRET }, random: () => 0 },
  )
  await executor.authorize('s')
  const jtis = endpoint.requests.map(({ body }) => decodeJwt(new URLSearchParams(body).get('client_assertion')!).jti)
  assert.is(new Set(jtis).size, 3)
})

async function assertionFor(subject: string, expSeconds: number): Promise<string> {
  return new SignJWT({ sub: subject, exp: expSeconds })
    .setProtectedHeader({ alg: 'ES256' })
    .sign(KEYS.ES256!.privateKey)
}

/** As Kubernetes does it: a folder with the version, a link to it that is replaced, and a link to the file in it. */
function project(version: string, text: string): void {
  mkdirSync(join(folder, `..${version}`))
  writeFileSync(join(folder, `..${version}`, 'token'), text)
  symlinkSync(`..${version}`, join(folder, '..new'))
  renameSync(join(folder, '..new'), join(folder, '..data'))
}

test('an assertion file is read again for every request, through links that are swapped; a new one is no reason to fetch', async () => {
  const clock = fakeClock(Date.parse('2026-01-01T00:00:00Z'))
  const endpoint = await startTokenEndpoint((_request, index) => response => {
    response.writeHead(200).end(`{"access_token":"served-${index + 1}","expires_in":60}`)
  })
  open.push(endpoint)
  const nowSeconds = clock.nowMs() / 1000
  const assertions = await Promise.all([1, 2, 3].map(n => assertionFor(`subject-${n}`, nowSeconds + 3600)))
  project('one', `\n ${assertions[0]}\n\n`)
  symlinkSync('..data/token', join(folder, 'token'))
  const account = { clientAuthMethod: 'private_key_jwt', clientId: 'a', clientAssertion: { file: 'token' } }
  const executor = await load({ ...account, accessTokenUri: endpoint.url }, { clock })
  assert.is((await executor.authorize('s')).headers.Authorization, 'Bearer served-1')
  project('two', assertions[1]!)
  await executor.generation!.checkSecrets()
  assert.is((await executor.authorize('s')).headers.Authorization, 'Bearer served-1')
  assert.is(endpoint.requests.length, 1)
  executor.forget('s')
  assert.is((await executor.authorize('s')).headers.Authorization, 'Bearer served-2')
  const sent = endpoint.requests.map(({ body }) => new URLSearchParams(body).get('client_assertion'))
  assert.equal(sent, assertions.slice(0, 2))
})

test('an assertion in JSON, one that is missing, and one that expired: told before any request, and forgiven when it is there', async () => {
  const clock = fakeClock(Date.parse('2026-01-01T00:00:00Z'))
  const endpoint = await startTokenEndpoint(() => response => void response.writeHead(200).end(SERVED))
  open.push(endpoint)
  const file = join(folder, 'assertion.json')
  const account = { clientAuthMethod: 'private_key_jwt', clientId: 'a', clientAssertion: { file, at: '/a/id_token' } }
  const executor = await load({ ...account, accessTokenUri: endpoint.url }, { clock })
  const failure = async () => {
    const error = (await rejectionOf(executor.authorize('s'))) as AppError
    assert.instance(error, AppError, error.stack)
    await clock.advance(60_000)
    return error.message
  }
  assert.match(await failure(), /assertion\.json: no such file/)
  writeFileSync(file, '{"a":{}}')
  assert.match(await failure(), /no text at \/a\/id_token; is it JSON\?/)
  const nowSeconds = clock.nowMs() / 1000
  writeFileSync(file, JSON.stringify({ a: { id_token: await assertionFor('x', nowSeconds - 1) } }))
  assert.match(await failure(), /the assertion in the file expired at 2026-01-01T00:0/)
  assert.is(endpoint.requests.length, 0)
  const good = await assertionFor('x', clock.nowMs() / 1000 + 60)
  writeFileSync(file, JSON.stringify({ a: { id_token: `${good}\n` } }))
  await executor.authorize('s')
  assert.equal(
    endpoint.requests.map(({ body }) => new URLSearchParams(body).get('client_assertion')),
    [good],
  )
})

test('a secret that is too short is told in the log', async () => {
  const lines: string[] = []
  const write = (_fields: object, message: string) => void lines.push(message)
  const log = { trace: write, debug: write, info: write, warn: write, error: write }
  const executor = await load(
    { clientAuthMethod: 'client_secret_jwt', clientId: 'x', clientSecret: { env: 'S' } },
    { environment: { S: 'fake-short' }, log: log as never, clock: systemClock },
  )
  await rejectionOf(executor.authorize('s'))
  assert.ok(
    lines.some(line => line.startsWith('the client secret is shorter than 32 bytes')),
    lines.join('\n'),
  )
})

test.run()
