// One service for many tenants: a token for each value, none for a wrong one, none shared, bounded, kept by a reload.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { AppError, createExecutor, type Executor, type ExecutorOptions } from '../../src/index.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { type StartedTokenEndpoint, startTokenEndpoint, token } from '../support/hostile-token-endpoint.ts'
import { startProtectedApi } from '../support/protected-api.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const opened: (() => unknown)[] = []
test.after.each(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

/** Answers with a token that names the request: its path, its client and how many there were. */
async function endpoint(): Promise<StartedTokenEndpoint> {
  const started = await startTokenEndpoint(({ url, body }, index) => {
    const client = new URLSearchParams(body).get('client_id')
    return token(`${url.split('/').at(-1)}.${client}.${index + 1}`)
  })
  opened.push(started.close)
  return started
}

interface Loaded {
  executor: Executor
  directory: string
  reload(definitions: object): Promise<void>
}

async function load(definitions: object, options: ExecutorOptions = {}): Promise<Loaded> {
  const directory = mkdtempSync(join(tmpdir(), 'bearerd-parameters-'))
  const executor = createExecutor({ directory, environment: {}, ...options })
  opened.push(
    () => rmSync(directory, { recursive: true }),
    () => executor[Symbol.asyncDispose](),
  )
  const write = (next: object) =>
    writeFileSync(join(directory, 'services.yaml'), JSON.stringify({ version: 1, ...next }))
  write(definitions)
  await executor.load('services.yaml')
  const reload = async (next: object) => {
    write(next)
    const { ok, diagnostics } = await executor.reload()
    assert.ok(ok, JSON.stringify(diagnostics))
  }
  return { executor, directory, reload }
}

const oauth2 = (accessTokenUri: string, keys: object = {}) => ({
  accessTokenUri,
  clientId: 'app',
  clientSecret: 'fake-secret',
  clientAuthMethod: 'client_secret_post',
  scope: [],
  ...keys,
})

const TENANT = { parameters: { tenant: { pattern: '^[a-z0-9-]+$' } } }
const shop = (url: string, keys: object = {}) => ({
  accounts: { shop: oauth2(`${url}/{{params.tenant}}`) },
  services: { orders: { account: 'shop', serverUrl: 'https://{{params.tenant}}.shop.example/v1', ...TENANT, ...keys } },
})

async function bearer(executor: Executor, name: string, params?: Record<string, string>): Promise<string> {
  return (await executor.authorize(name, params && { params })).headers.Authorization!.replace('Bearer ', '')
}

async function refusal(run: () => unknown): Promise<AppError> {
  const error = await Promise.resolve()
    .then(run)
    .then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
  assert.instance(error, AppError)
  return error as AppError
}

test('each value has its own token, one request each for any number of callers', async () => {
  const { url, requests } = await endpoint()
  const { executor } = await load(shop(url))
  const tenants = Array.from({ length: 200 }, (_, index) => `t${index % 4}`)
  const bearers = await Promise.all(tenants.map(tenant => bearer(executor, 'orders', { tenant })))
  assert.is(requests.length, 4)
  for (const [index, text] of bearers.entries()) assert.match(text, new RegExp(`^${tenants[index]}\\.app\\.\\d$`))
  assert.is(new Set(bearers).size, 4)
  assert.is(executor.service('orders', { tenant: 't1' }).current()!.serverUrl.href, 'https://t1.shop.example/v1')
})

test('options of one request do not reach another: concurrent clients of two values', async () => {
  const { url } = await endpoint()
  const api = await startProtectedApi({ check: async () => true })
  opened.push(api.close)
  const definitions = shop(url)
  definitions.services.orders.serverUrl = `${api.url}/{{params.tenant}}`
  const { executor } = await load(definitions)
  const clients = ['a', 'b', 'c'].map(tenant => ({ tenant, client: executor.client('orders', { params: { tenant } }) }))
  const all = Array.from({ length: 30 }, (_, index) => clients[index % 3]!)
  await Promise.all(
    all.map(async ({ tenant, client }, index) => {
      const echo = await client.get(`item/${index}`).json<{ path: string; headers: { authorization: string } }>()
      assert.is(echo.path, `/${tenant}/item/${index}`)
      assert.match(echo.headers.authorization, `Bearer ${tenant}.app.`)
    }),
  )
})

test('an account that does not use the parameters has one token for all values', async () => {
  const { url, requests } = await endpoint()
  const accounts = { one: oauth2(url) }
  const services = { orders: { account: 'one', serverUrl: 'https://x.example/{{params.tenant}}', ...TENANT } }
  const { executor } = await load({ accounts, services })
  const [a, b] = [await bearer(executor, 'orders', { tenant: 'a' }), await bearer(executor, 'orders', { tenant: 'b' })]
  assert.is(a, b)
  assert.is(requests.length, 1)
})

test('an account of two services: the token depends on the parameters that it uses, and on no other', async () => {
  const { url, requests } = await endpoint()
  const parameters = { tenant: {}, region: {} }
  const { executor } = await load({
    accounts: { shop: oauth2(`${url}/{{params.tenant}}`) },
    services: {
      orders: { account: 'shop', serverUrl: 'https://{{params.region}}.shop.example', parameters },
      bills: { account: 'shop', serverUrl: 'https://bills.example', parameters: { tenant: { default: 'acme' } } },
    },
  })
  const first = await bearer(executor, 'orders', { tenant: 'acme', region: 'eu' })
  assert.is(await bearer(executor, 'orders', { tenant: 'acme', region: 'us' }), first)
  assert.is(await bearer(executor, 'bills'), first)
  assert.is.not(await bearer(executor, 'bills', { tenant: 'globex' }), first)
  assert.is(requests.length, 2)
})

test('a wrong, a missing and an unknown value are refused, say what is needed, and store nothing', async () => {
  const { url, requests } = await endpoint()
  const { executor } = await load({
    ...shop(url),
    services: { ...shop(url).services, plain: { account: { authorization: 'none' }, serverUrl: 'https://x.example' } },
  })
  const cases: [string, Record<string, string>, string][] = [
    ['orders', {}, 'needs the parameter `tenant`'],
    ['orders', { tenant: 'Ac me' }, '`tenant` of service `orders` must match ^[a-z0-9-]+$'],
    ['orders', { tenant: '' }, 'must match'],
    ['orders', { tenant: 'a\n' }, 'must match'],
    ['orders', { tenant: 'a'.repeat(257) }, 'must match'],
    ['orders', { tenant: 'a', tenent: 'b' }, 'no parameter `tenent`; did you mean `tenant`?'],
    ['orders', { tenant: 'a', '\u001b[2J': 'b' }, 'has no parameter of that name'],
    ['orders', { tenant: 'a', constructor: 'b' }, 'no parameter `constructor`'],
    ['plain', { tenant: 'a' }, 'service `plain` has no parameter `tenant`'],
    // Matches the pattern, and is no label of a host.
    ['orders', { tenant: '-a' }, 'may not stand where serverUrl uses it'],
  ]
  for (const [service, params, message] of cases) {
    const error = await refusal(() => executor.authorize(service, { params }))
    assert.is(error.code, 'invalid_parameter', message)
    assert.ok(error.message.includes(message), error.message)
    assert.not(error.message.includes('\u001b'))
  }
  assert.is(executor.generation!.variants.live('orders').length, 0)
  assert.is(requests.length, 0)
})

test('a value in a scope: a token for each, and none that asks for a second scope', async () => {
  const { url, requests } = await endpoint()
  const parameters = { tenant: { pattern: '^[a-z, ]+$' } }
  const { executor } = await load({
    accounts: { shop: oauth2(url, { scope: 'orders:{{params.tenant}} openid' }) },
    services: { orders: { account: 'shop', serverUrl: 'https://shop.example', parameters } },
  })
  await Promise.all(['a', 'b', 'a'].map(tenant => bearer(executor, 'orders', { tenant })))
  const scopes = requests.map(({ body }) => new URLSearchParams(body).get('scope'))
  assert.equal(scopes.sort(), ['orders:a openid', 'orders:b openid'])
  for (const tenant of ['a admin', 'a,admin']) {
    const error = await refusal(() => executor.authorize('orders', { params: { tenant } }))
    assert.is(error.code, 'invalid_parameter')
    assert.match(error.message, '{{params.tenant}} is no part of one scope')
  }
  assert.is(requests.length, 2)
})

test('a name that every object has is a name like any other', async () => {
  const parameters = { constructor: {}, 'to-string': { default: 'x' } }
  const account = {
    authorization: 'header',
    header: { name: 'X-C', value: '{{params.constructor}}{{params.to-string}}' },
  }
  const { executor } = await load({ services: { s: { account, serverUrl: 'https://x.example', parameters } } })
  assert.is((await refusal(() => executor.authorize('s'))).code, 'invalid_parameter')
  const { headers } = await executor.authorize('s', { params: { constructor: 'c' } })
  assert.equal(headers, { 'X-C': 'cx' })
})

test('values that are live go on when the account of their service has another name', async () => {
  const account = { authorization: 'header', header: { name: 'X-Key', value: 'fake-key' } }
  const named = (name: string) => ({
    accounts: { [name]: account },
    services: { s: { account: name, serverUrl: 'https://{{params.tenant}}.x.example', parameters: { tenant: {} } } },
  })
  const { executor, reload } = await load(named('one'))
  const url = async () => (await executor.service('s', { tenant: 'acme' }).authorize()).origin
  assert.is(await url(), 'https://acme.x.example')
  await reload(named('two'))
  assert.is(await url(), 'https://acme.x.example')
  await reload({ services: { s: { ...named('two').services.s, account } } })
  assert.is(await url(), 'https://acme.x.example')
})

test('the least recently used value leaves, and its renewals stop', async () => {
  const { url, requests } = await endpoint()
  const clock = fakeClock()
  const { executor } = await load(shop(url, { parameterLimit: 2 }), { clock })
  await bearer(executor, 'orders', { tenant: 'a' })
  await bearer(executor, 'orders', { tenant: 'b' })
  await bearer(executor, 'orders', { tenant: 'a' })
  assert.is(clock.pending(), 2)
  await bearer(executor, 'orders', { tenant: 'c' })
  assert.is(clock.pending(), 2)
  assert.is(executor.generation!.variants.live('orders').length, 2)
  assert.is(await bearer(executor, 'orders', { tenant: 'a' }), 'a.app.1')
  assert.is(await bearer(executor, 'orders', { tenant: 'b' }), 'b.app.4')
  assert.is(requests.length, 4)
})

test('far more values than the limit: what is held stays bounded, and what left has ended and is released', async () => {
  const LIMIT = 40
  const { url } = await endpoint()
  const clock = fakeClock()
  const { executor } = await load(shop(url, { parameterLimit: LIMIT }), { clock })
  const { variants } = executor.generation!
  const held = () => [variants.live('orders'), variants.accounts(), variants.owners()].map(({ length }) => length)
  const withTokens = Array.from({ length: 4 * LIMIT }, (_, index) => `token-${index}`)
  await Promise.all(withTokens.map(tenant => bearer(executor, 'orders', { tenant })))
  assert.equal(held(), [LIMIT, LIMIT, LIMIT])
  assert.is(clock.pending(), LIMIT, 'a renewal for each of them, and for no other')
  const seen = Array.from(
    { length: 2_000 },
    (_, index) => new WeakRef(executor.service('orders', { tenant: `other-${index}` }).account.source),
  )
  assert.equal(held(), [LIMIT, LIMIT, LIMIT])
  assert.is(clock.pending(), 0, 'those with tokens have left')
  const alive = () => seen.filter(one => one.deref()).length
  for (let turn = 0; turn < 50 && alive() > LIMIT; turn++) {
    await sleep(1)
    collectGarbage()
  }
  assert.is(alive(), LIMIT)
})

test('who still has a value that left is served, and nothing goes on behind it', async () => {
  const { url, requests } = await endpoint()
  const clock = fakeClock()
  const { executor } = await load(shop(url, { parameterLimit: 1 }), { clock })
  const left = executor.service('orders', { tenant: 'a' })
  executor.service('orders', { tenant: 'b' })
  const { credential } = await left.authorize()
  assert.is(credential.bearer?.reveal(), 'a.app.1')
  left.current()
  assert.is(clock.pending(), 0)
  await clock.advance(3_600_000)
  assert.is(requests.length, 1)
})

test('a value that left one service stays live for another one', async () => {
  const { url, requests } = await endpoint()
  const { accounts, services } = shop(url, { parameterLimit: 1 })
  const { executor } = await load({
    accounts,
    services: { ...services, bills: { ...services.orders, parameterLimit: 5 } },
  })
  await bearer(executor, 'bills', { tenant: 'a' })
  await bearer(executor, 'orders', { tenant: 'a' })
  await bearer(executor, 'orders', { tenant: 'b' })
  assert.is(await bearer(executor, 'bills', { tenant: 'a' }), 'a.app.1')
  assert.is(await bearer(executor, 'orders', { tenant: 'a' }), 'a.app.1')
  assert.is(requests.length, 2)
})

test('forget is for one value', async () => {
  const { url } = await endpoint()
  const { executor } = await load(shop(url))
  for (const tenant of ['a', 'b']) await bearer(executor, 'orders', { tenant })
  executor.forget('orders', { params: { tenant: 'a' } })
  assert.is(await bearer(executor, 'orders', { tenant: 'a' }), 'a.app.3')
  assert.is(await bearer(executor, 'orders', { tenant: 'b' }), 'b.app.2')
  assert.is((await refusal(() => executor.forget('orders'))).code, 'invalid_parameter')
})

test('minTtl counts for one value', async () => {
  const { url } = await endpoint()
  const clock = fakeClock()
  const { executor } = await load(shop(url), { clock })
  await bearer(executor, 'orders', { tenant: 'a' })
  await clock.advance(1_000_000)
  await bearer(executor, 'orders', { tenant: 'b' })
  const options = { minTtlMs: 2_700_000 }
  const renewed = await executor.authorize('orders', { ...options, params: { tenant: 'a' } })
  assert.is(renewed.headers.Authorization, 'Bearer a.app.3')
  const kept = await executor.authorize('orders', { ...options, params: { tenant: 'b' } })
  assert.is(kept.headers.Authorization, 'Bearer b.app.2')
})

test('a reload keeps the tokens of what did not change, value by value, and drops what no longer fits', async () => {
  const { url, requests } = await endpoint()
  const { executor, reload } = await load(shop(url))
  for (const tenant of ['a', 'b2', 'c']) await bearer(executor, 'orders', { tenant })
  await reload({ ...shop(url), vars: { unrelated: 'x' } })
  for (const tenant of ['a', 'b2', 'c']) await bearer(executor, 'orders', { tenant })
  assert.is(requests.length, 3)
  // The service changed, its account did not: the tokens stay, and the new definition counts.
  await reload(shop(url, { timeout: '3s', parameters: { tenant: { pattern: '^[a-z]+$' } } }))
  assert.is(executor.generation!.variants.live('orders').length, 2)
  assert.is(executor.service('orders', { tenant: 'a' }).plan.timeoutMs, 3000)
  assert.is(await bearer(executor, 'orders', { tenant: 'c' }), 'c.app.3')
  assert.is((await refusal(() => executor.authorize('orders', { params: { tenant: 'b2' } }))).code, 'invalid_parameter')
  // Another account.
  const next = shop(url)
  await reload({ ...next, accounts: { shop: { ...next.accounts.shop, clientId: 'other' } } })
  assert.is(await bearer(executor, 'orders', { tenant: 'a' }), 'a.other.4')
  // A renamed one is issued the same token.
  const renamed = {
    accounts: { store: { ...next.accounts.shop, clientId: 'other' } },
    services: shop(url, { account: 'store' }).services,
  }
  await reload(renamed)
  assert.is(await bearer(executor, 'orders', { tenant: 'a' }), 'a.other.4')
})

test('after a reload nothing of the generation before renews any more', async () => {
  const { url } = await endpoint()
  const clock = fakeClock()
  const { executor, reload } = await load(shop(url), { clock })
  for (const tenant of ['a', 'b']) await bearer(executor, 'orders', { tenant })
  assert.is(clock.pending(), 2)
  await reload(shop(url, { parameterLimit: 1 }))
  assert.is(clock.pending(), 1)
  await reload({ services: {} })
  assert.is(clock.pending(), 0)
})

test('a reload that changes a feeder counts for the live values too, and costs no token', async () => {
  const { url, requests } = await endpoint()
  const definitions = (timeout: string) => ({
    accounts: {
      root: oauth2(`${url}/{{params.tenant}}`, { timeout }),
      shop: { authorization: 'header', header: { name: 'X-Key', value: { account: 'root' } } },
      broker: oauth2(`${url}/broker`, { clientSecret: { account: 'root' } }),
      behind: oauth2(`${url}/behind`, { clientSecret: { account: 'broker' } }),
    },
    services: {
      orders: { account: 'shop', serverUrl: 'https://x.example', ...TENANT },
      stock: { account: 'behind', serverUrl: 'https://x.example', ...TENANT },
      own: {
        account: { authorization: 'none' },
        serverUrl: 'https://x.example',
        headers: { 'X-Key': { account: 'root' } },
        ...TENANT,
      },
    },
  })
  const { executor, reload } = await load(definitions('9s'))
  const use = async () => {
    for (const name of ['orders', 'stock', 'own']) await executor.authorize(name, { params: { tenant: 'a' } })
  }
  await use()
  await reload(definitions('8s'))
  const { account } = executor.service('orders', { tenant: 'a' })
  assert.equal(
    account.feeders().map(({ plan }) => 'timeoutMs' in plan && plan.timeoutMs),
    [8000],
  )
  const { tokens } = await executor.service('own', { tenant: 'a' }).authorize()
  assert.is(tokens[0]!.source, account.feeders()[0]!.source)
  executor.forget('stock', { params: { tenant: 'a' } })
  await use()
  assert.equal(
    requests.map(({ url: path }) => path.split('/').at(-1)),
    ['a', 'broker', 'behind', 'behind'],
  )
})

test('accounts that feed each other have one bearer for each value, too', async () => {
  const { url, requests } = await endpoint()
  const { executor } = await load({
    accounts: {
      root: oauth2(`${url}/root`),
      broker: oauth2(`${url}/{{params.tenant}}`, { clientSecret: { account: 'root' } }),
      shop: oauth2(`${url}/shop`, { clientSecret: { account: 'broker' } }),
    },
    services: { orders: { account: 'shop', serverUrl: 'https://x.example', ...TENANT } },
  })
  const all = await Promise.all(['a', 'b', 'a', 'b'].map(tenant => bearer(executor, 'orders', { tenant })))
  assert.is(new Set(all).size, 2)
  // The root once, the broker and the shop once for each value.
  assert.is(requests.length, 5)
  const secretsOf = (path: string) =>
    requests
      .filter(request => request.url === `/token/${path}`)
      .map(({ body }) => new URLSearchParams(body).get('client_secret')!)
  assert.is(secretsOf('root').length, 1)
  assert.equal(secretsOf('a'), secretsOf('b'))
  assert.equal(
    secretsOf('shop')
      .map(secret => secret.split('.')[0])
      .sort(),
    ['a', 'b'],
  )
})

test('a secret for each value, from a folder that no value leaves', async () => {
  const account = {
    authorization: 'header',
    header: { name: 'X-Key', value: { file: 'secrets/{{params.tenant}}/key' } },
  }
  const parameters = { tenant: { pattern: '[^ ]*' } }
  const { executor, directory } = await load({
    services: { s: { account, serverUrl: 'https://x.example', parameters } },
  })
  const keys = join(directory, 'secrets')
  for (const tenant of ['acme', 'globex']) {
    mkdirSync(join(keys, tenant), { recursive: true })
    writeFileSync(join(keys, tenant, 'key'), `key of ${tenant}\n`)
  }
  mkdirSync(join(directory, 'elsewhere'))
  writeFileSync(join(directory, 'elsewhere', 'key'), 'stolen')
  writeFileSync(join(directory, 'key'), 'stolen')
  symlinkSync('acme', join(keys, 'linked'))
  symlinkSync('../elsewhere', join(keys, 'out'))
  const key = async (tenant: string) => (await executor.authorize('s', { params: { tenant } })).headers['X-Key']
  assert.is(await key('acme'), 'key of acme')
  assert.is(await key('globex'), 'key of globex')
  assert.is(await key('linked'), 'key of acme')
  for (const tenant of [
    '..',
    '../elsewhere',
    'acme/../../elsewhere',
    '..\\elsewhere',
    '.',
    '',
    'a\0',
    '/etc',
    'nobody',
    'out',
  ]) {
    const error = await refusal(() => key(tenant))
    assert.ok(['invalid_parameter', 'secret_unavailable'].includes(error.code), `${tenant}: ${error.code}`)
    assert.not(error.message.includes('stolen'))
  }
  assert.is((await refusal(() => key('out'))).code, 'secret_unavailable')
  assert.is((await refusal(() => key('../elsewhere'))).code, 'invalid_parameter')
})

test('a changed secret file renews the token of its value, and of no other', async () => {
  const { url, requests } = await endpoint()
  const definitions = shop(url)
  const account = { ...definitions.accounts.shop, clientSecret: { file: 'secrets/{{params.tenant}}' } }
  const directoryReady = (directory: string) => {
    mkdirSync(join(directory, 'secrets'))
    for (const tenant of ['a', 'b']) writeFileSync(join(directory, 'secrets', tenant), `first-${tenant}`)
  }
  const { executor, directory } = await load({ ...definitions, accounts: { shop: account } })
  directoryReady(directory)
  for (const tenant of ['a', 'b']) await bearer(executor, 'orders', { tenant })
  writeFileSync(join(directory, 'secrets', 'b'), 'second-b')
  await executor.generation!.checkSecrets()
  while (requests.length < 3) await new Promise(resolve => setImmediate(resolve))
  assert.equal(
    requests.map(({ body }) => new URLSearchParams(body).get('client_secret')),
    ['first-a', 'first-b', 'second-b'],
  )
})

test('while watching, a file that changes or comes in the folder of the secrets is noticed', async () => {
  const { url, requests } = await endpoint()
  const definitions = shop(url)
  const account = { ...definitions.accounts.shop, clientSecret: { file: 'secrets/shop/{{params.tenant}}' } }
  const { executor, directory } = await load({ ...definitions, accounts: { shop: account } })
  mkdirSync(join(directory, 'secrets/shop'), { recursive: true })
  for (const tenant of ['a', 'b']) writeFileSync(join(directory, 'secrets/shop', tenant), `first-${tenant}`)
  await executor.watch({ pollIntervalMs: 3_600_000 })
  for (const tenant of ['a', 'b']) await bearer(executor, 'orders', { tenant })
  writeFileSync(join(directory, 'secrets/shop/b'), 'second-b')
  const endMs = performance.now() + 60_000
  while (requests.length < 3 && performance.now() < endMs) await sleep(20)
  assert.is(new URLSearchParams(requests[2]?.body).get('client_secret'), 'second-b')
})

const HOSTILE = [
  'evil.example',
  'evil.example/',
  'evil.example#',
  'evil.example?',
  'evil.example\\',
  'a@evil.example',
  'a:b@evil',
  '//evil.example',
  'evil.example:443',
  '127.0.0.1',
  '[::1]',
  '1',
  '0x7f',
  'a..b',
  '.',
  '..',
  '../..',
  '%2e%2e',
  '..%2f',
  '%2e',
  'a/../..',
  'a%2fb',
  'é',
  'ﬀ',
  'xn--80ak6aa92e',
  'xn--a',
  '-',
  'a-',
  '-a',
  '\t',
  ' ',
  'a\r\nHost: evil',
  '\u3002evil',
  'evil。example',
  'a'.repeat(64),
  'A',
  'a_b',
  '',
  '{{x}}',
  '*',
  '\u200b',
  '\u00ad',
  '\ud800',
  'a;b',
  'a&b=c',
  '#',
  '?',
  '\\',
  '@',
  ':',
  'localhost',
  'constructor',
  '__proto__',
]

test('no value changes the host that a credential goes to, or moves the path', async () => {
  const parameters = { tenant: { pattern: '[^]*' } }
  const account = { authorization: 'none' }
  const { executor } = await load({
    services: {
      host: { account, serverUrl: 'https://{{params.tenant}}.shop.example/v1/', parameters },
      joined: { account, serverUrl: 'https://api-{{params.tenant}}-x.shop.example:8443/v1', parameters },
      path: { account, serverUrl: 'https://api.shop.example/v1/{{params.tenant}}/orders', parameters },
      part: { account, serverUrl: 'https://api.shop.example/v1/.{{params.tenant}}/orders', parameters },
      encoded: { account, serverUrl: 'https://api.shop.example/v1/%2e{{params.tenant}}/%2E/x', parameters },
    },
  })
  const served = { host: 0, joined: 0, path: 0, part: 0, encoded: 0 }
  const seeds = [...HOSTILE, ...HOSTILE.flatMap(a => HOSTILE.slice(0, 12).map(b => `${a}${b}`))]
  for (const tenant of seeds) {
    for (const name of Object.keys(served) as (keyof typeof served)[]) {
      const result = await executor
        .authorize(name, { params: { tenant } })
        .then(() => executor.service(name, { tenant }).current()!.serverUrl)
        .catch((error: AppError) => error)
      if (result instanceof Error) {
        assert.is((result as AppError).code, 'invalid_parameter', `${name} ${JSON.stringify(tenant)}: ${result.stack}`)
        continue
      }
      served[name]++
      const where = `${name} ${JSON.stringify(tenant)} -> ${result.href}`
      assert.is(result.protocol, 'https:', where)
      assert.is(result.username + result.password + result.search + result.hash, '', where)
      if (name === 'host') assert.match(result.host, /^[a-z0-9.-]+\.shop\.example$/, where)
      else if (name === 'joined') assert.match(result.host, /^api-[a-z0-9.-]+-x\.shop\.example:8443$/, where)
      else assert.is(result.host, 'api.shop.example', where)
      const depth = { host: 3, joined: 2, path: 4, part: 4, encoded: 4 }[name]
      assert.is(result.pathname.split('/').length, depth, where)
      assert.match(result.pathname, /^\/v1/, where)
    }
  }
  for (const count of Object.values(served)) assert.ok(count > 20, JSON.stringify(served))
})

test.run()
