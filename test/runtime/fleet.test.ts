import { generateKeyPairSync } from 'node:crypto'
import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from 'jose'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { NEWEST_VERSION } from '../../src/runtime/state/migrations.ts'
import { fakeClock } from '../support/fake-clock.ts'
import * as hostile from '../support/hostile-token-endpoint.ts'
import {
  bearer,
  bearers,
  counting,
  definitions,
  endpointOf,
  eventually,
  failure,
  fleet,
  KEY,
  OTHER_KEY,
  OTHER_SECRET,
  opened,
  PASSWORD,
  postgres,
  REFRESHED,
  type Replica,
  replica,
  rotatingEndpoint,
  SECRET,
} from '../support/replicas.ts'

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
