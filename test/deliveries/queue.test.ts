// Both queues, the embedded one and the one on PostgreSQL: order, what may be claimed, what a restart finds, and how large it may grow.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { DeliveryJob } from '../../src/deliveries/delivery.ts'
import type { ClaimLimits, DeliveryQueue, Outcome } from '../../src/deliveries/queue/delivery-queue.ts'
import { openPostgresQueue, type QueueDatabase } from '../../src/deliveries/queue/postgres.ts'
import { openSqliteQueue } from '../../src/deliveries/queue/sqlite.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { type PostgresServer, startPostgres } from '../support/postgres.ts'

const root = mkdtempSync(join(tmpdir(), 'bearerd-queue-'))
test.after(() => rmSync(root, { recursive: true }))

const postgres: PostgresServer | undefined = await startPostgres()
test.after(() => postgres?.close())

function connect(url: string): QueueDatabase {
  const pool = new pg.Pool({ connectionString: url, max: 3 })
  pool.on('error', () => {})
  return {
    query: async (text, values = []) => (await pool.query(text, [...values])).rows,
    async transaction(work) {
      const client = await pool.connect()
      try {
        await client.query('BEGIN')
        const result = await work(async (text, values) =>
          values ? (await client.query(text, [...values])).rows : (await client.query(text)).rows,
        )
        await client.query('COMMIT')
        return result
      } catch (error) {
        await client.query('ROLLBACK')
        throw error
      } finally {
        client.release()
      }
    },
    end: () => pool.end(),
  }
}

let count = 0
interface Place {
  /** `leaseMs` counts where there are leases. */
  open(lease?: { leaseMs?: number }): Promise<DeliveryQueue>
}
const kinds: Record<string, () => Promise<Place>> = {
  async sqlite() {
    const place = join(root, `${count++}`, 'queue.db')
    return { open: async () => openSqliteQueue(place) }
  },
  ...(postgres && {
    async postgres() {
      const place = await postgres.database()
      return { open: lease => openPostgresQueue(connect(place), { clock: fakeClock(), ...lease }) }
    },
  }),
}

type Run = (queue: DeliveryQueue, open: Place['open']) => Promise<void>
function testBoth(name: string, run: Run, lease = {}): void {
  for (const [kind, create] of Object.entries(kinds))
    test(`${kind}: ${name}`, async () => {
      const { open } = await create()
      const queue = await open(lease)
      try {
        await run(queue, open)
      } finally {
        await queue.close().catch(() => undefined)
      }
    })
}

function job(id: string, action = 'a', createdAtMs = 1000): DeliveryJob {
  const files = [{ name: 'ü "x".pdf', size: 5, type: 'a/b', path: '/content/0', sha256: 'ab' }]
  return { id, action, params: { tenant: 'x' }, input: { n: [1, null] }, files, createdAtMs }
}

const claimIds = async (queue: DeliveryQueue, limits: Partial<ClaimLimits> = {}): Promise<string[]> => {
  const { records } = await queue.claim({ nowMs: 5000, count: 10, except: [], ordered: [], ...limits })
  return records.map(({ id }) => id)
}

const outcome = (change: Partial<Outcome>): Outcome => ({
  state: 'pending',
  attempts: 1,
  nextAttemptAtMs: null,
  lastError: null,
  settledAtMs: null,
  ...change,
})

testBoth('a job comes back as it was given', async queue => {
  await queue.add(job('one'))
  const { seq: _seq, ...record } = (await queue.get('one'))!
  const waits = {
    state: 'pending',
    attempts: 0,
    sent: 0,
    nextAttemptAtMs: 1000,
    lastError: null,
    settledAtMs: null,
    response: null,
  }
  assert.equal(record, { ...job('one'), ...waits })
  assert.is(await queue.get('two'), undefined)
})

testBoth('claimed by time, then by order; once; not those of other actions', async queue => {
  await queue.add(job('late', 'a', 3000))
  await queue.add(job('b1', 'b', 1000))
  await queue.add(job('early', 'a', 1000))
  await queue.add(job('future', 'a', 9000))
  assert.equal(await claimIds(queue, { except: ['b'] }), ['early', 'late'])
  const { records, nextDueMs } = await queue.claim({ nowMs: 5000, count: 10, except: ['b'], ordered: [] })
  assert.equal([records, nextDueMs], [[], 9000])
  assert.equal(await claimIds(queue), ['b1'])
})

testBoth('ordered: the oldest open one only, and never around one that waits or runs', async queue => {
  for (const id of ['one', 'two', 'three']) await queue.add(job(id))
  const ordered = { ordered: ['a'] }
  assert.equal(await claimIds(queue, ordered), ['one'])
  assert.equal(await claimIds(queue, ordered), [])
  await queue.settle('one', outcome({ nextAttemptAtMs: 8000 }), undefined)
  const { records, nextDueMs } = await queue.claim({ nowMs: 5000, count: 10, except: [], ordered: ['a'] })
  assert.equal([records, nextDueMs], [[], 8000])
  await queue.settle('one', outcome({ state: 'dead', settledAtMs: 6000 }), undefined)
  assert.equal(await claimIds(queue, ordered), ['two'])
})

testBoth('an outcome with its attempt, its problem and its answer', async queue => {
  await queue.add(job('one'))
  await claimIds(queue)
  const problem = { code: 'delivery_refused', message: 'm', status: 503 }
  await queue.settle('one', outcome({ nextAttemptAtMs: 7000, lastError: problem }), {
    atMs: 1,
    durationMs: 2.6,
    status: 503,
    problem,
  })
  const waiting = (await queue.get('one'))!
  assert.equal([waiting.state, waiting.nextAttemptAtMs, waiting.lastError], ['pending', 7000, problem])
  assert.equal(await claimIds(queue, { nowMs: 7000 }), ['one'])
  const response = { status: 200, contentType: 'x/y', body: Buffer.from([0, 255]), cut: false }
  await queue.settle('one', outcome({ state: 'delivered', attempts: 2, settledAtMs: 8000, response }), {
    atMs: 3,
    durationMs: 4,
    status: 200,
  })
  assert.equal((await queue.get('one'))!.response, response)
  assert.equal(await queue.attempts('one'), [
    { atMs: 1, durationMs: 3, status: 503, problem },
    { atMs: 3, durationMs: 4, status: 200 },
  ])
  assert.equal(await queue.settledBefore(8000), [])
  assert.equal(await queue.settledBefore(8001), ['one'])
})

testBoth('only dead ones revive, only those that do not run are removed', async queue => {
  await queue.add(job('one'))
  assert.is(await queue.revive('one', 1), false)
  await claimIds(queue)
  assert.is(await queue.remove('one'), false)
  await queue.settle('one', outcome({ state: 'dead', settledAtMs: 1 }), { atMs: 1, durationMs: 1 })
  assert.is(await queue.revive('one', 4000), true)
  assert.equal([(await queue.get('one'))!.attempts, await claimIds(queue)], [0, ['one']])
  await queue.settle('one', outcome({ state: 'dead', settledAtMs: 1 }), undefined)
  assert.is(await queue.remove('one'), true)
  assert.equal([await queue.get('one'), await queue.attempts('one'), await queue.remove('one')], [undefined, [], false])
})

testBoth(
  'what ran when the process ended is pending again, with the requests that were delivered',
  async (queue, open) => {
    for (const id of ['one', 'two']) await queue.add(job(id))
    assert.equal(await claimIds(queue, { count: 1 }), ['one'])
    await queue.progress('one', 3)
    await queue.close()
    const again = await open()
    const [record] = (await again.claim({ nowMs: 5000, count: 1, except: [], ordered: [] })).records
    assert.equal([record!.id, record!.sent, record!.attempts], ['one', 3, 0])
    assert.equal(await again.counts(), new Map([['a', 2]]))
    await again.close()
  },
  { leaseMs: 0 },
)

testBoth('lists: the newest first, filtered, in pages', async queue => {
  for (let n = 0; n < 6; n++) await queue.add(job(`${n}`, n % 2 ? 'odd' : 'even'))
  const ids = async (filter: object) => (await queue.list({ limit: 10, ...filter })).map(({ id }) => id)
  assert.equal(await ids({}), ['5', '4', '3', '2', '1', '0'])
  assert.equal(await ids({ action: ['odd'] }), ['5', '3', '1'])
  assert.equal(await ids({ state: ['dead'] }), [])
  const [, second] = await queue.list({ limit: 2 })
  assert.equal(await ids({ before: second!.seq, limit: 3 }), ['3', '2', '1'])
})

testBoth('an action whose deliveries should not wait', async queue => {
  await queue.add(job('one', 'a', 9000))
  await queue.expedite('a', 100)
  assert.equal(await claimIds(queue), ['one'])
})

test('sqlite: one process at a time, and a file that is no database', async () => {
  const path = join(root, 'held', 'queue.db')
  const queue = openSqliteQueue(path)
  assert.throws(() => openSqliteQueue(path), /another bearerd uses it/)
  assert.throws(() => openSqliteQueue(import.meta.filename), /cannot be used/)
  await queue.close()
})

if (postgres) {
  const openTwo = async (leaseMs?: number) => {
    const url = await postgres.database()
    const clocks = [fakeClock(), fakeClock()] as const
    const queues = await Promise.all(
      clocks.map(clock => openPostgresQueue(connect(url), { clock, ...(leaseMs !== undefined && { leaseMs }) })),
    )
    return { first: queues[0]!, second: queues[1]!, close: () => Promise.all(queues.map(queue => queue.close())) }
  }

  test('postgres: two replicas that claim at once share the deliveries, each one once', async () => {
    const { first, second, close } = await openTwo()
    for (let n = 0; n < 40; n++) await first.add(job(`${n}`))
    const claims = Array.from({ length: 20 }, (_, n) => claimIds(n % 2 ? first : second, { count: 2 }))
    const claimed = (await Promise.all(claims)).flat()
    assert.equal([claimed.length, new Set(claimed).size], [40, 40])
    await close()
  })

  test('postgres: ordered holds over the fleet', async () => {
    const { first, second, close } = await openTwo()
    for (const id of ['one', 'two', 'three']) await first.add(job(id))
    const claims = Array.from({ length: 6 }, (_, n) => claimIds(n % 2 ? first : second, { ordered: ['a'] }))
    assert.equal((await Promise.all(claims)).flat(), ['one'])
    await close()
  })

  test('postgres: a claim stands as long as its replica says so', async () => {
    const url = await postgres.database()
    const clock = fakeClock()
    const queue = await openPostgresQueue(connect(url), { clock })
    await queue.add(job('one'))
    await claimIds(queue)
    const end = async () => {
      const [row] = await postgres.query<{ left: number }>(
        url,
        'SELECT extract(epoch FROM lease_until - now())::float AS left FROM bearerd.delivery',
      )
      return row!.left
    }
    assert.ok((await end()) <= 30)
    await postgres.query(url, "UPDATE bearerd.delivery SET lease_until = now() + interval '1 s'")
    await clock.advance(10_000)
    while ((await end()) < 20) await new Promise(resolve => setImmediate(resolve))
    assert.equal(await claimIds(queue), [])
    await queue.close()
  })

  test('postgres: an idle replica looks again soon enough to take over within 60 s', async () => {
    const { second, close } = await openTwo()
    const { nextDueMs } = await second.claim({ nowMs: 5000, count: 1, except: [], ordered: [] })
    assert.ok(nextDueMs! - 5000 + 30_000 < 60_000)
    await close()
  })

  test('postgres: a replica that lost its claim changes nothing any more', async () => {
    const { first, second, close } = await openTwo(0)
    await first.add(job('one'))
    assert.equal(await claimIds(first), ['one'])
    assert.equal(await claimIds(second), ['one'])
    await first.settle('one', outcome({ state: 'dead', settledAtMs: 1 }), { atMs: 1, durationMs: 1 })
    await first.progress('one', 7)
    const { state, sent } = (await second.get('one'))!
    assert.equal([state, sent, await second.attempts('one')], ['running', 0, []])
    await second.settle('one', outcome({ state: 'delivered', settledAtMs: 2 }), undefined)
    assert.is((await first.get('one'))!.state, 'delivered')
    await close()
  })
}

test.run()
