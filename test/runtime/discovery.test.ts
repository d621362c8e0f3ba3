// Issuers: where metadata is looked for, what of it is believed, how often it is read; against real and hostile servers.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { inspect } from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { AppError } from '../../src/base/error.ts'
import { createDiscovery } from '../../src/runtime/authorization-server/discovery.ts'
import { createProvers } from '../../src/runtime/authorization-server/dpop.ts'
import { metadataLocations } from '../../src/runtime/authorization-server/server-metadata.ts'
import { tokenEndpoint } from '../../src/runtime/authorization-server/token-endpoint.ts'
import { fetchBearer } from '../../src/runtime/run-pipeline.ts'
import { createSecretStore } from '../../src/runtime/secrets/secret-store.ts'
import { compileAccount, rejectionOf } from '../compile/compiled.ts'
import { fakeClock, settle } from '../support/fake-clock.ts'
import * as hostile from '../support/hostile-token-endpoint.ts'
import { listenOnLoopback } from '../support/loopback.ts'
import { OIDC_BASIC_CLIENT, OIDC_POST_CLIENT, startOidcServer } from '../support/oidc-server.ts'

const opened: (() => Promise<void>)[] = []
test.after.each(async () => {
  for (const close of opened.splice(0)) await close()
})

/** With the server's own URL, where an answer tells it. */
type Route = hostile.Answer | { make(url: string): hostile.Answer }

/** Answers by path; everything else is 404. */
async function startServer(routes: Record<string, Route>) {
  const seen: string[] = []
  const { url, close } = await listenOnLoopback((request: IncomingMessage, response: ServerResponse) => {
    seen.push(`${request.method} ${request.url}`)
    request.resume()
    const route = routes[request.url ?? ''] ?? hostile.text(404, 'no')
    const answer = 'make' in route ? route.make(url) : route
    answer(response)
  })
  opened.push(close)
  return { url, seen }
}

const byUrl = (make: (url: string) => hostile.Answer): Route => ({ make })

const metadata = (url: string, members: object = {}) =>
  hostile.json(200, { issuer: url, token_endpoint: `${url}/token`, ...members })

const OAUTH = '/.well-known/oauth-authorization-server'
const OPENID = '/.well-known/openid-configuration'

function accountOf(issuer: string, keys: Record<string, unknown> = {}) {
  const plan = compileAccount({ accessTokenUri: undefined, issuer, clientSecret: 'fake-secret', ...keys })
  const clock = fakeClock()
  const warnings: string[] = []
  const silent = () => {}
  const log = {
    debug: silent,
    info: silent,
    warn: (_: object, message: string) => warnings.push(message),
    error: silent,
  }
  const secrets = createSecretStore({ environment: {}, accountBearer: () => Promise.reject(new Error('none')) })
  const discovery = createDiscovery({ tokenEndpoint, clock, log, random: () => 1 })
  const effects = {
    secrets,
    tokenEndpoint,
    discovery,
    provers: createProvers(clock),
    clock: { ...clock, sleep: async () => {} },
  }
  const fetch = (limitMs = 30_000) =>
    fetchBearer(plan, effects, () => 1, { deadlineMs: clock.monotonicMs() + limitMs }).then(({ bearer }) =>
      bearer.reveal(),
    )
  return { fetch, warnings, clock, effects, plan }
}

async function failure(issuer: string, keys: Record<string, unknown> = {}): Promise<AppError> {
  const error = await rejectionOf(accountOf(issuer, keys).fetch())
  assert.instance(error, AppError, inspect(error))
  assert.not.match(`${inspect(error)} ${JSON.stringify(error)}`, 'fake-secret')
  return error as AppError
}

for (const [issuer, first, second] of [
  ['https://h', 'https://h/.well-known/oauth-authorization-server', 'https://h/.well-known/openid-configuration'],
  ['https://h/', 'https://h/.well-known/oauth-authorization-server', 'https://h/.well-known/openid-configuration'],
  ['https://h/p', 'https://h/.well-known/oauth-authorization-server/p', 'https://h/p/.well-known/openid-configuration'],
  [
    'https://h/p/q/',
    'https://h/.well-known/oauth-authorization-server/p/q',
    'https://h/p/q/.well-known/openid-configuration',
  ],
] as const) {
  test(`where the metadata of ${issuer} is looked for`, () => {
    const found = metadataLocations({ identifier: issuer, url: new URL(issuer) })
    assert.equal(found.map(String), [first, second])
  })
}

test('a real OpenID Provider: token by issuer, one reading for any number of tokens', async () => {
  const provider = await startOidcServer()
  opened.push(provider.close)
  const { client_id: clientId, client_secret: clientSecret } = OIDC_BASIC_CLIENT
  const { fetch, warnings } = accountOf(provider.url, { clientId, clientSecret })
  const tokens = await Promise.all([fetch(), fetch(), fetch()])
  assert.ok(await provider.check(tokens[0]!))
  assert.is(provider.requests.length, 3)
  assert.equal(warnings, [])
})

test('with a path and a terminating slash, at the location of RFC 8414', async () => {
  const server = await startServer({
    [`${OAUTH}/eu`]: byUrl(url => hostile.json(200, { issuer: `${url}/eu/`, token_endpoint: `${url}/token` })),
    '/token': hostile.token('t'),
  })
  assert.is(await accountOf(`${server.url}/eu/`).fetch(), 't')
  assert.equal(server.seen, [`GET ${OAUTH}/eu`, 'POST /token'])
})

test('accessTokenUri wins: the metadata is not read at all', async () => {
  const server = await startServer({ '/own': hostile.token('t') })
  assert.is(await accountOf('https://id.invalid', { accessTokenUri: `${server.url}/own` }).fetch(), 't')
  assert.equal(server.seen, ['POST /own'])
})

const FAULTS: [string, Route, RegExp, boolean?][] = [
  [
    'another issuer',
    byUrl(url => metadata(url, { issuer: 'https://evil.example' })),
    /says that the issuer is https:\/\/evil\.example, not/,
  ],
  ['a slash more', byUrl(url => metadata(url, { issuer: `${url}/` })), /says that the issuer is/],
  ['no issuer', hostile.json(200, { token_endpoint: 'https://x.example' }), /names no issuer/],
  ['no token endpoint', byUrl(url => metadata(url, { token_endpoint: undefined })), /no usable token_endpoint/],
  [
    'a plain http token endpoint',
    byUrl(url => metadata(url, { token_endpoint: 'http://x.example/t' })),
    /no usable token_endpoint/,
  ],
  [
    'a token endpoint that is no URL',
    byUrl(url => metadata(url, { token_endpoint: ['https://x.example'] })),
    /no usable token_endpoint/,
  ],
  [
    'user information',
    byUrl(url => metadata(url, { token_endpoint: 'https://a:b@x.example/' })),
    /no usable token_endpoint/,
  ],
  ['HTML', hostile.html(200), /is no JSON/],
  [
    'JSON under another type',
    byUrl(url => response => {
      response
        .writeHead(200, { 'Content-Type': 'text/plain' })
        .end(JSON.stringify({ issuer: url, token_endpoint: `${url}/token` }))
    }),
    /is no JSON/,
  ],
  ['cut JSON', hostile.text(200, '{"issuer":', { 'Content-Type': 'application/json' }), /is no JSON object/],
  ['a list', hostile.json(200, []), /is no JSON object/],
  ['201', byUrl(url => hostile.json(201, { issuer: url, token_endpoint: `${url}/token` })), /answered 201/],
  ['500', hostile.text(500, 'x'), /answered 500/, true],
  ['a redirect', hostile.redirect('/elsewhere'), /answered 302/],
]

for (const [name, answer, message, transient = false] of FAULTS) {
  test(`nothing is used of metadata with ${name}`, async () => {
    const server = await startServer({
      [OAUTH]: answer,
      '/token': hostile.token('t'),
      '/elsewhere': hostile.json(200, {}),
    })
    const account = accountOf(server.url)
    const error = (await rejectionOf(account.fetch(200))) as AppError
    assert.is(error.code, 'discovery_failed', inspect(error))
    assert.match(error.message, message)
    assert.match(error.message, 'check `issuer`, or set accessTokenUri')
    assert.is(error.details.transient, transient)
    assert.is(error.details.endpoint, `${new URL(server.url).host}${OAUTH}`)
    assert.not.ok(server.seen.includes('POST /token'))
    assert.not.ok(server.seen.includes('GET /elsewhere'))
  })
}

test('neither location has it', async () => {
  const server = await startServer({})
  const error = await failure(server.url)
  assert.match(error.message, `answered 404, and so did ${OPENID}`)
  assert.equal(server.seen, [`GET ${OAUTH}`, `GET ${OPENID}`])
})

test('too large, and silent: bounded, and the second location is not asked', async () => {
  const large = await startServer({ [OAUTH]: hostile.endless() })
  assert.match((await failure(large.url)).message, 'more than 1 MiB')
  const silent = await startServer({ [OAUTH]: hostile.never() })
  const error = (await rejectionOf(accountOf(silent.url).fetch(1_000))) as AppError
  assert.is(error.code, 'token_timeout')
  assert.equal(silent.seen, [`GET ${OAUTH}`])
})

test('a terminal would obey what an issuer holds: cleaned', async () => {
  const server = await startServer({ [OAUTH]: hostile.json(200, { issuer: '\u001b[31m\r\nx', token_endpoint: 'x' }) })
  assert.not.match((await failure(server.url)).message, /[\u0000-\u001f]/)
})

test('read again after an hour, in the background; the last good one serves while that fails', async () => {
  let answer: (url: string) => hostile.Answer = url => metadata(url)
  const server = await startServer({
    [OAUTH]: byUrl(url => answer(url)),
    '/token': hostile.token('t'),
    '/new': hostile.token('n'),
  })
  const { fetch, clock, warnings } = accountOf(server.url)
  const reads = () => server.seen.filter(line => line.endsWith(OAUTH)).length
  await fetch()
  await clock.advance(3_590_000)
  await fetch()
  assert.is(reads(), 1)
  answer = () => hostile.json(200, { issuer: 'https://evil.example' })
  await clock.advance(20_000)
  assert.is(await fetch(), 't')
  await until(() => warnings.length === 1)
  assert.match(warnings[0]!, 'https://evil.example')
  assert.is(await fetch(), 't')
  answer = url => metadata(url, { token_endpoint: `${url}/new` })
  await clock.advance(700_000)
  await until(async () => (await fetch()) === 'n')
})

test('a token endpoint that keeps failing: the metadata is read again, once', async () => {
  const server = await startServer({ [OAUTH]: byUrl(url => metadata(url)), '/token': hostile.html(404) })
  const { fetch } = accountOf(server.url)
  const reads = () => server.seen.filter(line => line.endsWith(OAUTH)).length
  await rejectionOf(fetch())
  await until(() => reads() === 2)
  for (const _ of [1, 2, 3]) await rejectionOf(fetch())
  await settle()
  assert.is(reads(), 2)
})

test('a token endpoint that moved: found after the failure', async () => {
  let reads = 0
  const server = await startServer({
    [OAUTH]: byUrl(url => metadata(url, { token_endpoint: `${url}${++reads === 1 ? '/old' : '/new'}` })),
    '/old': hostile.html(404),
    '/new': hostile.token('n'),
  })
  const { fetch } = accountOf(server.url)
  await rejectionOf(fetch())
  await until(() =>
    fetch().then(
      token => token === 'n',
      () => false,
    ),
  )
  assert.is(reads, 2)
})

test('a refusal with a reason says nothing against the metadata', async () => {
  const server = await startServer({
    [OAUTH]: byUrl(url => metadata(url)),
    '/token': hostile.json(400, { error: 'invalid_client' }),
  })
  const { fetch } = accountOf(server.url)
  for (const _ of [1, 2]) await rejectionOf(fetch())
  await settle()
  assert.equal(server.seen, [`GET ${OAUTH}`, 'POST /token', 'POST /token'])
})

test('a method that the metadata does not offer: a warning, once, and the configured method all the same', async () => {
  const provider = await startOidcServer()
  opened.push(provider.close)
  const offered = ['private_key_jwt']
  const server = await startServer({
    [OAUTH]: byUrl(url =>
      metadata(url, { token_endpoint: provider.tokenUrl, token_endpoint_auth_methods_supported: offered }),
    ),
  })
  const { client_id: clientId, client_secret: clientSecret } = OIDC_POST_CLIENT
  const { fetch, warnings } = accountOf(server.url, { clientId, clientSecret, clientAuthMethod: 'client_secret_post' })
  await fetch()
  await fetch()
  assert.equal(warnings, [`the metadata of ${server.url} does not offer client_secret_post, only: private_key_jwt`])
})

test('one reading for all accounts of an issuer', async () => {
  const server = await startServer({ [OAUTH]: byUrl(url => metadata(url)), '/token': hostile.token('t') })
  const { effects, clock } = accountOf(server.url)
  const other = compileAccount({
    accessTokenUri: undefined,
    issuer: server.url,
    clientId: 'b',
    clientSecret: 'fake-secret',
  })
  const run = () => fetchBearer(other, effects, () => 1, { deadlineMs: clock.monotonicMs() + 60_000 })
  await Promise.all([run(), run()])
  assert.is(server.seen.filter(line => line.startsWith('GET')).length, 1)
})

/** What happens by itself, through real sockets. */
async function until(check: () => boolean | Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 20_000; turn++) {
    if (await check()) return
    await new Promise(resolve => setTimeout(resolve, 2))
  }
  assert.unreachable('did not happen')
}

test.run()
