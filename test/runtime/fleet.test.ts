// Replicas that share their tokens in a real PostgreSQL: how many token requests they make together, what happens when one
// of them dies, and that nobody notices when the database is away.
import { spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from 'jose'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Log } from '../../src/base/log.ts'
import { AppError, createExecutor, type Executor, type ExecutorOptions } from '../../src/index.ts'
import { NEWEST_VERSION } from '../../src/runtime/state/migrations.ts'
import { fakeClock } from '../support/fake-clock.ts'
import * as hostile from '../support/hostile-token-endpoint.ts'
import { startPostgres } from '../support/postgres.ts'
import { withFolder } from '../support/with-folder.ts'

const postgres = await startPostgres()
test.after(() => postgres?.close())

const opened: (() => unknown)[] = []
test.after.each(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

const KEY = Buffer.alloc(32, 7).toString('base64')
const [SECRET, OTHER_SECRET, OTHER_KEY] = ['fake-client-secret', 'fake-next-secret', 'ab'.repeat(32)]

async function endpointOf(handler: hostile.TokenEndpoint) {
  const endpoint = await hostile.startTokenEndpoint(handler)
  opened.push(() => endpoint.close())
  return endpoint
}

const counting = (members: object = {}) =>
  endpointOf((_request, index) => hostile.token(`fake-token-${index + 1}`, { ...members }))

interface Replica {
  executor: Executor
  lines: string[]
  rewrite(text: string): Promise<void>
}

interface ReplicaOptions extends ExecutorOptions {
  account?: object
  key?: string
  /** Instead of `key`: a list. */
  keys?: readonly string[]
  secret?: string
}

/** One more process as far as the database can tell: its own pool, cache and lease. */
async function replica(url: string, tokenUrl: string, options: ReplicaOptions = {}): Promise<Replica> {
  const { account, key = KEY, keys, secret = SECRET, ...rest } = options
  const lines: string[] = []
  const say = (fields: object, message: string) => lines.push(`${message} ${JSON.stringify(fields)}`)
  const log: Log = { debug: say, info: say, warn: say, error: say }
  const directory = withFolder({ 'services.yaml': definitions(tokenUrl, account, keys?.length) }, opened)
  const listed = Object.fromEntries(keys?.map((text, index) => [`STATE_KEY_${index}`, text]) ?? [])
  const environment = { DATABASE_URL: url, STATE_KEY: key, ...listed, CLIENT_SECRET: secret, OTHER_SECRET }
  const executor = createExecutor({ log, directory, environment, ...rest })
  opened.push(() => executor[Symbol.asyncDispose]())
  await executor.load('services.yaml')
  const rewrite = async (text: string) => {
    writeFileSync(join(directory, 'services.yaml'), text)
    assert.ok((await executor.reload()).ok)
  }
  return { executor, lines, rewrite }
}

function definitions(accessTokenUri: string, account: object = {}, keys = 0): string {
  const list = Array.from({ length: keys }, (_, index) => ({ env: `STATE_KEY_${index}` }))
  const encryptionKey = keys > 0 ? list : { env: 'STATE_KEY' }
  const crm = {
    accessTokenUri,
    clientId: 'app',
    clientSecret: { env: 'CLIENT_SECRET' },
    scope: [],
    timeout: '60s',
    ...account,
  }
  return JSON.stringify({
    version: 1,
    daemon: { state: { url: { env: 'DATABASE_URL' }, encryptionKey } },
    services: { s: { account: crm, serverUrl: 'https://x.example' } },
  })
}

const bearer = async ({ executor }: Replica) => (await executor.authorize('s')).headers.Authorization
const bearers = (replicas: readonly Replica[], calls = 1) =>
  Promise.all(replicas.flatMap(one => Array.from({ length: calls }, () => bearer(one))))

async function eventually(what: string, check: () => unknown, limitMs = 60_000): Promise<void> {
  const endMs = performance.now() + limitMs
  while (!(await check())) {
    if (performance.now() > endMs) assert.unreachable(`${what}: not within ${limitMs} ms`)
    await sleep(10)
  }
}

async function failure(promise: Promise<unknown>): Promise<AppError> {
  const error = await promise.then(
    () => assert.unreachable('expected a rejection'),
    thrown => thrown,
  )
  assert.instance(error, AppError)
  return error as AppError
}

/** A database of its own, where PostgreSQL is installed; a slow one does not count as away, unless `limits` says `default`. */
function fleet(name: string, run: (url: string) => Promise<void>, limits: 'long' | 'default' = 'long'): void {
  const define = postgres ? test : test.skip
  define(name, async () => run(await postgres!.database(limits)))
}

fleet('nothing is revoked that other replicas still use: neither at removal nor at the end', async url => {
  const endpoint = await counting()
  for (const revoke of ['on_removal', 'on_shutdown']) {
    const one = await replica(url, endpoint.url, { account: { revoke, revocationUri: `${endpoint.url}/revoke` } })
    await bearer(one)
    if (revoke === 'on_removal') {
      const open = { o: { account: { authorization: 'none' }, serverUrl: 'https://x.example' } }
      const { daemon } = JSON.parse(definitions(endpoint.url)) as { daemon: object }
      await one.rewrite(JSON.stringify({ version: 1, daemon, services: open }))
      assert.match(one.lines.join('\n'), 'not revoked: replicas share them')
    }
    for (const close of opened.splice(1).reverse()) await close()
  }
  assert.is(endpoint.requests.length, 1)
})

fleet(
  'a token that the database does not take is that of its account alone: callers have it, others are shared',
  async url => {
    const endpoint = await counting()
    const [one, two] = [await replica(url, endpoint.url), await replica(url, endpoint.url)]
    await postgres!.query(url, 'ALTER TABLE bearerd.token ADD CONSTRAINT refused CHECK (token IS NULL)')
    assert.is(await bearer(one), 'Bearer fake-token-1')
    assert.is(await bearer(two), 'Bearer fake-token-2')
    for (const { executor } of [one, two]) assert.is(executor.state.status.ok, true)
    await postgres!.query(url, 'ALTER TABLE bearerd.token DROP CONSTRAINT refused')
    for (const { executor } of [one, two]) executor.forget('s')
    const again = [await bearer(one), await bearer(two)]
    assert.equal(new Set(again).size, 1)
  },
)

fleet('1 token request for 4 replicas with 50 callers each that start at once, and 1 for each expiry', async url => {
  const endpoint = await counting()
  const clock = fakeClock()
  const replicas = await Promise.all([1, 2, 3, 4].map(() => replica(url, endpoint.url, { clock, random: () => 0 })))
  for (const { executor } of replicas)
    assert.equal(executor.state.status, { kind: 'postgresql', ok: true, lastError: null })
  assert.equal([...new Set(await bearers(replicas, 50))], ['Bearer fake-token-1'])
  assert.is(endpoint.requests.length, 1)
  for (const round of [2, 3]) {
    // All are due in the same moment, and time stands still while they ask.
    await clock.advance(3_600_000 * 0.8)
    await eventually(`token ${round} everywhere`, async () =>
      (await bearers(replicas)).every(text => text === `Bearer fake-token-${round}`),
    )
    assert.is(endpoint.requests.length, round)
  }
  const versions = await postgres!.query<{ version: number }>(url, 'SELECT version FROM bearerd.migration ORDER BY 1')
  const once = Array.from({ length: NEWEST_VERSION }, (_, index) => index + 1)
  assert.equal(
    versions.map(({ version }) => version),
    once,
    'the tables were made once',
  )
})

fleet('a replica that starts later takes the token with its age', async url => {
  const endpoint = await counting()
  const clock = fakeClock()
  const first = await replica(url, endpoint.url, { clock })
  await bearer(first)
  await clock.advance(1_000_000)
  const second = await replica(url, endpoint.url, { clock })
  assert.is(await bearer(second), 'Bearer fake-token-1')
  const expiries = await Promise.all([first, second].map(({ executor }) => executor.authorize('s')))
  assert.is(expiries[0]!.expiresAt, expiries[1]!.expiresAt)
  assert.is(endpoint.requests.length, 1)
})

fleet('a token that the service refused is asked for once by all, and by none that has the next one', async url => {
  const endpoint = await counting()
  const replicas = await Promise.all([1, 2, 3].map(() => replica(url, endpoint.url)))
  await bearers(replicas)
  const refuse = ({ executor }: Replica) => executor.forget('s')
  for (const one of replicas) refuse(one)
  assert.equal([...new Set(await bearers(replicas, 5))], ['Bearer fake-token-2'])
  assert.is(endpoint.requests.length, 2)
})

fleet('another client secret is another token, though the row is the same', async url => {
  const endpoint = await counting()
  const [right, wrong] = await Promise.all([
    replica(url, endpoint.url),
    replica(url, endpoint.url, { secret: 'fake-other-secret' }),
  ])
  const got = new Set(await bearers([right, wrong]))
  assert.is(got.size, 2)
  assert.is(endpoint.requests.length, 2)
})

fleet('a refresh token that is used up at each use serves a fleet, one replica at a time', async url => {
  let current = 'none'
  const endpoint = await endpointOf(({ body }, index) => {
    const form = new URLSearchParams(body)
    if (form.get('grant_type') === 'refresh_token' && form.get('refresh_token') !== current)
      return hostile.json(400, { error: 'invalid_grant' })
    current = `fake-refresh-${index + 1}`
    return hostile.token(`fake-token-${index + 1}`, { refresh_token: current })
  })
  const account = { grant: 'password', username: 'ada', password: { env: 'CLIENT_SECRET' } }
  const replicas = await Promise.all([1, 2, 3].map(() => replica(url, endpoint.url, { account })))
  for (const round of [1, 2, 3, 4]) {
    assert.equal([...new Set(await bearers(replicas))], [`Bearer fake-token-${round}`])
    for (const { executor } of replicas) executor.forget('s')
  }
  const grants = endpoint.requests.map(({ body }) => new URLSearchParams(body).get('grant_type'))
  assert.equal(grants, ['password', 'refresh_token', 'refresh_token', 'refresh_token'])
})

/** Issues DPoP tokens: `fake-token-1`, … with refresh tokens that are used up, and with `bound` only for the key that they came to. */
async function dpopEndpoint({ bound }: { bound: boolean }) {
  const keys: string[] = []
  let refreshable = new Map<string, string>()
  const endpoint = await endpointOf(async ({ headers, body }, index) => {
    const { protectedHeader } = await jwtVerify(String(headers.dpop), EmbeddedJWK, { typ: 'dpop+jwt' })
    const key = await calculateJwkThumbprint(protectedHeader.jwk!)
    keys[index] = key
    const used = new URLSearchParams(body).get('refresh_token')
    if (used !== null && (!refreshable.has(used) || (bound && refreshable.get(used) !== key)))
      return hostile.json(400, { error: 'invalid_grant' })
    if (!bound) refreshable = new Map()
    if (used !== null) refreshable.delete(used)
    refreshable.set(`fake-refresh-${index + 1}`, key)
    return hostile.token(`fake-token-${index + 1}`, {
      token_type: 'DPoP',
      refresh_token: `fake-refresh-${index + 1}`,
    })
  })
  const grants = () => endpoint.requests.map(({ body }) => new URLSearchParams(body).get('grant_type'))
  return { endpoint, keys, grants }
}

/** The token, and the key that proves it. */
async function proven({ executor }: Replica): Promise<{ token: string; key: string }> {
  const { headers } = await executor.authorize('s', { request: { method: 'GET', url: 'https://x.example/me' } })
  const { protectedHeader } = await jwtVerify(headers.DPoP!, EmbeddedJWK, { typ: 'dpop+jwt' })
  return { token: headers.Authorization!, key: await calculateJwkThumbprint(protectedHeader.jwk!) }
}

const PASSWORD = { grant: 'password', username: 'ada', password: 'fake-password' }

fleet('dpop with a key of the account: one token for all, and each of them can prove it', async url => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  const { endpoint, keys } = await dpopEndpoint({ bound: true })
  const account = {
    dpop: { key: { env: 'CLIENT_SECRET' } },
    clientAuthMethod: 'none',
    ...PASSWORD,
    clientSecret: undefined,
  }
  const replicas = await Promise.all([1, 2, 3].map(() => replica(url, endpoint.url, { account, secret: pem })))
  const all = await Promise.all(replicas.map(proven))
  assert.equal(
    all,
    [1, 2, 3].map(() => ({ token: 'DPoP fake-token-1', key: keys[0] })),
  )
  assert.is(endpoint.requests.length, 1)
})

fleet('dpop with a key that each replica makes: no replica gets a token that it cannot prove', async url => {
  const { endpoint, keys } = await dpopEndpoint({ bound: false })
  const replicas = await Promise.all([1, 2].map(() => replica(url, endpoint.url, { account: { dpop: true } })))
  const all = await Promise.all(replicas.map(proven))
  assert.is(new Set(all.map(({ token }) => token)).size, 2)
  for (const { token, key } of all) assert.is(key, keys[Number(token.split('-').at(-1)) - 1])
})

fleet('… its refresh tokens belong to the client that authenticates: used up by one replica at a time', async url => {
  const { endpoint, grants } = await dpopEndpoint({ bound: false })
  const account = { dpop: true, ...PASSWORD }
  const replicas = await Promise.all([1, 2, 3].map(() => replica(url, endpoint.url, { account })))
  await Promise.all(replicas.map(proven))
  assert.equal(grants(), ['password', 'refresh_token', 'refresh_token'])
})

fleet(
  '… and those of a client that does not authenticate belong to the key, and stay with their replica',
  async url => {
    const { endpoint, grants } = await dpopEndpoint({ bound: true })
    const account = { dpop: true, clientAuthMethod: 'none', clientSecret: undefined, ...PASSWORD }
    const replicas = await Promise.all([1, 2].map(() => replica(url, endpoint.url, { account })))
    await Promise.all(replicas.map(proven))
    for (const { executor } of replicas) executor.forget('s')
    await Promise.all(replicas.map(proven))
    assert.equal(grants(), ['password', 'password', 'refresh_token', 'refresh_token'])
    assert.equal(await postgres!.query(url, 'SELECT name FROM bearerd.token'), [])
  },
)

fleet('a refusal and its pause count for all: nobody hammers; a Retry-After too', async url => {
  const endpoint = await endpointOf((_request, index) => {
    if (index === 0) return hostile.json(401, { error: 'invalid_client' })
    if (index === 1) return hostile.json(503, { error: 'temporarily_unavailable' }, { 'Retry-After': '120' })
    return hostile.token('fake-token')
  })
  const clock = fakeClock()
  const replicas = await Promise.all([1, 2, 3].map(() => replica(url, endpoint.url, { clock, random: () => 1 })))
  for (const one of replicas) assert.is((await failure(bearer(one))).details.oauthError, 'invalid_client')
  assert.is(endpoint.requests.length, 1, 'one refusal for all')
  await clock.advance(10_001)
  for (const one of replicas) assert.is((await failure(bearer(one))).details.status, 503)
  assert.is(endpoint.requests.length, 2, 'one attempt after the pause')
  await clock.advance(119_000)
  for (const one of replicas) await failure(bearer(one))
  assert.is(endpoint.requests.length, 2, 'Retry-After')
  await clock.advance(1_001)
  assert.equal([...new Set(await bearers(replicas))], ['Bearer fake-token'])
  assert.is(endpoint.requests.length, 3)
})

const PROGRAM = `
import { createExecutor } from ${JSON.stringify(join(import.meta.dirname, '../../src/index.ts'))}
const executor = createExecutor()
await executor.load('services.yaml')
await executor.authorize('s')
`

fleet('the holder of the lease is killed: one of the others takes over', async url => {
  let held = 0
  const endpoint = await endpointOf((_request, index) => {
    if (index > 0) return hostile.token(`fake-token-${index + 1}`)
    held++
    return hostile.never()
  })
  const directory = withFolder({ 'services.yaml': definitions(endpoint.url), 'dying.ts': PROGRAM }, opened)
  const env = { ...process.env, DATABASE_URL: url, STATE_KEY: KEY, CLIENT_SECRET: SECRET }
  const dying = spawn(process.execPath, ['dying.ts'], { cwd: directory, env, stdio: 'inherit' })
  opened.push(() => dying.kill('SIGKILL'))
  await eventually('it asks', () => held === 1)
  const replicas = await Promise.all([1, 2, 3].map(() => replica(url, endpoint.url)))
  const got = bearers(replicas, 5)
  dying.kill('SIGKILL')
  await once(dying, 'exit')
  assert.equal([...new Set(await got)], ['Bearer fake-token-2'])
  assert.is(endpoint.requests.length, 2)
})

fleet('a token endpoint that is slower than the lease: its holder keeps it as long as it lives', async url => {
  const answer = Promise.withResolvers<void>()
  const endpoint = await endpointOf(async (_request, index) => {
    await answer.promise
    return hostile.token(`fake-token-${index + 1}`)
  })
  const replicas = await Promise.all([1, 2].map(() => replica(url, endpoint.url, { account: { timeout: '60s' } })))
  const got = bearers(replicas, 3)
  const until = async () => {
    const rows = await postgres!.query<{ until: Date | null }>(url, 'SELECT lease_until AS until FROM bearerd.token')
    return rows[0]?.until?.getTime() ?? 0
  }
  await eventually('leased', until)
  const first = await until()
  await eventually('extended', async () => (await until()) > first, 30_000)
  answer.resolve()
  assert.equal([...new Set(await got)], ['Bearer fake-token-1'])
  assert.is(endpoint.requests.length, 1)
})

fleet('the database goes and comes: no caller sees an error, and status tells', async url => {
  const endpoint = await counting()
  const told: boolean[] = []
  const replicas = await Promise.all([
    replica(url, endpoint.url, { onStateChange: ok => told.push(ok) }),
    replica(url, endpoint.url),
  ])
  await bearers(replicas)
  await postgres!.stop()
  for (const { executor } of replicas) executor.forget('s')
  assert.is(new Set(await bearers(replicas, 5)).size, 2, 'each has its own')
  assert.is(endpoint.requests.length, 3)
  const { ok, lastError } = replicas[0]!.executor.state.status
  assert.not.ok(ok)
  assert.match(lastError!, /^the database of `daemon.state.url` /)
  const late = await replica(url, endpoint.url)
  assert.is(await bearer(late), 'Bearer fake-token-4', 'one that starts now runs too')
  await postgres!.start()
  const all = [...replicas, late]
  await eventually('back', () => all.every(({ executor }) => executor.state.status.ok))
  assert.equal(told, [true, false, true])
  for (const { executor } of all) executor.forget('s')
  assert.equal([...new Set(await bearers(replicas, 5))], ['Bearer fake-token-5'], 'shared again')
  assert.is(await bearer(late), 'Bearer fake-token-5')
  const lines = all.flatMap(one => one.lines).join('\n')
  assert.not.match(lines, /fake-database-password|fake-token|fake-client-secret/)
})

fleet('failed over to a second server: what the first one knew is there, and no caller sees an error', async url => {
  const endpoint = await counting({ refresh_token: 'fake-refresh' })
  const account = { grant: 'password', username: 'ada', password: { env: 'CLIENT_SECRET' } }
  const standby = await postgres!.standby()
  const [own] = new URL(url).host.split('/')
  const both = url.replace(own!, `${own},${standby.host}`)
  // It is read-only yet, so the order does not matter.
  const reversed = url.replace(own!, `${standby.host},${own}`)
  const replicas = [await replica(both, endpoint.url, { account }), await replica(reversed, endpoint.url, { account })]
  assert.equal([...new Set(await bearers(replicas, 5))], ['Bearer fake-token-1'])
  const copied = url.replace(own!, standby.host)
  await eventually('copied', async () => {
    const rows = postgres!.query(copied, 'SELECT FROM bearerd.token WHERE token IS NOT NULL')
    return (await rows.catch(() => [])).length === 1
  })
  await postgres!.stop('kill')
  try {
    for (const { executor } of replicas) executor.forget('s')
    assert.is(new Set(await bearers(replicas, 5)).size, 2, 'each has its own while there is none')
    await standby.promote()
    await eventually('back', () => replicas.every(({ executor }) => executor.state.status.ok))
    const late = await replica(both, endpoint.url, { account })
    assert.is(await bearer(late), 'Bearer fake-token-1', 'the token that the first server had')
    assert.is(endpoint.requests.length, 3)
    for (const { executor } of [...replicas, late]) executor.forget('s')
    assert.equal([...new Set(await bearers([...replicas, late], 5))], ['Bearer fake-token-4'], 'shared again')
    assert.match(endpoint.requests[3]!.body, /grant_type=refresh_token&.*fake-refresh/)
  } finally {
    await postgres!.start()
  }
})

interface RotatingEndpoint extends hostile.StartedTokenEndpoint {
  /** How each was asked for. */
  grants(): (string | null)[]
  /** Refresh tokens that came a second time: a server ends all that was made of them (RFC 9700 section 4.14.2). */
  reused: string[]
}

/** A refresh token is good once; `defined` is the one that the account's definition starts with. */
async function rotatingEndpoint(
  defined = 'none',
  answered: (index: number) => unknown = () => {},
): Promise<RotatingEndpoint> {
  const good = new Set([defined])
  const reused: string[] = []
  const endpoint = await endpointOf(async ({ body }, index) => {
    const form = new URLSearchParams(body)
    const used = form.get('refresh_token')
    if (used !== null && !good.delete(used)) {
      reused.push(used)
      return hostile.json(400, { error: 'invalid_grant' })
    }
    good.add(`fake-refresh-${index + 1}`)
    await answered(index)
    return hostile.token(`fake-token-${index + 1}`, { refresh_token: `fake-refresh-${index + 1}` })
  })
  const grants = () => endpoint.requests.map(({ body }) => new URLSearchParams(body).get('grant_type'))
  return Object.assign(endpoint, { grants, reused })
}

/** Stopped while `work` runs. */
async function withoutDatabase<T>(work: () => Promise<T>): Promise<T> {
  await postgres!.stop()
  try {
    return await work()
  } finally {
    await postgres!.start()
  }
}

fleet(
  'without the database no refresh token is used that another replica may use: the grant runs instead',
  async url => {
    const endpoint = await rotatingEndpoint()
    const replicas = await Promise.all([1, 2, 3].map(() => replica(url, endpoint.url, { account: PASSWORD })))
    const all = async () => {
      for (const { executor } of replicas) executor.forget('s')
      return new Set(await bearers(replicas, 5)).size
    }
    assert.is(await all(), 1)
    assert.is(await all(), 1)
    assert.equal(endpoint.grants(), ['password', 'refresh_token'])
    await withoutDatabase(async () => {
      assert.is(await all(), 3, 'each has its own')
      assert.equal(endpoint.grants().slice(2), ['password', 'password', 'password'])
      assert.is(await all(), 3)
      assert.equal(endpoint.grants().slice(5), ['refresh_token', 'refresh_token', 'refresh_token'], 'each by its own')
    })
    await eventually('back', () => replicas.every(({ executor }) => executor.state.status.ok))
    assert.is(await all(), 1, 'shared again')
    assert.equal(endpoint.grants().slice(8), ['refresh_token'])
    assert.equal(endpoint.reused, [])
  },
)

const REFRESHED = { grant: 'refresh_token', refreshToken: { env: 'CLIENT_SECRET' } }

fleet('… and where nothing else opens the account, the token serves to its end; then callers are told', async url => {
  const endpoint = await rotatingEndpoint(SECRET)
  const clock = fakeClock()
  const replicas = await Promise.all(
    [1, 2].map(() => replica(url, endpoint.url, { account: REFRESHED, clock, random: () => 0 })),
  )
  assert.equal([...new Set(await bearers(replicas, 5))], ['Bearer fake-token-1'])
  await withoutDatabase(async () => {
    await clock.advance(3_599_000)
    assert.equal([...new Set(await bearers(replicas, 5))], ['Bearer fake-token-1'], 'to its end')
    await clock.advance(10_000)
    for (const one of replicas) {
      const { code, message } = await failure(bearer(one))
      assert.is(code, 'state_unavailable')
      assert.match(message, /^the refresh token of `s` is shared with other replicas.* the database .* is back/)
    }
    const late = await failure(bearer(await replica(url, endpoint.url, { account: REFRESHED, clock })))
    assert.is(late.code, 'state_unavailable', 'one that starts now')
  })
  await eventually('back', () => replicas.every(({ executor }) => executor.state.status.ok))
  await clock.advance(5_000)
  assert.equal([...new Set(await bearers(replicas, 5))], ['Bearer fake-token-2'])
  assert.equal(endpoint.grants(), ['refresh_token', 'refresh_token'])
  assert.equal(endpoint.reused, [])
})

fleet('a refresh token that is still good after its use is used by all, also without the database', async url => {
  const pairs = await Promise.all(
    [{}, { refresh_token: SECRET }].map(async member => {
      const endpoint = await counting(member)
      const replicas = await Promise.all([1, 2].map(() => replica(url, endpoint.url, { account: REFRESHED })))
      const all = async () => {
        for (const { executor } of replicas) executor.forget('s')
        return new Set(await bearers(replicas, 5)).size
      }
      return { endpoint, all }
    }),
  )
  const counts = () => Promise.all(pairs.map(({ all }) => all()))
  assert.equal(await counts(), [1, 1])
  assert.equal(await counts(), [1, 1])
  assert.equal(await withoutDatabase(counts), [2, 2], 'each has its own')
  for (const { endpoint } of pairs) {
    assert.is(endpoint.requests.length, 4)
    assert.ok(endpoint.requests.every(({ body }) => body.includes(`refresh_token=${SECRET}`)))
  }
})

fleet('the database goes while a refresh is answered: what came is used once it is back, by whoever', async url => {
  let answer = () => {}
  const endpoint = await rotatingEndpoint(SECRET, index =>
    index === 1 ? new Promise<void>(resolve => (answer = resolve)) : undefined,
  )
  const options = { account: REFRESHED, random: () => 0 }
  const [one, other] = [await replica(url, endpoint.url, options), await replica(url, endpoint.url, options)]
  await bearers([one, other])
  one.executor.forget('s')
  const asked = bearer(one)
  await eventually('asked', () => endpoint.requests.length === 2)
  // It does not end by itself before the database is back.
  await postgres!.query(url, `UPDATE bearerd.token SET lease_until = now() + interval '1 hour'`)
  await withoutDatabase(async () => {
    answer()
    assert.is(await asked, 'Bearer fake-token-2')
  })
  // Who has something to write goes first for three seconds, which a busy machine may need to see the database again.
  await eventually('back', () => [one, other].every(({ executor }) => executor.state.status.ok))
  other.executor.forget('s')
  assert.is(await bearer(other), 'Bearer fake-token-3')
  assert.equal(endpoint.reused, [])
})

fleet(
  'whoever asks in place of one that died does not use the refresh token that the other one may have used',
  async url => {
    const endpoint = await rotatingEndpoint()
    const one = await replica(url, endpoint.url, { account: PASSWORD })
    await bearer(one)
    // As one that was killed while it asked leaves the row.
    await postgres!.query(
      url,
      `UPDATE bearerd.token SET lease_owner = gen_random_uuid(), lease_until = now() - interval '1 s'`,
    )
    one.executor.forget('s')
    await bearer(one)
    assert.equal(endpoint.grants(), ['password', 'password'])
  },
)

/** Between a replica and the database: can be cut off without anything else noticing. */
async function cuttable(url: string) {
  const { hostname, port } = new URL(url)
  const sockets = new Set<Socket>()
  let isCut = false
  const server = createServer(socket => {
    socket.on('error', () => {})
    if (isCut) return void socket.destroy()
    const through = connect(Number(port), hostname)
    through.on('error', () => {})
    sockets.add(socket)
    socket.once('close', () => through.destroy())
    through.once('close', () => socket.destroy())
    socket.pipe(through).pipe(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const end = () => {
    for (const socket of sockets) socket.destroy()
    sockets.clear()
  }
  opened.push(() => {
    end()
    server.close()
  })
  const cut = () => {
    isCut = true
    end()
  }
  const mend = () => {
    isCut = false
  }
  const here = new URL(url)
  here.host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url: here.href, cut, mend }
}

const sourceOf = ({ executor }: Replica) => executor.service('s').account.source

fleet(
  'a replica is cut off within a refresh that it alone can finish: the others wait for it, and it is not used twice',
  async url => {
    let answer = () => {}
    const endpoint = await rotatingEndpoint(SECRET, index =>
      index === 1 ? new Promise<void>(resolve => (answer = resolve)) : undefined,
    )
    const clock = fakeClock()
    const options = { account: REFRESHED, clock, random: () => 0 }
    const line = await cuttable(url)
    const [cutOff, other] = [await replica(line.url, endpoint.url, options), await replica(url, endpoint.url, options)]
    assert.equal([...new Set(await bearers([cutOff, other]))], ['Bearer fake-token-1'])
    // Used, so that this one renews; the other one asks later.
    await bearer(cutOff)
    await clock.advance(3_600_000 * 0.8)
    await eventually('asked', () => endpoint.requests.length === 2)
    line.cut()
    const abandoned = 'SELECT FROM bearerd.token WHERE lease_until < now()'
    await eventually('the lease ends', async () => (await postgres!.query(url, abandoned)).length === 1, 30_000)
    assert.is(await bearer(other), 'Bearer fake-token-1')
    await eventually('told', () => sourceOf(other).state === 'degraded', 30_000)
    assert.match(sourceOf(other).lastError!.message, /used the refresh token of `s`.* not sent again before .* ends$/)
    assert.is(endpoint.requests.length, 2)
    answer()
    await eventually('it has the next one', async () => (await bearer(cutOff)) === 'Bearer fake-token-2')
    line.mend()
    await eventually('written', async () => (await postgres!.query(url, abandoned)).length === 0, 30_000)
    await clock.advance(60_000)
    await eventually('renewed', async () => (await bearer(other)) === 'Bearer fake-token-3', 30_000)
    assert.equal(endpoint.grants(), ['refresh_token', 'refresh_token', 'refresh_token'])
    assert.equal(endpoint.reused, [])
  },
)

fleet('… and when it never comes back, the refresh token is sent once the token has ended', async url => {
  const endpoint = await rotatingEndpoint(SECRET)
  const clock = fakeClock()
  const one = await replica(url, endpoint.url, { account: { ...REFRESHED, timeout: '500ms' }, clock, random: () => 0 })
  await bearer(one)
  await bearer(one)
  await postgres!.query(
    url,
    `UPDATE bearerd.token SET lease_owner = gen_random_uuid(), lease_until = now() - interval '1 s'`,
  )
  await clock.advance(3_600_000 * 0.8)
  await eventually('told', () => sourceOf(one).state === 'degraded')
  assert.is(endpoint.requests.length, 1)
  await clock.advance(3_600_000 * 0.2)
  await eventually('taken over', async () => (await bearer(one).catch(() => '')) === 'Bearer fake-token-2', 30_000)
  assert.equal(endpoint.reused, [])
})

fleet('a list of client secrets: the replicas find the one that works together, and share its token', async url => {
  const endpoint = await endpointOf(({ headers }, index) => {
    const known = headers.authorization === `Basic ${Buffer.from(`app:${OTHER_SECRET}`).toString('base64')}`
    return known ? hostile.token(`fake-token-${index + 1}`) : hostile.json(401, { error: 'invalid_client' })
  })
  const account = { clientSecret: [{ env: 'CLIENT_SECRET' }, { env: 'OTHER_SECRET' }] }
  const replicas = await Promise.all([1, 2, 3].map(() => replica(url, endpoint.url, { account })))
  assert.equal([...new Set(await bearers(replicas, 5))], ['Bearer fake-token-2'])
  assert.is(endpoint.requests.length, 2, 'the first secret is refused once, the second one works')
  // In another order, it is the same token.
  const turned = { clientSecret: [{ env: 'OTHER_SECRET' }, { env: 'CLIENT_SECRET' }] }
  assert.is(await bearer(await replica(url, endpoint.url, { account: turned })), 'Bearer fake-token-2')
  assert.is(endpoint.requests.length, 2)
})

fleet(
  'a database that hangs costs each replica one wait',
  async url => {
    const endpoint = await counting()
    const one = await replica(url, endpoint.url)
    await bearer(one)
    await postgres!.freeze()
    try {
      one.executor.forget('s')
      const startMs = performance.now()
      assert.is(await bearer(one), 'Bearer fake-token-2')
      assert.ok(performance.now() - startMs < 60_000)
      assert.not.ok(one.executor.state.status.ok)
      one.executor.forget('s')
      assert.is(await bearer(one), 'Bearer fake-token-3', 'and this one waited for nothing')
    } finally {
      postgres!.thaw()
    }
    await eventually('back', () => one.executor.state.status.ok)
  },
  'default',
)

fleet('a read-only database is none; it counts as soon as it can be written', async url => {
  const endpoint = await counting()
  const name = new URL(url).pathname.slice(1)
  await postgres!.query(url, `ALTER DATABASE ${name} SET default_transaction_read_only = on`)
  const one = await replica(url, endpoint.url)
  assert.is(await bearer(one), 'Bearer fake-token-1')
  assert.match(one.executor.state.status.lastError!, /is read-only/)
  const elsewhere = url.replace(name, 'postgres')
  await postgres!.query(elsewhere, `ALTER DATABASE ${name} RESET default_transaction_read_only`)
  await eventually('writable', () => one.executor.state.status.ok)
})

fleet('a changed key: what was kept counts as not there, and is kept anew', async url => {
  const endpoint = await counting({ refresh_token: 'fake-refresh' })
  const account = { grant: 'password', username: 'ada', password: { env: 'CLIENT_SECRET' } }
  await bearer(await replica(url, endpoint.url, { account }))
  const [second, third] = await Promise.all([1, 2].map(() => replica(url, endpoint.url, { account, key: OTHER_KEY })))
  assert.equal([...new Set(await bearers([second!, third!]))], ['Bearer fake-token-2'])
  assert.not.match(endpoint.requests[1]!.body, /fake-refresh/)
  const keys = await postgres!.query<{ key_id: string }>(url, 'SELECT DISTINCT key_id FROM bearerd.token')
  assert.is(keys.length, 2)
})

fleet(
  'a key is changed by a list: nothing is asked for anew, and no refresh token is lost or used twice',
  async url => {
    const endpoint = await rotatingEndpoint(SECRET)
    const start = (...keys: string[]) => replica(url, endpoint.url, { account: REFRESHED, keys })
    const renewed = (one: Replica) => {
      one.executor.forget('s')
      return bearer(one)
    }
    const oldAlone = await start(KEY)
    assert.is(await bearer(oldAlone), 'Bearer fake-token-1')
    assert.is(await renewed(oldAlone), 'Bearer fake-token-2')
    const oldFirst = await start(KEY, OTHER_KEY)
    assert.is(await bearer(oldFirst), 'Bearer fake-token-2')
    await oldAlone.executor[Symbol.asyncDispose]()
    const newFirst = await start(OTHER_KEY, KEY)
    assert.is(await bearer(newFirst), 'Bearer fake-token-2', 'encrypted anew')
    assert.is(await renewed(oldFirst), 'Bearer fake-token-3', 'and found by those of before')
    assert.is(await renewed(newFirst), 'Bearer fake-token-3')
    assert.is(await renewed(newFirst), 'Bearer fake-token-4')
    await oldFirst.executor[Symbol.asyncDispose]()
    const newAlone = await start(OTHER_KEY)
    assert.is(await bearer(newAlone), 'Bearer fake-token-4')
    assert.is(await renewed(newAlone), 'Bearer fake-token-5')
    assert.equal(endpoint.reused, [])
    assert.is((await postgres!.query(url, 'SELECT FROM bearerd.token')).length, 1)
  },
)

fleet('while the key is changed, replicas with either order ask once', async url => {
  const endpoint = await rotatingEndpoint(SECRET)
  const orders = [
    [KEY, OTHER_KEY],
    [OTHER_KEY, KEY],
  ]
  const replicas = await Promise.all(
    [...orders, ...orders].map(keys => replica(url, endpoint.url, { account: REFRESHED, keys })),
  )
  for (const round of [1, 2, 3]) {
    assert.equal([...new Set(await bearers(replicas, 5))], [`Bearer fake-token-${round}`])
    assert.is(endpoint.requests.length, round)
    for (const { executor } of replicas) executor.forget('s')
  }
  assert.equal(endpoint.reused, [])
})

fleet('a row that was changed by somebody counts as not there', async url => {
  const endpoint = await counting()
  await bearer(await replica(url, endpoint.url))
  await postgres!.query(url, `UPDATE bearerd.token SET token = set_byte(token, 40, get_byte(token, 40) # 1)`)
  assert.is(await bearer(await replica(url, endpoint.url)), 'Bearer fake-token-2')
})

fleet('nothing secret is in the tables, in any form', async url => {
  const endpoint = await counting({ refresh_token: 'fake-refresh-token', api: 'fake-member' })
  const account = {
    grant: 'password',
    username: 'ada',
    password: { env: 'CLIENT_SECRET' },
    tokenResponse: { publish: { api: { at: '/api' } } },
  }
  await bearer(await replica(url, endpoint.url, { account }))
  const rows = await postgres!.query<Record<string, unknown>>(url, 'SELECT * FROM bearerd.token')
  assert.is(rows.length, 1)
  assert.ok(rows[0]!.token && rows[0]!.refresh_token && rows[0]!.expires_at)
  const bytes = Object.values(rows[0]!).map(value =>
    Buffer.isBuffer(value) ? value.toString('latin1') : String(value),
  )
  const dump = [...bytes, JSON.stringify(rows)].join('\n')
  const hidden = ['fake-token', 'fake-refresh', 'fake-member', SECRET, 'ada', KEY, endpoint.url, '127.0.0.1', 'app']
  for (const text of hidden) {
    for (const form of [
      text,
      Buffer.from(text).toString('hex'),
      Buffer.from(text).toString('base64').replace(/=+$/, ''),
    ])
      assert.not.ok(dump.includes(form), `${text} as ${form}`)
  }
})

fleet('a command does not connect', async url => {
  const endpoint = await counting()
  const one = await replica(url, endpoint.url, { shortRun: true })
  assert.is(one.executor.state.status.kind, 'memory')
  assert.is(await bearer(one), 'Bearer fake-token-1')
  const [found] = await postgres!.query<{ schema: string | null }>(
    url,
    `SELECT to_regnamespace('bearerd')::text AS schema`,
  )
  assert.is(found!.schema, null)
})

fleet('a user who may not make tables: told, and no caller is in trouble', async url => {
  const endpoint = await counting()
  const name = new URL(url).pathname.slice(1)
  await postgres!.query(
    url,
    `CREATE ROLE guest LOGIN; REVOKE ALL ON DATABASE ${name} FROM PUBLIC; GRANT CONNECT ON DATABASE ${name} TO guest`,
  )
  const one = await replica(url.replace('//bearerd:', '//guest:'), endpoint.url)
  assert.is(await bearer(one), 'Bearer fake-token-1')
  assert.match(one.executor.state.status.lastError!, /does not permit/)
})

test('a key or a URL that can never be used ends the start, with words and without the secret', async () => {
  const url = 'postgresql://fake:fake-password@127.0.0.1:9/x'
  const short = await failure(replica(url, 'https://id.example/token', { key: 'fake-short-key' }))
  assert.is(short.code, 'state_unavailable')
  assert.match(short.message, /`daemon.state.encryptionKey` is not 32 bytes .*openssl rand/)
  const odd = await failure(replica('mysql://fake:fake-password@h/x', 'https://id.example/token'))
  assert.match(odd.message, /`daemon.state.url` is not a URL such as postgresql/)
  assert.not.match(`${short.message} ${odd.message}`, /fake-short-key|fake-password/)
})

test.run()
