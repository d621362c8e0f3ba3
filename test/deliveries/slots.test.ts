// How many deliveries may be sent at the same time.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Slots } from '../../src/deliveries/slots.ts'

const LIMITS = { maxDeliveries: 6, maxDeliveriesPerAction: 4, ordered: ['line'] }

test('never so many at once that one action gets more than its own, or all more than there are', () => {
  const slots = new Slots()
  assert.equal(slots.room(LIMITS), { count: 4, full: [] })
  slots.take('a')
  assert.equal(slots.room(LIMITS), { count: 3, full: [] })
  slots.take('line')
  assert.equal(slots.room(LIMITS), { count: 3, full: ['line'] })
  for (let n = 0; n < 3; n++) slots.take('a')
  assert.equal(slots.room(LIMITS), { count: 1, full: ['a', 'line'] })
  slots.take('b')
  assert.is(slots.room(LIMITS).count, 0)
  for (const action of ['a', 'b', 'line']) slots.free(action)
  assert.equal(slots.room(LIMITS), { count: 1, full: [] })
})

test.run()
