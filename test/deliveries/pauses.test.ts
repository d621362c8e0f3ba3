// What rests while there is no credential: how much is kept of it.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { AppError } from '../../src/base/error.ts'
import { type Pause, Pauses, type Resting } from '../../src/deliveries/pauses.ts'
import { fakeClock } from '../support/fake-clock.ts'

test('a pause that ended, and that nothing waited for, is forgotten a minute later', () => {
  const clock = fakeClock()
  const pauses = new Pauses({ clock, random: () => 1, onBegun: () => {}, onEnded: () => {} })
  const error = new AppError('token_refused', 'no')
  let listening = 0
  const begin = (tenant: string) => {
    const resting = { action: 'a', params: { tenant }, byValues: true }
    pauses.begin(resting, error, () => {
      listening++
      return () => void listening--
    })
    return resting
  }
  const [first] = Array.from({ length: 100 }, (_, n) => begin(`t${n}`))
  assert.is(listening, 100)
  clock.jump(30_000)
  begin('other')
  assert.is(listening, 101)
  clock.jump(40_000)
  const last = begin('last')
  assert.equal([listening, pauses.of(first!), pauses.of(last)?.error], [2, undefined, error])
})

test('what has the time of its end already is not told to go on earlier', () => {
  const clock = fakeClock()
  const ends: boolean[] = []
  const onEnded = (_resting: Resting, early: boolean) => void ends.push(early)
  const pauses = new Pauses({ clock, random: () => 1, onBegun: () => {}, onEnded })
  const resting = { action: 'a', params: {}, byValues: true }
  for (const waitedMs of [0, 60_000]) {
    pauses.begin(resting, new AppError('token_refused', 'no'), () => () => {})
    clock.jump(waitedMs)
    pauses.end(resting)
  }
  pauses.end(resting)
  assert.equal(ends, [true, false])
})

test('a pause is twice as long each time, up to a minute, and no shorter than the reason says', () => {
  const clock = fakeClock(1_000_000)
  const begun: Pause[] = []
  const onBegun = (_resting: Resting, pause: Pause) => void begun.push(pause)
  const pauses = new Pauses({ clock, random: () => 1, onBegun, onEnded: () => {} })
  const resting = { action: 'a', params: {}, byValues: false }
  const begin = (details = {}) => {
    const nowMs = clock.nowMs()
    const { untilMs } = pauses.begin(resting, new AppError('token_refused', 'no', details), () => () => {})
    clock.jump(untilMs - nowMs)
    return (untilMs - nowMs) / 1_000
  }
  assert.equal(
    Array.from({ length: 9 }, () => begin()),
    [1, 2, 4, 8, 16, 32, 60, 60, 60],
  )
  assert.is(begin({ retryAtMs: clock.nowMs() + 3_600_000 }), 3_600)
  assert.is(begun.length, 10)
  pauses.end(resting)
  assert.is(begin(), 1)
})

test('a pause that lasts is not begun again', () => {
  const clock = fakeClock()
  let begun = 0
  const pauses = new Pauses({ clock, random: () => 1, onBegun: () => void begun++, onEnded: () => {} })
  const resting = { action: 'a', params: {}, byValues: false }
  const begin = () => pauses.begin(resting, new AppError('token_refused', 'no'), () => () => {})
  assert.is(begin(), begin())
  assert.is(begun, 1)
})

test.run()
