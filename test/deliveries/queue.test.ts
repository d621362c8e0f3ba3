// Both queues, the embedded one and the one on PostgreSQL: order, what may be claimed, what a restart finds, and how large it may grow.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { PgBoss } from 'pg-boss'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { AppError } from '../../src/base/error.ts'
import type { DeliveryJob } from '../../src/deliveries/delivery.ts'
import type { ClaimLimits, DeliveryQueue, Outcome } from '../../src/deliveries/queue/delivery-queue.ts'
import { JOBS_SCHEMA } from '../../src/deliveries/queue/jobs.ts'
import { COUNTS } from '../../src/deliveries/queue/postgres-waiting.ts'
import { openSqliteQueue } from '../../src/deliveries/queue/sqlite.ts'
import { emptyDatabase, openShared, postgres, sql } from '../support/queues.ts'

const root = mkdtempSync(join(tmpdir(), 'bearerd-queue-'))
test.after(() => rmSync(root, { recursive: true }))

async function supervise(url: string): Promise<void> {
  const boss = new PgBoss({ connectionString: url, schema: JOBS_SCHEMA, supervise: false, schedule: false, max: 2 })
  await boss.start()
  await sql(url, `UPDATE ${JOBS_SCHEMA}.queue SET monitor_on = NULL, monitor_claim_on = NULL`)
  await boss.supervise()
  await boss.stop({ graceful: false })
}

/** As when the replica that has them died a minute ago; also of one that lives, and says so in between. */
async function loseHeartbeats(url: string): Promise<void> {
  for (;;) {
    await sql(url, `UPDATE ${JOBS_SCHEMA}.job SET heartbeat_on = now() - interval '1 minute' WHERE state = 'active'`)
    await supervise(url)
    const active = await sql(url, `SELECT FROM ${JOBS_SCHEMA}.job WHERE state = 'active'`)
    if (active.length === 0) break
  }
}

let count = 0
interface Place {
  open(): Promise<DeliveryQueue>
  /** Its process was killed. */
  die(queue: DeliveryQueue): Promise<void>
}
const kinds: Record<string, () => Promise<Place>> = {
  async sqlite() {
    const place = join(root, `${count++}`, 'queue.db')
    return { open: async () => openSqliteQueue(place), die: queue => queue.close() }
  },
  ...(postgres && {
    async postgres() {
      const place = await emptyDatabase()
      return { open: () => openShared(place), die: () => loseHeartbeats(place) }
    },
  }),
}

type Run = (queue: DeliveryQueue, place: Place) => Promise<void>
function testBoth(name: string, run: Run): void {
  for (const [kind, create] of Object.entries(kinds))
    test(`${kind}: ${name}`, async () => {
      const place = await create()
      const queue = await place.open()
      try {
        await run(queue, place)
      } finally {
        if (!queue.shared) await queue.close().catch(() => undefined)
      }
    })
}

/** Words for ids, to read. */
const idOf = (name: string): string =>
  `${Buffer.from(name).toString('hex').padStart(8, '0').slice(-8)}-0000-4000-8000-000000000000`
const nameOf = (id: string): string => Buffer.from(id.slice(0, 8), 'hex').toString().replaceAll('\0', '')

/** Now, where other processes do not live by our clock. */
const T = Date.now()

const FILE = { name: 'ü "x".pdf', size: 5, type: 'a/b', path: 'content/0', sha256: 'ab' }
function job(name: string, action = 'a', createdAtMs = T): DeliveryJob {
  return { id: idOf(name), action, params: { tenant: 'x' }, input: { n: [1, null] }, files: [FILE], createdAtMs }
}
const add = (queue: DeliveryQueue, name: string, action = 'a', ordered = false) =>
  queue.add(job(name, action), { ordered })

const HOUR_MS = 3_600_000
const claim = (queue: DeliveryQueue, limits: Partial<ClaimLimits> = {}) =>
  queue.claim({ nowMs: Date.now(), count: 10, except: [], ordered: [], ...limits })
const claimNames = async (queue: DeliveryQueue, limits: Partial<ClaimLimits> = {}): Promise<string[]> => {
  const { records } = await claim(queue, limits)
  return records.map(({ id }) => nameOf(id))
}

const outcome = (change: Partial<Outcome>): Outcome => ({
  state: 'pending',
  attempts: 1,
  nextAttemptAtMs: null,
  lastError: null,
  settledAtMs: null,
  ...change,
})
const dead = outcome({ state: 'dead', settledAtMs: T })
const delivered = outcome({ state: 'delivered', settledAtMs: T })

testBoth('a job comes back as it was given', async queue => {
  const added = await add(queue, 'one')
  const { seq: _seq, ...record } = (await queue.get(idOf('one')))!
  const waits = {
    state: 'pending',
    attempts: 0,
    sent: 0,
    nextAttemptAtMs: T,
    lastError: null,
    settledAtMs: null,
    response: null,
  }
  assert.equal(record, { ...job('one'), ...waits })
  assert.equal(added, await queue.get(idOf('one')))
  assert.equal([await queue.get(idOf('two')), await queue.get('no id')], [undefined, undefined])
})

testBoth('the same key several times at once is one delivery', async queue => {
  await add(queue, 'zero')
  const all = await Promise.all(['one', 'two', 'six'].map(name => queue.add(job(name), { ordered: false, key: 'k' })))
  assert.is(new Set(all.map(({ id }) => id)).size, 1)
  assert.is((await queue.list({ limit: 10 })).length, 2)
})

testBoth('a key that was given before: the delivery of then, as it is now, and no second one', async queue => {
  const first = await queue.add(job('one'), { ordered: false, key: 'k' })
  const again = async (name: string, key: string) =>
    (await queue.add(job(name), { ordered: false, key, content: Buffer.from('hello') })).id
  const both = await Promise.all([again('two', 'k'), again('six', 'k')])
  assert.equal(both, [first.id, first.id])
  assert.is(await again('ten', 'other'), idOf('ten'))
  assert.equal((await claimNames(queue)).sort(), ['one', 'ten'])
  assert.is((await queue.add(job('two'), { ordered: false, key: 'k' })).state, 'running')
  await queue.settle(idOf('one'), delivered, undefined)
  await queue.remove(idOf('one'))
  assert.is(await again('two', 'k'), idOf('two'))
})

testBoth(
  'many at once: each is there, in the order in which they came, also where one goes after the other',
  async queue => {
    const names = Array.from({ length: 12 }, (_, n) => `n${n}`)
    const added = await Promise.all(names.map(name => add(queue, name, 'line', true)))
    assert.equal(
      added.map(({ id }) => nameOf(id)),
      names,
    )
    assert.ok(added.every(({ seq }, n) => n === 0 || seq > added[n - 1]!.seq))
    const limits = { ordered: ['line'] }
    for (const name of names) {
      assert.equal(await claimNames(queue, limits), [name])
      await queue.settle(idOf(name), delivered, undefined)
    }
  },
)

testBoth('claimed once; not those of other actions; not before its time', async queue => {
  for (const [name, action] of [
    ['a1', 'a'],
    ['b1', 'b'],
    ['a2', 'a'],
  ] as const)
    await add(queue, name, action)
  assert.equal(await claimNames(queue, { except: ['b'] }), ['a1', 'a2'])
  assert.equal(await claimNames(queue, { except: ['b'] }), [])
  assert.is(await queue.settle(idOf('a1'), outcome({ nextAttemptAtMs: Date.now() + HOUR_MS }), undefined), true)
  const nowMs = Date.now()
  const { records, nextDueMs } = await claim(queue, { nowMs, except: ['b'] })
  assert.equal(records, [])
  // Where others may add or leave something, it looks again sooner.
  assert.ok(queue.shared ? nextDueMs! <= nowMs + 2_000 : nextDueMs! > nowMs + HOUR_MS - 60_000)
  assert.equal(await claimNames(queue), ['b1'])
})

testBoth('due at the time that was said', async queue => {
  await add(queue, 'one')
  await claim(queue)
  await queue.settle(idOf('one'), outcome({ nextAttemptAtMs: Date.now() + 3_000 }), undefined)
  const nowMs = Date.now()
  const { records, nextDueMs } = await claim(queue, { nowMs })
  assert.equal([records, nextDueMs! <= nowMs + 3_001], [[], true])
  for (;;) {
    await sleep(nextDueMs! - nowMs)
    if ((await claimNames(queue)).includes('one')) break
  }
})

testBoth('ordered: the oldest open one only, and never around one that waits or runs', async queue => {
  for (const name of ['one', 'two', 'six']) await add(queue, name, 'a', true)
  const ordered = { ordered: ['a'] }
  assert.equal(await claimNames(queue, { ...ordered, except: ['a'] }), [])
  assert.equal(await claimNames(queue, ordered), ['one'])
  assert.equal(await claimNames(queue, ordered), [])
  await queue.settle(idOf('one'), outcome({ nextAttemptAtMs: Date.now() + HOUR_MS }), undefined)
  assert.equal(await claimNames(queue, ordered), [])
  await queue.expedite(['a'], Date.now())
  assert.equal(await claimNames(queue, ordered), ['one'])
  await queue.settle(idOf('one'), dead, undefined)
  assert.equal(await claimNames(queue, ordered), ['two'])
  await queue.revive(idOf('one'), Date.now())
  assert.equal(await claimNames(queue, ordered), [])
  await queue.settle(idOf('two'), delivered, undefined)
  assert.equal(await claimNames(queue, ordered), ['one'])
})

testBoth('an action that became ordered, or is not any more', async queue => {
  for (const name of ['one', 'two']) await add(queue, name)
  await queue.arrange({ ordered: ['a'], parallel: [] }, Date.now())
  assert.equal(await claimNames(queue, { ordered: ['a'] }), ['one'])
  await queue.settle(idOf('one'), outcome({ nextAttemptAtMs: Date.now() }), undefined)
  await queue.arrange({ ordered: [], parallel: ['a'] }, Date.now())
  assert.equal((await claimNames(queue)).sort(), ['one', 'two'])
})

testBoth('an outcome with its attempt, its problem and its answer', async queue => {
  await add(queue, 'one')
  await claim(queue)
  const problem = { code: 'delivery_refused', message: 'm \0', status: 503 }
  await queue.settle(idOf('one'), outcome({ nextAttemptAtMs: T, lastError: problem }), {
    atMs: 1,
    durationMs: 2.6,
    status: 503,
    problem,
  })
  const waiting = (await queue.get(idOf('one')))!
  assert.equal([waiting.state, waiting.nextAttemptAtMs, waiting.lastError], ['pending', T, problem])
  assert.equal(await claimNames(queue), ['one'])
  const response = { status: 200, contentType: 'x/y', body: Buffer.from([0, 255]), cut: false }
  await queue.settle(idOf('one'), outcome({ state: 'delivered', attempts: 2, settledAtMs: T, response }), {
    atMs: 3,
    durationMs: 4,
    status: 200,
  })
  assert.equal((await queue.get(idOf('one')))!.response, response)
  assert.equal(await queue.attempts(idOf('one')), [
    { atMs: 1, durationMs: 3, status: 503, problem },
    { atMs: 3, durationMs: 4, status: 200 },
  ])
  assert.equal(await queue.settledBefore(T), [])
  assert.equal(await queue.settledBefore(T + 1), [idOf('one')])
  assert.equal(await queue.openAmong([idOf('one')]), [])
})

testBoth('only dead ones revive, only those that do not run are removed', async queue => {
  const id = idOf('one')
  await add(queue, 'one')
  assert.is(await queue.revive(id, T), false)
  await claim(queue)
  assert.is(await queue.remove(id), false)
  await queue.settle(id, dead, { atMs: 1, durationMs: 1 })
  assert.equal(await claimNames(queue), [])
  assert.is(await queue.revive(id, T), true)
  assert.equal([(await queue.get(id))!.attempts, await claimNames(queue)], [0, ['one']])
  await queue.settle(id, dead, undefined)
  assert.is(await queue.remove(id), true)
  assert.equal([await queue.get(id), await queue.attempts(id), await queue.remove(id)], [undefined, [], false])
})

testBoth('what ran when the process died runs again, with the requests that were delivered', async (queue, place) => {
  for (const name of ['one', 'two']) await add(queue, name)
  assert.equal(await claimNames(queue, { count: 1 }), ['one'])
  await queue.progress(idOf('one'), 3)
  await place.die(queue)
  const again = await place.open()
  const records = (await claim(again)).records
  assert.equal(
    records.map(({ id, sent, attempts }) => [nameOf(id), sent, attempts]),
    [
      ['one', 3, 0],
      ['two', 0, 0],
    ],
  )
  assert.equal(await again.counts(), new Map([['a', 2]]))
  if (!again.shared) await again.close()
})

testBoth('lists: the newest first, filtered, in pages', async queue => {
  for (let n = 0; n < 6; n++) await add(queue, `${n}`, n % 2 ? 'odd' : 'even')
  const names = async (filter: object) => (await queue.list({ limit: 10, ...filter })).map(({ id }) => nameOf(id))
  assert.equal(await names({}), ['5', '4', '3', '2', '1', '0'])
  assert.equal(await names({ action: ['odd'] }), ['5', '3', '1'])
  assert.equal(await names({ state: ['dead'] }), [])
  const [, second] = await queue.list({ limit: 2 })
  assert.equal([second!.params, second!.files], [{ tenant: 'x' }, [FILE]])
  assert.equal(await names({ before: second!.seq, limit: 3 }), ['3', '2', '1'])
})

testBoth('whose files are needed, and how much they take', async queue => {
  for (const name of ['one', 'two', 'six']) await add(queue, name)
  assert.is(await queue.storedBytes(), 15)
  await claim(queue, { count: 2 })
  await queue.settle(idOf('one'), delivered, undefined)
  await queue.settle(idOf('two'), dead, undefined)
  const ids = ['one', 'two', 'six', 'ten'].map(idOf)
  assert.equal((await queue.undeliveredAmong([...ids, 'no id'])).map(nameOf).sort(), ['six', 'two'])
  assert.equal((await queue.openAmong(ids)).map(nameOf), ['six'])
  assert.is(await queue.storedBytes(), 10)
})

testBoth('an action whose deliveries should not wait', async queue => {
  await add(queue, 'one')
  await claim(queue)
  await queue.settle(idOf('one'), outcome({ nextAttemptAtMs: Date.now() + HOUR_MS }), undefined)
  await queue.expedite(['b'], T)
  await queue.expedite(['a'], T, ['token_refused'])
  assert.equal(await claimNames(queue), [])
  await queue.expedite(['a'], T)
  assert.equal(await claimNames(queue), ['one'])
  const lastError = { code: 'token_refused', message: 'no' }
  await queue.settle(idOf('one'), outcome({ lastError, nextAttemptAtMs: Date.now() + HOUR_MS }), undefined)
  await queue.expedite(['a', 'b'], T, ['token_timeout', 'token_refused'])
  assert.equal(await claimNames(queue), ['one'])
})

test('sqlite: what is accepted after a full disk is waited for by the disk again', async () => {
  const { exec } = DatabaseSync.prototype
  let full = ''
  let waitsForDisk: boolean | undefined
  DatabaseSync.prototype.exec = function (text) {
    if (/^PRAGMA synchronous = /.test(text)) waitsForDisk = text.endsWith('FULL')
    if (text === full) throw Object.assign(new Error('disk is full'), { errcode: 13 })
    return exec.call(this, text)
  }
  const queue = openSqliteQueue(join(root, `${count++}`, 'queue.db'))
  try {
    await add(queue, 'one')
    for (full of ['COMMIT', 'BEGIN IMMEDIATE']) {
      const failed = await claim(queue).catch(error => error.code)
      assert.equal([failed, waitsForDisk], ['storage_full', true])
    }
    full = ''
  } finally {
    DatabaseSync.prototype.exec = exec
    await queue.close()
  }
})

test('sqlite: one process at a time, and a file that is no database', async () => {
  const path = join(root, 'held', 'queue.db')
  const queue = openSqliteQueue(path)
  assert.throws(() => openSqliteQueue(path), /another bearerd uses it/)
  assert.throws(() => openSqliteQueue(import.meta.filename), /cannot be used/)
  await queue.close()
})

if (postgres) {
  const openTwo = async () => {
    const url = await emptyDatabase()
    const [first, second] = await Promise.all([openShared(url), openShared(url)])
    return { url, first: first!, second: second! }
  }

  test('postgres: many that start at once make the tables once', async () => {
    const url = await postgres!.database()
    const queues = await Promise.all(Array.from({ length: 6 }, () => openShared(url)))
    for (const [index, queue] of queues.entries()) await add(queue, `${index}`)
    assert.is((await claimNames(queues[0]!)).length, 6)
  })

  test('postgres: two replicas that claim at once share the deliveries, each one once', async () => {
    const { first, second } = await openTwo()
    for (let n = 0; n < 40; n++) await add(first, `${n}`)
    const claims = Array.from({ length: 20 }, (_, n) => claimNames(n % 2 ? first : second, { count: 2 }))
    const claimed = (await Promise.all(claims)).flat()
    assert.equal([claimed.length, new Set(claimed).size], [40, 40])
  })

  test('postgres: ordered holds over the fleet', async () => {
    const { first, second } = await openTwo()
    for (const name of ['one', 'two', 'six']) await add(first, name, 'a', true)
    const claims = Array.from({ length: 6 }, (_, n) => claimNames(n % 2 ? first : second, { ordered: ['a'] }))
    assert.equal((await Promise.all(claims)).flat(), ['one'])
  })

  test('postgres: a claim stands as long as its replica says so', async () => {
    const url = await emptyDatabase()
    const queue = await openShared(url)
    await add(queue, 'one')
    await claim(queue)
    await sql(url, `UPDATE ${JOBS_SCHEMA}.job SET heartbeat_on = now() - interval '1 minute'`)
    await queue.keepAlive()
    const [row] = await sql<{ age: number }>(
      url,
      `SELECT extract(epoch FROM now() - heartbeat_on)::float AS age FROM ${JOBS_SCHEMA}.job`,
    )
    assert.ok(row!.age < 30)
  })

  test('postgres: what takes days to be sent is not taken over while its replica says that it goes on', async () => {
    const { url, first, second } = await openTwo()
    await add(first, 'one')
    assert.equal(await claimNames(first), ['one'])
    await sql(url, `UPDATE ${JOBS_SCHEMA}.job SET started_on = now() - interval '30 days'`)
    await first.keepAlive()
    await supervise(url)
    assert.equal(await claimNames(second), [])
    assert.is(await first.settle(idOf('one'), delivered, undefined), true)
  })

  test('postgres: a replica that lost its claim changes nothing any more', async () => {
    const { url, first, second } = await openTwo()
    await add(first, 'one')
    const id = idOf('one')
    assert.equal(await claimNames(first), ['one'])
    await loseHeartbeats(url)
    assert.equal(await claimNames(second), ['one'])
    assert.is(await first.settle(id, dead, { atMs: 1, durationMs: 1 }), false)
    assert.equal([(await second.get(id))!.state, await second.attempts(id)], ['running', []])
    assert.is(await second.settle(id, delivered, undefined), true)
    assert.is((await first.get(id))!.state, 'delivered')
  })

  test('postgres: ordered goes on when the replica died that sent the head', async () => {
    const { url, first, second } = await openTwo()
    for (const name of ['one', 'two']) await add(first, name, 'a', true)
    assert.equal(await claimNames(first, { ordered: ['a'] }), ['one'])
    await loseHeartbeats(url)
    assert.equal(await claimNames(second, { ordered: ['a'] }), ['one'])
    await second.settle(idOf('one'), delivered, undefined)
    assert.equal(await claimNames(second, { ordered: ['a'] }), ['two'])
  })

  test('postgres: content, and what else a delivery holds, is not readable without the key', async () => {
    const url = await emptyDatabase()
    const queue = await openShared(url)
    const secret = 'fake-secret-content'
    const given = { ...job('one'), input: { secret }, params: { tenant: secret }, files: [{ ...FILE, name: secret }] }
    await queue.add(given, { ordered: false, content: Buffer.from(secret) })
    await claim(queue)
    const response = { status: 200, body: Buffer.from(secret), cut: false }
    assert.is((await queue.content(idOf('one')))!.toString(), secret)
    const shown = async (table: string) =>
      JSON.stringify(await sql(url, `SELECT row_to_json(t)::text AS row FROM ${table} t`))
    const rows = async () =>
      (await Promise.all(['bearerd.delivery', 'bearerd.delivery_content', `${JOBS_SCHEMA}.job`].map(shown))).join('')
    const hidden = [secret, Buffer.from(secret).toString('hex'), Buffer.from(secret).toString('base64')]
    const before = await rows()
    await queue.settle(idOf('one'), { ...delivered, response }, undefined)
    const all = before + (await rows())
    for (const text of hidden) assert.not.ok(all.includes(text), text)
    assert.is(await queue.content(idOf('one')), undefined)
    assert.is((await queue.get(idOf('one')))!.response!.body.toString(), secret)
  })

  test('postgres: deliveries of another key wait, and are not seen', async () => {
    const url = await emptyDatabase()
    const [queue, other] = [await openShared(url), await openShared(url, 'cd'.repeat(32))]
    await add(queue, 'one')
    assert.equal(
      [await claimNames(other), await other.get(idOf('one')), await other.list({ limit: 9 })],
      [[], undefined, []],
    )
    assert.equal(await claimNames(queue), ['one'])
  })

  test('postgres: what waits is counted in an index alone, which is kept fit for it', async () => {
    const url = await emptyDatabase()
    const queue = await openShared(url)
    await Promise.all(Array.from({ length: 50 }, (_, n) => add(queue, `n${n}`, n % 2 ? 'a' : 'b')))
    await sql(url, 'VACUUM ANALYZE bearerd.delivery')
    await sql(url, 'SET enable_seqscan = off; SET enable_bitmapscan = off')
    const [{ key_id: keyId }] = (await sql<{ key_id: string }>(url, 'SELECT key_id FROM bearerd.delivery')) as [never]
    const explain = `EXPLAIN (ANALYZE, TIMING OFF) ${COUNTS.replaceAll('$1', `'${keyId}'`)}`
    const plan = (await sql<{ 'QUERY PLAN': string }>(url, explain)).map(row => row['QUERY PLAN']).join(' ')
    await sql(url, 'RESET enable_seqscan; RESET enable_bitmapscan')
    assert.match(plan, /Index Only Scan using delivery_waiting .*rows=50\b.*Heap Fetches/)
    const [settings] = await sql<{ text: string }>(
      url,
      `SELECT array_to_string(reloptions, ' ') AS text FROM pg_class WHERE oid = 'bearerd.delivery'::regclass`,
    )
    assert.match(settings!.text, /autovacuum_vacuum_insert_scale_factor=0 .*autovacuum_vacuum_scale_factor=0\.02/)
    assert.equal([...(await queue.counts())].sort(), [
      ['a', 25],
      ['b', 25],
    ])
  })

  test('postgres: what the database refuses of one delivery refuses that one alone', async () => {
    const url = await emptyDatabase()
    const queue = await openShared(url)
    const refusals = {
      check: `ALTER TABLE bearerd.delivery ADD CONSTRAINT refused CHECK (action <> 'bad')`,
      encoding: 'SELECT',
    }
    for (const [kind, before] of Object.entries(refusals)) {
      await sql(url, before)
      const bad = kind === 'check' ? 'bad' : 'a\0'
      const given = ['a', bad, 'a'].map((action, n) => queue.add(job(`${kind[0]}${n}`, action), { ordered: false }))
      const [first, refused, last] = await Promise.allSettled(given).finally(() =>
        sql(url, 'ALTER TABLE bearerd.delivery DROP CONSTRAINT IF EXISTS refused'),
      )
      assert.equal([first!.status, last!.status], ['fulfilled', 'fulfilled'])
      const { code, message } = (refused as PromiseRejectedResult).reason as AppError
      const state = kind === 'check' ? '23514' : '22021'
      assert.equal(
        [code, message],
        [
          'state_refused',
          `the database of \`daemon.state.url\` does not take this record (SQLSTATE ${state}): its log says why`,
        ],
      )
    }
    assert.equal(await claimNames(queue), ['c0', 'c2', 'e0', 'e2'])
  })

  test('postgres: an outcome with a text that PostgreSQL cannot read is written, and hurries no less', async () => {
    const url = await emptyDatabase()
    const queue = await openShared(url)
    for (const name of ['one', 'two']) await add(queue, name)
    await claim(queue)
    const later = (message: string) =>
      outcome({ nextAttemptAtMs: Date.now() + HOUR_MS, lastError: { code: 'token_refused', message } })
    const attempt = { atMs: T, durationMs: 2 ** 40, problem: { code: 'token_refused', message: 'a\ud800\0b' } }
    await queue.settle(idOf('one'), later('a\ud800\0b'), attempt)
    await queue.settle(idOf('two'), later('plain'), undefined)
    await queue.expedite(['a'], Date.now(), ['token_refused'])
    assert.equal(await claimNames(queue), ['one', 'two'])
    assert.is((await queue.get(idOf('one')))!.lastError!.message, 'a\ud800\0b')
    assert.is((await queue.attempts(idOf('one')))[0]!.durationMs, 2 ** 31 - 1)
  })

  test('postgres: a row that somebody changed is dead, and the others go on', async () => {
    const url = await emptyDatabase()
    const queue = await openShared(url)
    for (const name of ['one', 'two']) await add(queue, name)
    await sql(url, `UPDATE bearerd.delivery SET input = facts WHERE id = '${idOf('one')}'`)
    assert.equal(await claimNames(queue), ['two'])
    assert.equal(await sql(url, `SELECT state FROM bearerd.delivery WHERE id = '${idOf('one')}'`), [{ state: 'dead' }])
  })
}

test.run()
