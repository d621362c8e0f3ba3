// The embedded queue: order, what may be claimed, what a restart finds, and how large it may grow.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { DeliveryJob } from '../../src/deliveries/delivery.ts'
import type { ClaimLimits, DeliveryQueue, Outcome } from '../../src/deliveries/queue/delivery-queue.ts'
import { openSqliteQueue } from '../../src/deliveries/queue/sqlite.ts'

const root = mkdtempSync(join(tmpdir(), 'bearerd-queue-'))
test.after(() => rmSync(root, { recursive: true }))

let count = 0
async function withQueue(run: (queue: DeliveryQueue, path: string) => Promise<void>): Promise<void> {
  const path = join(root, `${count++}`, 'queue.db')
  const queue = openSqliteQueue(path)
  try {
    await run(queue, path)
  } finally {
    await queue.close().catch(() => undefined)
  }
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

test('a job comes back as it was given', async () => {
  await withQueue(async queue => {
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
})

test('claimed by time, then by order; once; not those of other actions', async () => {
  await withQueue(async queue => {
    await queue.add(job('late', 'a', 3000))
    await queue.add(job('b1', 'b', 1000))
    await queue.add(job('early', 'a', 1000))
    await queue.add(job('future', 'a', 9000))
    assert.equal(await claimIds(queue, { except: ['b'] }), ['early', 'late'])
    const { records, nextDueMs } = await queue.claim({ nowMs: 5000, count: 10, except: ['b'], ordered: [] })
    assert.equal([records, nextDueMs], [[], 9000])
    assert.equal(await claimIds(queue), ['b1'])
  })
})

test('ordered: the oldest open one only, and never around one that waits or runs', async () => {
  await withQueue(async queue => {
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
})

test('an outcome with its attempt, its problem and its answer', async () => {
  await withQueue(async queue => {
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
})

test('only dead ones revive, only those that do not run are removed', async () => {
  await withQueue(async queue => {
    await queue.add(job('one'))
    assert.is(await queue.revive('one', 1), false)
    await claimIds(queue)
    assert.is(await queue.remove('one'), false)
    await queue.settle('one', outcome({ state: 'dead', settledAtMs: 1 }), { atMs: 1, durationMs: 1 })
    assert.is(await queue.revive('one', 4000), true)
    assert.equal([(await queue.get('one'))!.attempts, await claimIds(queue)], [0, ['one']])
    await queue.settle('one', outcome({ state: 'dead', settledAtMs: 1 }), undefined)
    assert.is(await queue.remove('one'), true)
    assert.equal(
      [await queue.get('one'), await queue.attempts('one'), await queue.remove('one')],
      [undefined, [], false],
    )
  })
})

test('what ran when the process ended is pending again, with the requests that were delivered', async () => {
  await withQueue(async (queue, path) => {
    for (const id of ['one', 'two']) await queue.add(job(id))
    assert.equal(await claimIds(queue, { count: 1 }), ['one'])
    await queue.progress('one', 3)
    await queue.close()
    const again = openSqliteQueue(path)
    const record = (await again.get('one'))!
    assert.equal([record.state, record.sent, record.attempts], ['pending', 3, 0])
    assert.equal(await again.counts(), new Map([['a', 2]]))
    await again.close()
  })
})

test('lists: the newest first, filtered, in pages', async () => {
  await withQueue(async queue => {
    for (let n = 0; n < 6; n++) await queue.add(job(`${n}`, n % 2 ? 'odd' : 'even'))
    const ids = async (filter: object) => (await queue.list({ limit: 10, ...filter })).map(({ id }) => id)
    assert.equal(await ids({}), ['5', '4', '3', '2', '1', '0'])
    assert.equal(await ids({ action: ['odd'] }), ['5', '3', '1'])
    assert.equal(await ids({ state: ['dead'] }), [])
    const [, second] = await queue.list({ limit: 2 })
    assert.equal(await ids({ before: second!.seq, limit: 3 }), ['3', '2', '1'])
  })
})

test('an action whose deliveries should not wait', async () => {
  await withQueue(async queue => {
    await queue.add(job('one', 'a', 9000))
    await queue.expedite('a', 100)
    assert.equal(await claimIds(queue), ['one'])
  })
})

test('one process at a time, and a file that is no database', async () => {
  await withQueue(async (_queue, path) => {
    assert.throws(() => openSqliteQueue(path), /another bearerd uses it/)
    assert.throws(() => openSqliteQueue(import.meta.filename), /cannot be used/)
  })
})

test.run()
