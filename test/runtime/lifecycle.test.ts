// The life of tokens in an executor: kept warm, paused and forgiven, refused by the service, carried over reloads.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { AppError, createExecutor, type Executor, type ExecutorOptions } from '../../src/index.ts'
import { fakeClock } from '../support/fake-clock.ts'
import * as hostile from '../support/hostile-token-endpoint.ts'

const opened: (() => unknown)[] = []
test.after.each(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'bearerd-lifecycle-'))
  opened.push(() => rmSync(path, { recursive: true, force: true }))
  return path
}

async function endpointOf(handler: hostile.TokenEndpoint) {
  const endpoint = await hostile.startTokenEndpoint(handler)
  opened.push(() => endpoint.close())
  return endpoint
}

const counting = () => endpointOf((_request, index) => hostile.token(`token-${index + 1}`))

/** An executor, and how to give it another configuration. */
async function running(definitions: object, options: ExecutorOptions = {}, directory = folder()) {
  const write = (next: object) =>
    writeFileSync(join(directory, 'services.yaml'), JSON.stringify({ version: 1, ...next }))
  write(definitions)
  const executor = createExecutor({ directory, environment: {}, ...options })
  opened.push(() => executor[Symbol.asyncDispose]())
  await executor.load('services.yaml')
  return { executor, write, directory }
}

async function eventually(what: string, check: () => unknown, limitMs = 60_000): Promise<void> {
  const endMs = performance.now() + limitMs
  while (!(await check())) {
    if (performance.now() > endMs) assert.unreachable(`${what}: not within ${limitMs} ms`)
    await sleep(5)
  }
}

const oauth2 = (accessTokenUri: string, keys: object = {}) => ({
  accessTokenUri,
  clientId: 'app',
  clientSecret: 'fake-secret',
  scope: [],
  ...keys,
})
const service = (account: unknown) => ({ account, serverUrl: 'https://x.example' })
const bearer = async (executor: Executor, name = 's') => (await executor.authorize(name)).headers.Authorization

test('keepWarm: fetched by loading, once, also over reloads; not by a short run', async () => {
  const endpoint = await counting()
  const definitions = {
    services: { s: service(oauth2(endpoint.url, { keepWarm: true })), t: service(oauth2(endpoint.url)) },
  }
  const short = await running(definitions, { shortRun: true })
  const { executor } = await running(definitions)
  await eventually('warm', () => executor.service('s').current())
  assert.ok(executor.service('t').current(), 'equal accounts share it')
  assert.ok((await executor.reload()).ok)
  assert.is(await bearer(executor), 'Bearer token-1')
  assert.is(endpoint.requests.length, 1)
  assert.is(short.executor.service('s').current(), undefined)
})

test('while a token is asked for again and again within one call, its state is the failure', async () => {
  const endpoint = await endpointOf((_request, index) =>
    index === 4
      ? hostile.token('token-1', { expires_in: 100 })
      : hostile.json(503, { error: 'temporarily_unavailable' }),
  )
  const clock = fakeClock()
  const warm = service(oauth2(endpoint.url, { keepWarm: true }))
  const { executor } = await running({ services: { s: warm } }, { clock, random: () => 0 })
  const { source } = executor.service('s').account
  const requests = (count: number) =>
    eventually(`${count}`, () => endpoint.requests.length === count && clock.pending())
  assert.is(source.state, 'idle')
  for (const count of [1, 2, 3, 4]) {
    await requests(count)
    assert.is(source.state, 'failing')
    assert.match(source.lastError!.message, /answered 503/)
    await clock.advance(125 * 2 ** (count - 1))
  }
  await eventually('it came', () => source.current())
  assert.is(source.state, 'ready')
  assert.is(source.lastError, undefined)
  await clock.advance(80_000)
  await requests(6)
  assert.is(source.state, 'degraded', 'a renewal')
  assert.match(source.lastError!.message, /answered 503/)
  executor.forget('s')
  assert.is(source.state, 'idle')
})

test('a token endpoint that hangs while the token lives: nobody waits, others are served, and at its end there is a limit', async () => {
  const endpoint = await endpointOf((_request, index) => (index === 0 ? hostile.token('token-1') : hostile.never()))
  const other = await counting()
  const clock = fakeClock()
  const hanging = service(oauth2(endpoint.url, { timeout: '2s' }))
  const { executor } = await running(
    { services: { s: hanging, t: service(oauth2(other.url)) } },
    { clock, random: () => 0 },
  )
  const { source } = executor.service('s').account
  assert.is(await bearer(executor), 'Bearer token-1')
  await clock.advance(3_600_000 * 0.8)
  assert.is(await bearer(executor), 'Bearer token-1')
  await eventually('asked', () => endpoint.requests.length === 2)
  // The request hangs now.
  assert.ok(executor.service('s').current(), 'at once')
  assert.is(await bearer(executor, 't'), 'Bearer token-1')
  // Pauses between attempts are on this clock, the limit of an attempt is on the real one.
  const later = async (is: () => boolean) => {
    await clock.advance(50)
    return is()
  }
  await eventually('given up', () => later(() => source.state === 'degraded'))
  assert.is(source.lastError?.code, 'token_timeout')
  await clock.advance(3_600_000)
  let error: AppError | undefined
  executor.authorize('s').catch(thrown => (error = thrown))
  assert.is(await bearer(executor, 't'), 'Bearer token-2')
  await eventually('told', () => later(() => error !== undefined))
  assert.is(error?.code, 'token_timeout')
})

test('keepWarm may come and go by a reload, and the token stays', async () => {
  const endpoint = await counting()
  const { executor, write } = await running({ services: { s: service(oauth2(endpoint.url)) } })
  assert.is(await bearer(executor), 'Bearer token-1')
  for (const keepWarm of [true, false]) {
    write({ services: { s: service(oauth2(endpoint.url, { keepWarm })) } })
    assert.ok((await executor.reload()).ok)
    assert.is(await bearer(executor), 'Bearer token-1')
  }
  assert.is(endpoint.requests.length, 1)
})

test('a wrong password is asked once, whoever asks how often; a changed definition ends the pause at once', async () => {
  const endpoint = await endpointOf(({ body }) =>
    new URLSearchParams(body).get('password') === 'right'
      ? hostile.token('in')
      : hostile.json(400, { error: 'invalid_grant' }),
  )
  const login = (password: string) => ({
    services: { s: service(oauth2(endpoint.url, { grant: 'password', username: 'ada', password })) },
  })
  const { executor, write } = await running(login('wrong'))
  for (let time = 0; time < 20; time++) {
    const error: unknown = await executor.authorize('s').catch(thrown => thrown)
    assert.instance(error, AppError)
    assert.is((error as AppError).details.oauthError, 'invalid_grant')
  }
  assert.is(endpoint.requests.length, 1)
  assert.ok((await executor.reload()).ok)
  await executor.authorize('s').catch(() => undefined)
  assert.is(endpoint.requests.length, 1, 'an unchanged definition is no reason')
  write(login('right'))
  assert.ok((await executor.reload()).ok)
  assert.is(await bearer(executor), 'Bearer in')
  assert.is(endpoint.requests.length, 2)
})

test('50 simultaneous refusals of one token: one new token; a late one of the old token changes nothing', async () => {
  const endpoint = await counting()
  const { executor } = await running({ services: { s: service(oauth2(endpoint.url)) } })
  const live = executor.service('s')
  const first = await live.authorize()
  const again = await Promise.all(
    Array.from({ length: 50 }, () => {
      live.reject(first)
      return live.authorize()
    }),
  )
  assert.is(new Set(again.map(({ credential }) => credential)).size, 1)
  assert.is(endpoint.requests.length, 2)
  live.reject(first)
  assert.is(await bearer(executor), 'Bearer token-2')
  assert.is(endpoint.requests.length, 2)
})

test('a service that refuses everything causes no storm of token requests', async () => {
  const endpoint = await counting()
  const api = await endpointOf(() => hostile.json(401, {}))
  const { executor } = await running({
    services: { s: { account: oauth2(endpoint.url), serverUrl: new URL(api.url).origin } },
  })
  for (let time = 0; time < 10; time++)
    assert.is((await executor.client('s').get('x', { throwHttpErrors: false })).status, 401)
  assert.is(endpoint.requests.length, 2)
})

test('10 000 cold callers: one token request', async () => {
  const endpoint = await counting()
  const { executor } = await running({ services: { s: service(oauth2(endpoint.url)) } })
  const bearers = await Promise.all(Array.from({ length: 10_000 }, () => bearer(executor)))
  assert.equal([...new Set(bearers)], ['Bearer token-1'])
  assert.is(endpoint.requests.length, 1)
})

const LOGIN = { grant: 'password', username: 'ada', password: 'fake-password' }

/** Rotates: each refresh token works once, and a second use ends the family. */
async function rotating() {
  const alive = new Set<string>()
  let count = 0
  const grants: string[] = []
  const endpoint = await endpointOf(({ body }) => {
    const form = new URLSearchParams(body)
    grants.push(form.get('grant_type')!)
    const spent = form.get('refresh_token')
    if (spent !== null && !alive.delete(spent)) {
      alive.clear()
      return hostile.json(400, { error: 'invalid_grant' })
    }
    count++
    alive.add(`r${count}`)
    return hostile.token(`t${count}`, { refresh_token: `r${count}` })
  })
  return { url: endpoint.url, grants }
}

test('daemon.state.dir: a restart goes on with the refresh token that came last', async () => {
  const server = await rotating()
  const definitions = { daemon: { state: { dir: 'state' } }, services: { s: service(oauth2(server.url, LOGIN)) } }
  const first = await running(definitions)
  const onDisk = () => {
    const at = join(first.directory, 'state/refresh-tokens')
    const names = readdirSync(at).filter(name => name !== 'key')
    return names.map(name => readFileSync(join(at, name), 'utf8'))
  }
  for (const count of [1, 2]) {
    assert.is(await bearer(first.executor), `Bearer t${count}`)
    const files = onDisk()
    assert.ok(files.length === 1 && files[0]!.includes(`r${count}`), 'it is there before its access token is given out')
    if (count === 1) first.executor.forget('s')
  }
  await first.executor[Symbol.asyncDispose]()
  const second = await running(definitions, {}, first.directory)
  assert.is(await bearer(second.executor), 'Bearer t3')
  assert.equal(server.grants, ['password', 'refresh_token', 'refresh_token'])
})

test('a new client secret keeps the family, a new password does not', async () => {
  const server = await rotating()
  const login = (keys: object) => ({ services: { s: service(oauth2(server.url, { ...LOGIN, ...keys })) } })
  const { executor, write } = await running(login({}))
  await bearer(executor)
  for (const keys of [{ clientSecret: 'fake-next' }, { clientSecret: 'fake-next', password: 'fake-other' }]) {
    write(login(keys))
    assert.ok((await executor.reload()).ok)
    await bearer(executor)
  }
  assert.equal(server.grants, ['password', 'refresh_token', 'password'])
})

test('without a folder nothing is written; stateDirectory is the default of the daemon; a change counts after a restart', async () => {
  const server = await rotating()
  const account = service(oauth2(server.url, LOGIN))
  const plain = await running({ services: { s: account } })
  await bearer(plain.executor)
  assert.equal(readdirSync(plain.directory), ['services.yaml'])
  const stateDirectory = join(folder(), 'from-systemd')
  const warnings: string[] = []
  const silent = () => {}
  const log = { debug: silent, info: silent, warn: (_: object, text: string) => warnings.push(text), error: silent }
  const { executor, write, directory } = await running({ services: { s: account } }, { stateDirectory, log })
  await bearer(executor)
  assert.is(readdirSync(join(stateDirectory, 'refresh-tokens')).length, 2)
  write({ daemon: { state: { dir: 'elsewhere' } }, services: { s: account } })
  for (let reload = 0; reload < 2; reload++) assert.ok((await executor.reload()).ok)
  const told = warnings.filter(text => text.includes('`daemon.state` changed'))
  assert.is(told.length, 1, 'once')
  assert.equal(readdirSync(directory), ['services.yaml'])
})

test('a state folder that cannot be used stops a start, and a command goes on with a warning', async () => {
  const server = await rotating()
  const definitions = {
    daemon: { state: { dir: 'services.yaml' } },
    services: { s: service(oauth2(server.url, LOGIN)) },
  }
  const error: unknown = await running(definitions).catch(thrown => thrown)
  assert.is((error as AppError).code, 'state_unavailable')
  const { executor } = await running(definitions, { shortRun: true })
  assert.is(await bearer(executor), 'Bearer t1')
})

test('equal accounts share a token whatever their secrets are called; a wrong secret shares nothing', async () => {
  const endpoint = await endpointOf(({ body }, index) =>
    new URLSearchParams(body).get('client_secret') === 'fake-right'
      ? hostile.token(`t${index}`)
      : hostile.json(401, { error: 'invalid_client' }),
  )
  const directory = folder()
  writeFileSync(join(directory, 'secret'), 'fake-right\n')
  const account = (clientSecret: object, keys: object = {}) =>
    service(oauth2(endpoint.url, { clientAuthMethod: 'client_secret_post', clientSecret, ...keys }))
  const services = {
    a: account({ env: 'A' }),
    b: account({ env: 'B' }),
    c: account({ file: 'secret' }),
    wrong: account({ env: 'WRONG' }),
    scope: account({ env: 'A' }, { scope: 'more' }),
  }
  const environment = { A: 'fake-right', B: 'fake-right', WRONG: 'fake-wrong' }
  const { executor } = await running({ services }, { environment }, directory)
  const first = await bearer(executor, 'a')
  assert.equal(await Promise.all(['b', 'c', 'a'].map(name => bearer(executor, name))), [first, first, first])
  assert.is(endpoint.requests.length, 1)
  assert.is(
    ((await executor.authorize('wrong').catch(thrown => thrown)) as AppError).details.oauthError,
    'invalid_client',
  )
  assert.is.not(await bearer(executor, 'scope'), first)
  assert.is(endpoint.requests.length, 3)
  executor.forget('a')
  const second = await bearer(executor, 'a')
  assert.is.not(second, first)
  const live = executor.service('b')
  live.reject(live.current()!)
  assert.is(
    (await live.authorize()).credential.bearer!.reveal(),
    second!.slice('Bearer '.length),
    'the newer one is there',
  )
  assert.is(endpoint.requests.length, 4)
})

test('concurrent first requests of equal accounts with differently named secrets: one token request', async () => {
  const endpoint = await counting()
  const names = Array.from({ length: 20 }, (_, index) => `s${index}`)
  const services = Object.fromEntries(
    names.map(name => [name, service(oauth2(endpoint.url, { clientSecret: { env: name.toUpperCase() } }))]),
  )
  const environment = Object.fromEntries(names.map(name => [name.toUpperCase(), 'fake-same']))
  const { executor } = await running({ services }, { environment })
  const bearers = await Promise.all(names.map(name => bearer(executor, name)))
  assert.is(new Set(bearers).size, 1)
  assert.is(endpoint.requests.length, 1)
})

test('a secret file that is rotated: the old token serves while the new secret is tried, also when that one is wrong', async () => {
  const endpoint = await endpointOf(({ body }, index) =>
    new URLSearchParams(body).get('client_secret')!.startsWith('fake-right')
      ? hostile.token(`t${index}`)
      : hostile.json(401, { error: 'invalid_client' }),
  )
  const directory = folder()
  const secret = (text: string) => writeFileSync(join(directory, 'secret'), text)
  secret('fake-right-1')
  const account = oauth2(endpoint.url, { clientAuthMethod: 'client_secret_post', clientSecret: { file: 'secret' } })
  const { executor } = await running({ services: { s: service(account) } }, {}, directory)
  const { source } = executor.service('s').account
  assert.is(await bearer(executor), 'Bearer t0')
  secret('fake-wrong')
  await executor.generation!.checkSecrets()
  await eventually('the wrong one is tried', () => source.state === 'degraded')
  assert.is(await bearer(executor), 'Bearer t0')
  secret('fake-right-2')
  await executor.generation!.checkSecrets()
  await eventually('the right one', async () => (await bearer(executor)) === 'Bearer t2')
  assert.is(source.state, 'ready')
  assert.is(endpoint.requests.length, 3)
})

test('an empty folder stops no start, and never takes away what runs', async () => {
  const warnings: string[] = []
  const silent = () => {}
  const log = {
    debug: silent,
    info: silent,
    warn: (_fields: object, text: string) => void warnings.push(text),
    error: silent,
  }
  const directory = folder()
  mkdirSync(join(directory, 'services.d'))
  const executor = createExecutor({ directory, log, environment: {} })
  opened.push(() => executor[Symbol.asyncDispose]())
  const first = await executor.load(['services.d'])
  assert.equal(
    first.diagnostics.map(({ code, severity }) => [code, severity]),
    [['file/empty-folder', 'warning']],
  )
  assert.match(warnings.join(), 'nothing is served')
  const file = join(directory, 'services.d', 'a.yaml')
  assert.ok((await executor.reload()).ok, 'still empty')
  const open = { account: { authorization: 'none' }, serverUrl: 'https://api.example' }
  writeFileSync(file, JSON.stringify({ version: 1, services: { open } }))
  writeFileSync(file, JSON.stringify({ version: 1, services: { open } }))
  assert.ok((await executor.reload()).ok)
  rmSync(file)
  const emptied = await executor.reload()
  assert.is(emptied.ok, false)
  assert.is(executor.service('open').plan.name, 'open')
  // Beside other files it is only told.
  writeFileSync(join(directory, 'services.yaml'), JSON.stringify({ version: 1, accounts: { unused: open.account } }))
  const beside = await executor.load(['services.yaml', 'services.d'])
  assert.equal(
    beside.diagnostics.map(({ code, severity }) => [code, severity]),
    [
      ['file/empty-folder', 'warning'],
      ['reference/unused-account', 'warning'],
    ],
  )
})

test('a folder that loses its last file beside others takes away nothing, until it is filled again', async () => {
  const directory = folder()
  const services = join(directory, 'services.d')
  const write = (name: string) => {
    const open = { account: { authorization: 'none' }, serverUrl: 'https://api.example' }
    writeFileSync(join(services, 'a.yaml'), JSON.stringify({ version: 1, services: { [name]: open } }))
  }
  writeFileSync(join(directory, 'services.yaml'), 'version: 1\nvars: { a: b }\n')
  mkdirSync(services)
  const executor = createExecutor({ directory, environment: {} })
  opened.push(() => executor[Symbol.asyncDispose]())
  assert.ok((await executor.load(['services.yaml', 'services.d'])).ok)
  assert.ok((await executor.reload()).ok, 'waits for its first')
  write('first')
  assert.ok((await executor.reload()).ok)
  rmSync(join(services, 'a.yaml'))
  for (let time = 1; time <= 2; time++) {
    const emptied = await executor.reload()
    assert.equal(
      emptied.diagnostics.filter(({ severity }) => severity === 'error').map(({ code, file }) => [code, file]),
      [['file/empty-folder', 'services.d']],
    )
    assert.is(executor.service('first').plan.name, 'first')
  }
  write('second')
  assert.ok((await executor.reload()).ok)
  assert.is(executor.service('second').plan.name, 'second')
})

test('a literal secret of a caller that is another one is a changed setting, and is not told', async () => {
  const services = { a: service(oauth2('https://id.example/token')) }
  const callers = (token: string) => ({ services, daemon: { callers: { shop: { token, services: ['a'] } } } })
  const { executor, write } = await running(callers('fake-token-one'))
  write(callers('fake-token-two'))
  const result = await executor.reload()
  assert.equal(result.changes!.settings, ['daemon.callers'])
  assert.not.match(JSON.stringify(result.changes), /fake|hmac/)
  write({ 'x-note': 1, ...callers('fake-token-two') })
  assert.equal((await executor.reload()).changes?.settings ?? [], [])
})

test('a reload says what changed, and the last ten are kept', async () => {
  const lines: object[] = []
  const refused: string[] = []
  const silent = () => {}
  const info = (fields: object, text: string) => void (text === 'configuration active' && lines.push(fields))
  const error = (_: object, text: string) => void refused.push(text)
  const log = { debug: silent, info, warn: silent, error }
  const at = (scope: string, keys: object = {}) =>
    service(oauth2('https://id.example/token', { scope: [scope], ...keys }))
  const { executor, write, directory } = await running({ services: { a: at('a'), b: at('b'), c: at('c') } }, { log })
  assert.equal(lines.at(-1), {
    generation: 1,
    files: 1,
    servicesAdded: ['a', 'b', 'c'],
    accountsAdded: ['a', 'b', 'c'],
  })
  write({ services: { a: at('a'), b: at('other'), c: at('c', { timeout: '3s' }), d: at('d') } })
  const { changes } = await executor.reload()
  assert.equal(changes, {
    services: { added: ['d'], removed: [], changed: ['b', 'c'] },
    accounts: { added: ['d'], removed: [], changed: ['b', 'c'] },
    actions: { added: [], removed: [], changed: [] },
    settings: [],
    renewing: ['b'],
  })
  assert.equal((lines.at(-1) as { accountsRenewing: string[] }).accountsRenewing, ['b'])
  writeFileSync(join(directory, 'services.yaml'), 'version: 2')
  for (let time = 0; time < 12; time++) await executor.reload()
  assert.is(executor.reloads.length, 10)
  assert.is(executor.reloads[0], executor.lastReload)
  assert.equal([...new Set(executor.reloads.map(({ ok, generation }) => `${ok} ${generation}`))], ['false 2'])
  assert.is(executor.reloads[0]?.changes, undefined)
  refused.length = 0
  const lost = Object.fromEntries(Array.from({ length: 25 }, (_, n) => [`s${n}`, service('nobody')]))
  write({ accounts: { spare: oauth2('https://id.example/token') }, services: lost })
  await executor.reload()
  assert.is(refused.filter(text => text.includes('no account `nobody`')).length, 20, 'no warning among them')
  assert.is(refused.at(-1), 'configuration refused: and 5 more errors; GET /v1/status has all')
  const note = { type: 'sendToConnectedService', authenticateWith: 'a', path: '/x', content: { json: 1 } }
  write({ services: { a: at('a') }, actions: { note } })
  assert.equal((await executor.reload()).changes?.actions, { added: ['note'], removed: [], changed: [] })
  write({ services: { a: at('a') }, actions: { note: { ...note, path: '/y' } } })
  assert.equal((await executor.reload()).changes?.actions, { added: [], removed: [], changed: ['note'] })
  assert.equal((lines.at(-1) as { actionsChanged: string[] }).actionsChanged, ['note'])
  const callers = { me: { token: { env: 'SECRET' }, services: ['a'] } }
  const daemon = { limits: { idle: '9s' }, log: { level: 'debug' }, callers }
  write({ services: { a: at('a') }, daemon })
  const settings = ['daemon.callers', 'daemon.limits.idle', 'daemon.log.level']
  const { changes: more } = await executor.reload()
  assert.equal(more?.settings, settings)
  assert.equal((lines.at(-1) as { settingsChanged: string[] }).settingsChanged, settings)
  write({
    services: { a: at('a'), moved: at('a') },
    daemon: { ...daemon, callers: { me: { ...callers.me, services: ['moved'] } } },
  })
  assert.equal((await executor.reload()).changes?.settings, ['daemon.callers'])
  write({ 'x-comes-first': 1, services: { a: at('a') }, daemon })
  assert.equal((await executor.reload()).changes?.settings, ['daemon.callers'], 'and no other place')
})

test('what is removed is forgotten: when it comes back, it is issued anew', async () => {
  const endpoint = await counting()
  const both = { services: { s: service(oauth2(endpoint.url)), t: service(oauth2(endpoint.url, { scope: ['t'] })) } }
  const { executor, write } = await running(both)
  assert.is(await bearer(executor), 'Bearer token-1')
  write({ services: { t: both.services.t } })
  assert.ok((await executor.reload()).ok)
  write(both)
  assert.ok((await executor.reload()).ok)
  assert.is(await bearer(executor), 'Bearer token-2')
})

test.run()
