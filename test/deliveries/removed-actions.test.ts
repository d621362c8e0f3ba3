// Which actions count as removed, and when.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createRemovedActions } from '../../src/deliveries/removed-actions.ts'
import type { Executor } from '../../src/index.ts'
import { fakeClock } from '../support/fake-clock.ts'

const MINUTE_MS = 60_000

function start(first: { actions: string[]; services: string[] }) {
  const plan = { ...first }
  const named = (names: readonly string[]) => new Map(names.map(name => [name, {}]))
  const executor = {
    get generation() {
      return { plan: { actions: named(plan.actions), services: named(plan.services) } }
    },
    lastReload: { ok: true },
  }
  const clock = fakeClock()
  return { plan, clock, removed: createRemovedActions(executor as unknown as Executor, clock) }
}

test('ten minutes after it was seen to be gone; not when it came back meanwhile', () => {
  const { plan, clock, removed } = start({ actions: [], services: ['s'] })
  assert.equal([removed.has('a'), removed.leftToOthers()], [false, ['a']])
  clock.jump(9 * MINUTE_MS)
  assert.is(removed.has('a'), false)
  plan.actions = ['a']
  assert.equal([removed.has('a'), removed.leftToOthers()], [false, []])
  plan.actions = []
  assert.is(removed.has('a'), false)
  clock.jump(9 * MINUTE_MS)
  assert.is(removed.has('a'), false)
  clock.jump(MINUTE_MS)
  assert.equal([removed.has('a'), removed.leftToOthers()], [true, []])
})

test('never while the configuration has nothing at all', () => {
  const { plan, clock, removed } = start({ actions: [], services: [] })
  for (let hour = 0; hour < 3; hour++) {
    assert.equal([removed.has('a'), removed.leftToOthers()], [false, ['a']])
    clock.jump(60 * MINUTE_MS)
  }
  plan.services = ['s']
  removed.has('a')
  clock.jump(9 * MINUTE_MS)
  assert.is(removed.has('a'), false)
})

test.run()
