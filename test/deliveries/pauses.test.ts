// What rests while there is no credential: how much is kept of it.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { AppError } from '../../src/base/error.ts'
import { Pauses } from '../../src/deliveries/pauses.ts'
import { fakeClock } from '../support/fake-clock.ts'

test('a pause that ended, and that nothing waited for, is forgotten a minute later', () => {
  const clock = fakeClock()
  const pauses = new Pauses({ clock, random: () => 1, onEnded: () => {} })
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
  const pauses = new Pauses({ clock, random: () => 1, onEnded: (_resting, early) => void ends.push(early) })
  const resting = { action: 'a', params: {}, byValues: true }
  for (const waitedMs of [0, 60_000]) {
    pauses.begin(resting, new AppError('token_refused', 'no'), () => () => {})
    clock.jump(waitedMs)
    pauses.end(resting)
  }
  pauses.end(resting)
  assert.equal(ends, [true, false])
})

test.run()
