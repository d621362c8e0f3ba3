// Timers of the system clock: on time while the machine runs, and soon after it slept.
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createSystemClock } from '../../src/base/clock.ts'

const HOUR_MS = 3_600_000

/** Wall time that a test moves, looked at every few milliseconds. */
function clockOf() {
  const wall = { aheadMs: 0 }
  const clock = createSystemClock({ nowMs: () => Date.now() + wall.aheadMs, lookEveryMs: 5 })
  const rung: string[] = []
  const schedule = (name: string, delayMs: number) => clock.schedule(delayMs, () => rung.push(name))
  return { wall, clock, rung, schedule }
}

async function eventually(what: string, check: () => boolean): Promise<void> {
  const endMs = performance.now() + 10_000
  while (!check()) {
    assert.ok(performance.now() < endMs, what)
    await sleep(2)
  }
}

test('a machine that slept: what became due meanwhile rings soon, once, and the rest does not', async () => {
  const { wall, rung, schedule } = clockOf()
  schedule('within an hour', HOUR_MS)
  const cancel = schedule('cancelled', HOUR_MS)
  const later = schedule('in three hours', 3 * HOUR_MS)
  await sleep(30)
  assert.equal(rung, [])
  cancel()
  wall.aheadMs = 2 * HOUR_MS
  await eventually('rung', () => rung.length > 0)
  schedule('short', 1)
  await eventually('the short one', () => rung.includes('short'))
  await sleep(30)
  assert.equal(rung, ['within an hour', 'short'])
  later()
})

test('a clock that is set back holds up no timer', async () => {
  const { wall, rung, schedule } = clockOf()
  schedule('soon', 40)
  wall.aheadMs = -24 * HOUR_MS
  await eventually('rung', () => rung.length > 0)
  assert.equal(rung, ['soon'])
})

test('what rings may start the next one, and nothing is looked at when none is left', async () => {
  const { wall, clock, rung, schedule } = clockOf()
  clock.schedule(HOUR_MS, () => {
    rung.push('first')
    schedule('second', HOUR_MS)
  })
  wall.aheadMs += HOUR_MS
  await eventually('first', () => rung.length === 1)
  await sleep(20)
  assert.equal(rung, ['first'])
  wall.aheadMs += HOUR_MS
  await eventually('second', () => rung.length === 2)
})

test.run()
