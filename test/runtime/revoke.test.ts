// Revocation (RFC 7009): which tokens, when, in which order, and never one that somebody still has.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createExecutor, type ExecutorOptions } from '../../src/index.ts'
import * as hostile from '../support/hostile-token-endpoint.ts'
import { listenOnLoopback, readBody } from '../support/loopback.ts'
import { OIDC_BASIC_CLIENT, OIDC_USER, startOidcServer } from '../support/oidc-server.ts'

const opened: (() => unknown)[] = []
test.after.each(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

interface Server {
  url: string
  /** Of revocations: what was sent, and how the client proved itself. */
  revoked: Record<string, string>[]
  authorizations: Set<string | undefined>
  issued: number
  grants: (string | undefined)[]
  /** The access token that everybody gets. */
  always?: string
}

const done: hostile.Answer = response => void response.writeHead(200).end()

/** Tells its endpoints by metadata, and issues a refresh token with each token. */
async function startServer(answer: hostile.Answer = done, members: object = {}): Promise<Server> {
  const server: Server = { url: '', revoked: [], authorizations: new Set(), issued: 0, grants: [] }
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const form = Object.fromEntries(new URLSearchParams((await readBody(request)).toString()))
    if (request.url === '/token') {
      server.authorizations.add(request.headers.authorization)
      server.issued++
      server.grants.push(form.grant_type)
      return hostile.token(server.always ?? `t${server.issued}`, { refresh_token: `r${server.issued}` })(response)
    }
    if (request.url === '/revoke') {
      server.authorizations.add(request.headers.authorization)
      server.revoked.push(form)
      return answer(response)
    }
    const { url } = server
    const metadata = { issuer: url, token_endpoint: `${url}/token`, revocation_endpoint: `${url}/revoke`, ...members }
    return hostile.json(200, metadata)(response)
  }
  const { url, close } = await listenOnLoopback((request, response) => void serve(request, response))
  opened.push(close)
  server.url = url
  return server
}

const account = (issuer: string, keys: object = {}) => ({
  issuer,
  clientId: 'app',
  clientSecret: 'fake-secret',
  grant: 'password',
  username: 'ada',
  password: 'fake-password',
  scope: [],
  ...keys,
})
const service = (of: unknown) => ({ account: of, serverUrl: 'https://x.example' })

async function running(services: object, options: ExecutorOptions = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'bearerd-revoke-'))
  opened.push(() => rmSync(directory, { recursive: true, force: true }))
  const write = (next: object) =>
    writeFileSync(join(directory, 'services.yaml'), JSON.stringify({ version: 1, services: next }))
  write(services)
  const lines: string[] = []
  const say = (fields: object, message: string) => void lines.push(`${message} ${JSON.stringify(fields)}`)
  const log = { debug: () => {}, info: say, warn: say, error: say }
  const executor = createExecutor({ directory, environment: {}, log, ...options })
  let disposed = false
  const end = async () => {
    if (!disposed) await executor[Symbol.asyncDispose]()
    disposed = true
  }
  opened.push(end)
  await executor.load('services.yaml')
  const reload = async (next: object) => {
    write(next)
    const { ok, diagnostics } = await executor.reload()
    assert.ok(ok, JSON.stringify(diagnostics))
  }
  return { executor, reload, end, lines }
}

async function eventually(what: string, check: () => unknown): Promise<void> {
  const endMs = performance.now() + 60_000
  while (!(await check())) {
    if (performance.now() > endMs) assert.unreachable(what)
    await sleep(10)
  }
}

const REFRESH_FIRST = [
  { token: 'r1', token_type_hint: 'refresh_token' },
  { token: 't1', token_type_hint: 'access_token' },
]
const OTHER = service({ authorization: 'none' })

test('on_removal: the refresh token first, then the access token, with the same client authentication', async () => {
  const server = await startServer()
  const { executor, reload } = await running({ s: service(account(server.url, { revoke: 'on_removal' })), o: OTHER })
  await executor.authorize('s')
  await reload({ o: OTHER })
  await eventually('revoked', () => server.revoked.length === 2)
  assert.equal(server.revoked, REFRESH_FIRST)
  assert.is(server.authorizations.size, 1)
})

test('on_shutdown: at the end, at once, and once for equal accounts', async () => {
  const server = await startServer()
  const of = account(server.url, { revoke: 'on_shutdown' })
  const { executor, end } = await running({ s: service(of), t: service(of) })
  await executor.authorize('s')
  await executor.authorize('t')
  await end()
  assert.equal(server.revoked, REFRESH_FIRST)
})

test('what waits after a removal is revoked when the process ends', async () => {
  const server = await startServer()
  const { executor, reload, end } = await running({
    s: service(account(server.url, { revoke: 'on_removal' })),
    o: OTHER,
  })
  await executor.authorize('s')
  await reload({ o: OTHER })
  await end()
  assert.equal(server.revoked, REFRESH_FIRST)
})

for (const [name, revoke, options] of [
  ['never', 'never', {}],
  ['on_removal, at the end', 'on_removal', {}],
  ['on_shutdown of a command, which has printed the token', 'on_shutdown', { shortRun: true }],
] as const) {
  test(`nothing is revoked: ${name}`, async () => {
    const server = await startServer()
    const { executor, end } = await running({ s: service(account(server.url, { revoke })) }, options)
    await executor.authorize('s')
    await end()
    assert.equal(server.revoked, [])
  })
}

test('an account without a token has nothing to revoke, and reads no metadata', async () => {
  const { end, lines } = await running({ s: service(account('http://127.0.0.1:9', { revoke: 'on_shutdown' })) })
  await end()
  assert.equal(
    lines.filter(line => line.includes('revoke')),
    [],
  )
})

test('never what moved to the next generation: unchanged, renamed, shared, or with another client secret', async () => {
  const server = await startServer()
  const of = account(server.url, { revoke: 'on_removal' })
  const { executor, reload, end } = await running({ a: service(of), b: service(of) })
  await executor.authorize('a')
  await reload({ a: service(of) })
  await reload({ renamed: service(of) })
  await reload({ again: service({ ...of, timeout: '3s' }) })
  await reload({ rotated: service({ ...of, clientSecret: 'fake-next' }) })
  await executor.authorize('rotated')
  await end()
  assert.equal(server.revoked, [{ token: 't1', token_type_hint: 'access_token' }], 'the refresh token went on')
  assert.is(server.issued, 2)
})

for (const [name, answer, says] of [
  ['503', hostile.text(503, '', { 'Retry-After': '1' }), 'token not revoked'],
  ['a refusal', hostile.json(401, { error: 'invalid_client' }), 'invalid_client'],
  ['a reset', hostile.reset(), 'not revoked'],
] as const) {
  test(`${name}: told, and the end goes on`, async () => {
    const server = await startServer(answer)
    const { executor, end, lines } = await running({ s: service(account(server.url, { revoke: 'on_shutdown' })) })
    await executor.authorize('s')
    await end()
    assert.match(lines.join('\n'), says)
    assert.not.match(lines.join('\n'), /fake-|"[rt]1"/)
  })
}

test('unsupported_token_type is no error', async () => {
  const server = await startServer(hostile.json(400, { error: 'unsupported_token_type' }))
  const { executor, end, lines } = await running({ s: service(account(server.url, { revoke: 'on_shutdown' })) })
  await executor.authorize('s')
  await end()
  assert.is(server.revoked.length, 2)
  assert.not.match(lines.join(), 'not revoked')
})

test('a server that never answers: the end waits three seconds for all together', async () => {
  const server = await startServer(hostile.never())
  const of = (scope: string) => service(account(server.url, { revoke: 'on_shutdown', scope: [scope] }))
  const { executor, end } = await running({ a: of('a'), b: of('b'), c: of('c') })
  for (const name of ['a', 'b', 'c']) await executor.authorize(name)
  const startMs = performance.now()
  await end()
  assert.ok(performance.now() - startMs < 60_000)
  assert.is(server.revoked.length, 3)
})

test('metadata without a revocation endpoint: told', async () => {
  const server = await startServer(done, { revocation_endpoint: undefined })
  const { executor, end, lines } = await running({ s: service(account(server.url, { revoke: 'on_shutdown' })) })
  await executor.authorize('s')
  await end()
  assert.match(lines.join(), 'names no revocation_endpoint')
})

test('with a token endpoint that is written, at `revocationUri`; where both are there, not where the metadata says', async () => {
  const server = await startServer()
  const other = await startServer()
  const keys = { revoke: 'on_shutdown', revocationUri: `${other.url}/revoke` }
  for (const where of [{ issuer: undefined, accessTokenUri: `${server.url}/token` }, {}]) {
    const { executor, end } = await running({ s: service(account(server.url, { ...keys, ...where })) })
    await executor.authorize('s')
    await end()
    assert.equal(
      other.revoked.splice(0).map(({ token_type_hint }) => token_type_hint),
      ['refresh_token', 'access_token'],
    )
    assert.equal(other.authorizations, server.authorizations)
  }
  assert.equal(server.revoked, [])
})

const tenants = (of: object, keys: object = {}) => ({
  account: { ...of, clientId: 'app-{{params.tenant}}' },
  serverUrl: 'https://{{params.tenant}}.api.example.com',
  parameters: { tenant: {} },
  ...keys,
})
const TWO = ['r1', 'r2', 't1', 't2']
const tokensOf = ({ revoked }: Server) => revoked.map(({ token }) => token).sort()

test('tenants: the tokens of each, at the end and after a removal', async () => {
  for (const revoke of ['on_shutdown', 'on_removal']) {
    const server = await startServer()
    const { executor, reload, end } = await running({ s: tenants(account(server.url, { revoke })), o: OTHER })
    for (const tenant of ['acme', 'globex']) await executor.authorize('s', { params: { tenant } })
    if (revoke === 'on_removal') {
      await reload({ o: OTHER })
      await eventually('revoked', () => server.revoked.length === 4)
    }
    await end()
    assert.equal(tokensOf(server), TWO)
    assert.is(server.authorizations.size, 2)
  }
})

test('tenants: nothing of what the next generation has, by whatever name', async () => {
  const server = await startServer()
  const of = account(server.url, { revoke: 'on_removal' })
  const { executor, reload, end } = await running({ s: tenants(of) })
  for (const tenant of ['acme', 'globex']) await executor.authorize('s', { params: { tenant } })
  await reload({ s: tenants(of, { timeout: '3s' }) })
  await reload({ renamed: tenants(of) })
  await end()
  assert.equal(server.revoked, [])
})

test('tenants that leave because of parameterLimit: the access token of each, and the refresh token serves those that come back', async () => {
  const server = await startServer()
  const { executor, end } = await running({
    s: tenants(account(server.url, { revoke: 'on_removal' }), { parameterLimit: 1 }),
  })
  for (const tenant of ['acme', 'globex', 'acme']) await executor.authorize('s', { params: { tenant } })
  assert.is((await executor.authorize('s', { params: { tenant: 'acme' } })).headers.Authorization, 'Bearer t3')
  await end()
  assert.equal(tokensOf(server), ['t1', 't2'])
  assert.equal(server.grants, ['password', 'password', 'refresh_token'])
})

test('tenants that leave: nothing while another service or the next generation has the token, with revoke never, or where nothing but the refresh token opens the account', async () => {
  const server = await startServer()
  const of = account(server.url, { revoke: 'on_removal' })
  const keys = { parameterLimit: 1 }
  const refreshing = {
    ...of,
    ...{ grant: 'refresh_token', refreshToken: 'fake-first', username: undefined, password: undefined },
  }
  const services = {
    s: tenants(of, keys),
    other: tenants(of, { parameterLimit: 5 }),
    never: tenants({ ...of, revoke: 'never', scope: ['more'] }, keys),
    refreshing: tenants(refreshing, keys),
  }
  const { executor, reload, end, lines } = await running(services)
  for (const tenant of ['acme', 'globex'])
    for (const name of Object.keys(services)) await executor.authorize(name, { params: { tenant } })
  await reload({ ...services, added: OTHER })
  await end()
  assert.equal(server.revoked, [], lines.join('\n'))
})

test('tenants that a reload leaves out, by a smaller limit or another pattern: their access tokens, not those of who stays', async () => {
  const server = await startServer()
  const of = account(server.url, { revoke: 'on_removal' })
  const { executor, reload, end } = await running({ s: tenants(of) })
  for (const tenant of ['acme', 'globex', 'initech']) await executor.authorize('s', { params: { tenant } })
  await reload({ s: tenants(of, { parameterLimit: 2 }) })
  await reload({ s: tenants(of, { parameters: { tenant: { pattern: '^initech$' } } }) })
  await end()
  assert.equal(tokensOf(server), ['t1', 't2'])
})

test('more tenants leave than can be told: bounded, and counted in the log', async () => {
  const server = await startServer()
  const { executor, end, lines } = await running({
    s: tenants(account(server.url, { revoke: 'on_removal', refresh: 'never' }), { parameterLimit: 1 }),
  })
  for (let index = 0; index < 260; index++) await executor.authorize('s', { params: { tenant: `t${index}` } })
  await end()
  const told = lines.map(line => Number(/^not revoked: too many left at once {"accounts":(\d+)}/.exec(line)?.[1] ?? 0))
  const untold = told.reduce((sum, accounts) => sum + accounts, 0)
  assert.is(server.revoked.length + untold, 259, lines.at(-1))
})

test('many tenants of a server that does not answer: sixteen at once, three seconds in all, the rest is told', async () => {
  const server = await startServer(hostile.never())
  const of = account(server.url, { revoke: 'on_shutdown', refresh: 'never' })
  const { executor, end, lines } = await running({ s: tenants(of) })
  for (let index = 0; index < 40; index++) await executor.authorize('s', { params: { tenant: `t${index}` } })
  const startMs = performance.now()
  await end()
  assert.ok(performance.now() - startMs < 60_000)
  assert.ok(server.revoked.length <= 16, `${server.revoked.length} at once`)
  assert.match(lines.join('\n'), 'not revoked: the time for it was over {"accounts":24}')
})

test('a server that issues the same token again: it stays while an account that is there has it', async () => {
  const server = await startServer()
  const of = account(server.url, { revoke: 'on_removal', refresh: 'never' })
  server.always = 'same'
  const { executor, reload, end } = await running({ s: service(of) })
  await executor.authorize('s')
  await reload({ next: service({ ...of, scope: ['more'] }) })
  await executor.authorize('next')
  await end()
  assert.equal(server.revoked, [])
})

test('an account that comes back within the second: its refresh token stays', async () => {
  const server = await startServer()
  const of = account(server.url, { revoke: 'on_removal' })
  const { executor, reload, end } = await running({ s: service(of), o: OTHER })
  await executor.authorize('s')
  await reload({ o: OTHER })
  await reload({ s: service(of), o: OTHER })
  await executor.authorize('s')
  await end()
  assert.equal(tokensOf(server), ['t1'])
})

test('an ID token cannot be revoked: only its refresh token is', async () => {
  const server = await startServer()
  const { executor, end } = await running({
    s: service(account(server.url, { revoke: 'on_shutdown', bearerTokenType: 'id_token' })),
  })
  await executor.authorize('s').catch(() => undefined)
  await end()
  assert.equal(server.revoked, [])
})

test('oidc-provider: after the end, neither token counts', async () => {
  const server = await startOidcServer()
  opened.push(() => server.close())
  const { executor, end } = await running({
    s: service({
      issuer: server.url,
      clientId: OIDC_BASIC_CLIENT.client_id,
      clientSecret: OIDC_BASIC_CLIENT.client_secret,
      grant: 'password',
      username: OIDC_USER.username,
      password: OIDC_USER.password,
      scope: 'openid offline_access',
      revoke: 'on_shutdown',
    }),
  })
  const token = (await executor.authorize('s')).headers.Authorization!.slice('Bearer '.length)
  assert.ok(await server.check(token))
  await end()
  assert.not.ok(await server.check(token))
})

test.run()
