// Connections of their own over real TLS and a real proxy: authorities, client certificates that change, CONNECT tunnels,
// apart for the token endpoint and the service, through the library client and through the daemon's proxy.
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { ServerOptions } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { systemClock } from '../../src/base/clock.ts'
import { AppError } from '../../src/base/error.ts'
import { startDaemon } from '../../src/daemon/daemon.ts'
import { createExecutor } from '../../src/index.ts'
import { chooseProxy } from '../../src/runtime/connections/choose-proxy.ts'
import { loadUsed } from '../../src/runtime/connections/undici.ts'
import { rejectionOf } from '../compile/compiled.ts'
import { type Certified, makeCertificate } from '../support/certificates.ts'
import { startConnectProxy } from '../support/connect-proxy.ts'
import { type Loopback, listenOnLoopback, readBody, sendJson } from '../support/loopback.ts'
import { type StartedOidcServer, startOidcServer } from '../support/oidc-server.ts'

type Keys = Record<string, unknown>

const HOSTS = ['IP:127.0.0.1', 'DNS:login.example']
const authority = makeCertificate({ name: 'test authority', authority: true })
const other = makeCertificate({ name: 'another authority', authority: true })
const host = makeCertificate({ name: 'server', by: authority, hosts: HOSTS })
const client = makeCertificate({ name: 'client', by: authority })
const renewed = makeCertificate({ name: 'client', by: authority })
const selfSigned = makeCertificate({ name: 'self-signed' })

const SERVER_TLS = { cert: host.certificate, key: host.key, ca: authority.certificate }

let oidc: StartedOidcServer
let folder: string
const open: { close(): Promise<void> }[] = []

test.before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bearerd-connections-'))
  writeFileSync(join(folder, 'ca.pem'), authority.certificate)
  writeFileSync(join(folder, 'other.pem'), other.certificate)
  const x5c = [new X509Certificate(selfSigned.certificate).raw.toString('base64')]
  const jwk = new X509Certificate(selfSigned.certificate).publicKey.export({ format: 'jwk' })
  oidc = await startOidcServer({
    tls: SERVER_TLS,
    clients: [
      {
        client_id: 'by-authority',
        token_endpoint_auth_method: 'tls_client_auth',
        tls_client_auth_subject_dn: 'CN=client',
        tls_client_certificate_bound_access_tokens: true,
      },
      {
        client_id: 'by-itself',
        token_endpoint_auth_method: 'self_signed_tls_client_auth',
        jwks: { keys: [{ ...jwk, x5c, use: 'sig' }] },
      },
    ],
  })
})

test.after(async () => {
  await oidc.close()
  rmSync(folder, { recursive: true })
})

test.before.each(() => void oidc.requests.splice(0))

test.after.each(async () => {
  for (const part of open.splice(0).reverse()) await part.close()
})

function put({ certificate, key }: Certified): void {
  writeFileSync(join(folder, 'client.crt'), certificate)
  writeFileSync(join(folder, 'client.key'), key)
}

async function load(account: Keys, service: Keys = {}, options: Parameters<typeof createExecutor>[0] = {}) {
  const accounts = { a: { accessTokenUri: oidc.tokenUrl, scope: 'read', ...account } }
  const services = { s: { account: 'a', serverUrl: 'https://api.example', ...service } }
  writeFileSync(join(folder, 'services.yaml'), JSON.stringify({ version: 1, accounts, services }))
  const executor = createExecutor({ directory: folder, environment: {}, ...options })
  open.push({ close: async () => executor[Symbol.asyncDispose]() })
  await executor.load('services.yaml')
  return executor
}

/** Repetitions do not wait, and are few. */
const IMPATIENT = { clock: { ...systemClock, sleep: async () => undefined }, random: () => 1 }

const TLS = { caFile: 'ca.pem', certFile: 'client.crt', keyFile: 'client.key' }
const BY_AUTHORITY = { clientAuthMethod: 'tls_client_auth', clientId: 'by-authority', tls: TLS }

/** A service over TLS that tells who asked. */
async function startService(tls: ServerOptions = {}): Promise<Loopback> {
  const options = { ...SERVER_TLS, requestCert: true, rejectUnauthorized: false, ...tls }
  const service = await listenOnLoopback(
    (request, response) => {
      const certificate = (request.socket as TLSSocket).getPeerX509Certificate?.()
      sendJson(response, 200, {
        authorization: request.headers.authorization,
        shown: certificate?.fingerprint256 ?? null,
      })
    },
    0,
    options,
  )
  open.push(service)
  return service
}

const fingerprintOf = ({ certificate }: Certified) => new X509Certificate(certificate).fingerprint256
const tokenOf = (headers: Record<string, string>) => headers.Authorization!.slice('Bearer '.length)

test('tls_client_auth: client_id, no secret, and a token that is bound to the certificate', async () => {
  put(client)
  const executor = await load(BY_AUTHORITY)
  const token = await oidc.provider.ClientCredentials.find(tokenOf((await executor.authorize('s')).headers))
  const thumbprint = Buffer.from(fingerprintOf(client).replaceAll(':', ''), 'hex').toString('base64url')
  assert.is(token!['x5t#S256'], thumbprint)
  assert.is(oidc.requests.length, 1)
  assert.is(oidc.requests[0]!.body, 'grant_type=client_credentials&scope=read&client_id=by-authority')
  assert.is(oidc.requests[0]!.headers.authorization, undefined)
})

test('self_signed_tls_client_auth', async () => {
  put(selfSigned)
  const executor = await load({ clientAuthMethod: 'self_signed_tls_client_auth', clientId: 'by-itself', tls: TLS })
  await executor.authorize('s')
  assert.equal(
    oidc.requests.map(({ status }) => status),
    [200],
  )
})

test('the certificate of a stranger is invalid_client after one request', async () => {
  put(selfSigned)
  const executor = await load(BY_AUTHORITY)
  const error = (await rejectionOf(executor.authorize('s'))) as AppError
  assert.is(error.details.oauthError, 'invalid_client')
  assert.is(oidc.requests.length, 1)
})

test('a bound token goes to the service with the same certificate; a new certificate fetches a new token', async () => {
  put(client)
  const service = await startService()
  const strict = await load(BY_AUTHORITY, { serverUrl: service.url })
  const error = (await rejectionOf(strict.client('s').get('x').json())) as AppError
  assert.is(error.code, 'upstream_unreachable')
  const executor = await load(BY_AUTHORITY, { serverUrl: service.url, tls: { caFile: 'ca.pem' } })
  const ask = () => executor.client('s').get('x').json<{ authorization: string; shown: string }>()
  const first = await ask()
  assert.is(first.shown, fingerprintOf(client))
  oidc.requests.splice(0)
  put(renewed)
  await executor.generation!.checkSecrets()
  const second = await until(ask, ({ shown }) => shown === fingerprintOf(renewed))
  assert.is.not(second.authorization, first.authorization)
  assert.is(oidc.requests.length, 1)
})

/** A renewal in the background has no end that can be waited for. */
async function until<T>(ask: () => Promise<T>, done: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await ask()
    if (done(value)) return value
  }
}

for (const [name, tls, message] of [
  ['the usual authorities do not know it', undefined, /of an authority that is not trusted; give it as tls\.caFile/],
  ['another authority', { caFile: 'other.pem' }, /of an authority that is not trusted/],
  ['another name', { caFile: 'ca.pem', serverName: 'elsewhere.example' }, /its certificate is for another host/],
  [
    'no certificate in the file',
    { caFile: 'services.yaml' },
    /`tls.caFile` of account `a` holds no certificate in PEM form/,
  ],
] as [string, Keys | undefined, RegExp][]) {
  test(`the certificate of the token endpoint is verified: ${name}`, async () => {
    const secret = { clientId: 'x', clientSecret: { env: 'S' }, timeout: '5s' }
    const executor = await load({ ...secret, ...(tls && { tls }) }, {}, { environment: { S: 'fake' }, ...IMPATIENT })
    const error = (await rejectionOf(executor.authorize('s'))) as AppError
    assert.instance(error, AppError, error.stack)
    assert.match(error.message, message)
    assert.is(oidc.requests.length, 0)
  })
}

test('serverName is asked for and checked in place of the host', async () => {
  put(client)
  const executor = await load({ ...BY_AUTHORITY, tls: { ...TLS, serverName: 'login.example' } })
  await executor.authorize('s')
  assert.is(oidc.requests.length, 1)
})

test('a key of another certificate is told before any request', async () => {
  put({ certificate: client.certificate, key: renewed.key })
  const executor = await load(BY_AUTHORITY)
  const error = (await rejectionOf(executor.authorize('s'))) as AppError
  assert.is(error.message, '`tls.certFile` and `tls.keyFile` of account `a` do not belong together')
  assert.is(error.code, 'secret_unavailable')
  assert.is(oidc.requests.length, 0)
})

test('it is told when the configuration starts, too', async () => {
  put({ certificate: client.certificate, key: renewed.key })
  const told = new Promise<string>(resolve => {
    const write = () => undefined
    const error = (_fields: object, message: string) => resolve(message)
    const log = { trace: write, debug: write, info: write, warn: write, error }
    void load(BY_AUTHORITY, {}, { log: log as never })
  })
  assert.is(await told, '`tls.certFile` and `tls.keyFile` of account `a` do not belong together')
})

test('through the daemon: the certificate goes to the service, and follows when the files change', async () => {
  put(client)
  const [service, proxy] = [await startService(), await startConnectProxy()]
  open.push(proxy)
  const executor = await load(BY_AUTHORITY, { serverUrl: service.url, tls: { caFile: 'ca.pem' }, proxy: proxy.url })
  await executor[Symbol.asyncDispose]()
  const daemon = await startDaemon({
    paths: [join(folder, 'services.yaml')],
    listen: '127.0.0.1:0',
    adminListen: '127.0.0.1:0',
    logLevel: 'silent',
  })
  open.push({ close: () => daemon.stop(0) })
  const ask = async () => {
    const response = await fetch(`${daemon.api}/v1/services/s/proxy/x`)
    return (await response.json()) as { shown: string; authorization: string }
  }
  const first = await ask()
  assert.is(first.shown, fingerprintOf(client))
  assert.equal(
    proxy.tunnels.map(({ target }) => target),
    [new URL(service.url).host],
  )
  put(renewed)
  await daemon.executor.generation!.checkSecrets()
  const second = await until(ask, ({ shown }) => shown === fingerprintOf(renewed))
  assert.is.not(second.authorization, first.authorization)
})

test('separate proxies for token endpoint and service, with credentials, and without those in NO_PROXY', async () => {
  put(client)
  const [forTokens, forService] = [await startConnectProxy('me:fake p@ss'), await startConnectProxy()]
  open.push(forTokens, forService)
  const service = await startService()
  const proxied = { ...BY_AUTHORITY, proxy: { env: 'PROXY' } }
  const environment = { PROXY: forTokens.url.replace('//', '//me:fake%20p%40ss@') }
  const executor = await load(
    proxied,
    { serverUrl: service.url, tls: { caFile: 'ca.pem' }, proxy: forService.url },
    { environment },
  )
  const { shown } = await executor.client('s').get('x').json<{ shown: string | null }>()
  assert.is(shown, fingerprintOf(client))
  const basic = `Basic ${Buffer.from('me:fake p@ss').toString('base64')}`
  assert.equal(forTokens.tunnels, [{ target: new URL(oidc.url).host, authorization: basic }])
  assert.equal(
    forService.tunnels.map(({ target }) => target),
    [new URL(service.url).host],
  )
})

test('a proxy that wants a password, and one that is away, are told without a secret', async () => {
  put(client)
  const proxy = await startConnectProxy('me:fake-right')
  open.push(proxy)
  const environment = { PROXY: proxy.url.replace('//', '//me:fake-wrong@') }
  const refused = await load(
    { ...BY_AUTHORITY, proxy: { env: 'PROXY' }, timeout: '5s' },
    {},
    { environment, ...IMPATIENT },
  )
  const error = (await rejectionOf(refused.authorize('s'))) as AppError
  assert.is(error.code, 'token_unreachable')
  assert.match(error.message, /the proxy refused the connection; check its user name and password/)
  assert.not.match(`${error.stack} ${JSON.stringify(error)}`, /fake-/)
  const away = await load({ ...BY_AUTHORITY, proxy: 'http://127.0.0.1:1', timeout: '5s' }, {}, IMPATIENT)
  assert.is(((await rejectionOf(away.authorize('s'))) as AppError).code, 'token_unreachable')
})

test('a body goes out with its length, never in chunks, on connections of their own too', async () => {
  const lengths: [string | undefined, string | undefined][] = []
  const server = await listenOnLoopback(
    async (request, response) => {
      const { 'content-length': length, 'transfer-encoding': encoding } = request.headers
      lengths.push([length, encoding])
      await readBody(request)
      sendJson(response, 200, { access_token: 'T', token_type: 'Bearer', expires_in: 60 })
    },
    0,
    SERVER_TLS,
  )
  open.push(server)
  const tls = { caFile: 'ca.pem' }
  const client = { clientAuthMethod: 'client_secret_post', clientId: 'c', clientSecret: 'fake', scope: [] }
  const executor = await load({ ...client, accessTokenUri: `${server.url}/token`, tls }, { serverUrl: server.url, tls })
  await executor.client('s').post('x', { body: 'four' })
  const tokenBody = 'grant_type=client_credentials&client_id=c&client_secret=fake'
  assert.equal(lengths, [
    [String(tokenBody.length), undefined],
    ['4', undefined],
  ])
})

/** An issuer whose documents are served over TLS where their path is in `secure`, and in plain otherwise. */
async function startIssuer(secure: readonly string[], isAway = (_path: string) => false): Promise<string> {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256' }]
  const servers: Record<string, string> = {}
  const urlOf = (path: string) => `${servers[secure.includes(path) ? 'tls' : 'plain']}${path}`
  const answer = async (path: string): Promise<object> => {
    const issuer = urlOf('')
    if (path === '/jwks') return { keys }
    if (path !== '/token') return { issuer, token_endpoint: urlOf('/token'), jwks_uri: urlOf('/jwks') }
    const id_token = await new SignJWT({ iss: issuer, aud: 'c' })
      .setProtectedHeader({ alg: 'ES256', kid: 'one' })
      .setExpirationTime('5m')
      .sign(privateKey)
    return { access_token: 'T', token_type: 'Bearer', expires_in: 60, id_token }
  }
  for (const [name, tls] of [
    ['plain', undefined],
    ['tls', SERVER_TLS],
  ] as const) {
    const server = await listenOnLoopback(
      async (request, response) => {
        await readBody(request)
        if (isAway(request.url!)) return void response.writeHead(503).end()
        sendJson(response, 200, await answer(request.url!))
      },
      0,
      tls,
    )
    open.push(server)
    servers[name] = server.url
  }
  return urlOf('')
}

for (const [what, secure] of [
  ['metadata', ['']],
  ['keys', ['/jwks']],
] as const) {
  test(`${what} of an issuer that one account trusts are not those of another one that reaches it otherwise`, async () => {
    const account = {
      accessTokenUri: undefined,
      issuer: await startIssuer(secure),
      ...{ clientId: 'c', clientSecret: 'fake', scope: 'openid' },
      ...{ grant: 'password', username: 'ada', password: 'fake', bearerTokenType: 'id_token' },
    }
    const trusting = { ...account, tls: { caFile: 'ca.pem' } }
    const strict = { ...account, scope: [], tls: { caFile: 'other.pem' }, timeout: '5s' }
    const services = Object.fromEntries(
      Object.entries({ trusting, again: { ...trusting, scope: [] }, strict }).map(([name, account]) => [
        name,
        { account, serverUrl: 'https://api.example' },
      ]),
    )
    writeFileSync(join(folder, 'services.yaml'), JSON.stringify({ version: 1, services }))
    const executor = createExecutor({ directory: folder, environment: {}, ...IMPATIENT })
    open.push({ close: async () => executor[Symbol.asyncDispose]() })
    await executor.load('services.yaml')
    for (const name of ['trusting', 'again']) await executor.authorize(name)
    const error = (await rejectionOf(executor.authorize('strict'))) as AppError
    assert.is(error.code, 'token_unreachable')
    assert.match(error.message, /of an authority that is not trusted/)
  })
}

test('a renewed client certificate keeps the last good metadata and keys of its issuer, while those cannot be read', async () => {
  put(client)
  const asked: string[] = []
  let away = false
  const issuer = await startIssuer(['', '/token', '/jwks'], path => {
    asked.push(path)
    return away && path !== '/token'
  })
  const executor = await load({
    ...{ accessTokenUri: undefined, issuer, clientId: 'c', clientSecret: 'fake', scope: 'openid', tls: TLS },
    ...{ grant: 'password', username: 'ada', password: 'fake', bearerTokenType: 'id_token' },
  })
  await executor.authorize('s')
  assert.equal(asked.splice(0), ['/.well-known/oauth-authorization-server', '/token', '/jwks'])
  away = true
  for (const certificate of [renewed, client]) {
    put(certificate)
    executor.forget('s')
    await executor.authorize('s')
  }
  assert.equal(asked, ['/token', '/token'])
})

const PROXY = 'http://proxy.example:3128'

for (const [name, proxy, origin, environment, chosen] of [
  ['none is configured', undefined, 'https://a.example', { HTTPS_PROXY: PROXY }, undefined],
  ['one is configured', PROXY, 'https://a.example', {}, PROXY],
  ['all are excepted', PROXY, 'https://a.example', { NO_PROXY: '*' }, undefined],
  ['the host is excepted', PROXY, 'https://A.example', { NO_PROXY: 'x,a.example' }, undefined],
  ['lower case', PROXY, 'https://a.example', { no_proxy: 'a.example' }, undefined],
  ['the domain is excepted', PROXY, 'https://b.a.example', { NO_PROXY: 'x a.example' }, undefined],
  ['with a dot before it', PROXY, 'https://b.a.example', { NO_PROXY: '.a.example' }, undefined],
  ['another domain with the same end', PROXY, 'https://ba.example', { NO_PROXY: 'a.example' }, PROXY],
  ['the port', PROXY, 'https://a.example:8443', { NO_PROXY: 'a.example:8443' }, undefined],
  ['another port', PROXY, 'https://a.example', { NO_PROXY: 'a.example:8443' }, PROXY],
  ['the usual port', PROXY, 'https://a.example', { NO_PROXY: 'a.example:443' }, undefined],
  ['an address', PROXY, 'https://10.0.0.1', { NO_PROXY: '10.0.0.1' }, undefined],
  ['no part of an address', PROXY, 'https://10.0.0.1', { NO_PROXY: '0.1' }, PROXY],
  ['an IPv6 address', PROXY, 'https://[::1]:8443', { NO_PROXY: '[::1]:8443' }, undefined],
  ['the environment, https', 'environment', 'https://a.example', { HTTPS_PROXY: PROXY, HTTP_PROXY: 'x' }, PROXY],
  ['the environment, http', 'environment', 'http://a.example', { HTTPS_PROXY: 'x', http_proxy: PROXY }, PROXY],
  ['the environment without a scheme', 'environment', 'https://a.example', { https_proxy: 'p:1' }, 'http://p:1'],
  ['the environment says nothing', 'environment', 'https://a.example', { HTTPS_PROXY: '' }, undefined],
] as const) {
  test(`proxy: ${name}`, () => assert.is(chooseProxy(proxy, origin, environment), chosen))
}

test('an undici that keeps its parts elsewhere is loaded as a whole', () => {
  const whole = { Agent: class {}, ProxyAgent: class {} }
  const load = (name: string) => {
    if (name !== 'undici') throw new Error(`Cannot find module '${name}'`)
    return whole
  }
  assert.is(loadUsed(load).Agent, whole.Agent as unknown)
})

test.run()
