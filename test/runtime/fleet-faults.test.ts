// Replicas that share a real PostgreSQL, when one of them dies or is cut off, and when the database is away, slow or another
// one: nobody notices, and no refresh token is used twice.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
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
  opened,
  PASSWORD,
  postgres,
  REFRESHED,
  type Replica,
  replica,
  rotatingEndpoint,
  SECRET,
} from '../support/replicas.ts'
import { withFolder } from '../support/with-folder.ts'

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
  const one = await replica(url, endpoint.url, { account: REFRESHED, clock, random: () => 0 })
  await bearer(one)
  await bearer(one)
  await postgres!.query(
    url,
    `UPDATE bearerd.token SET lease_owner = gen_random_uuid(), lease_until = now() - interval '1 hour'`,
  )
  await clock.advance(3_600_000 * 0.8)
  await eventually('told', () => sourceOf(one).state === 'degraded')
  assert.is(endpoint.requests.length, 1)
  await clock.advance(3_600_000 * 0.2)
  await eventually('taken over', async () => (await bearer(one).catch(() => '')) === 'Bearer fake-token-2', 30_000)
  assert.equal(endpoint.reused, [])
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

test.run()
