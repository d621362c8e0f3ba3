// What `lifetime` makes of the renewals of a token.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { CachedSource } from '../../src/runtime/tokens/cached-source.ts'
import { renewalMargin } from '../../src/runtime/tokens/renewal-margin.ts'
import { type FakeClock, fakeClock } from '../support/fake-clock.ts'

for (const [lifeMs, refreshBeforeMs, marginMs] of [
  [100_000, undefined, 20_000],
  [100_000, 5_000, 5_000],
  [100_000, 50_000, 20_000],
  [100_000, 0, 0],
  [1_100, 60_000, 100],
  [500, 60_000, 0],
] as const) {
  test(`a life of ${lifeMs} ms, refreshBefore ${refreshBeforeMs}: renewed ${marginMs} ms before its end`, () => {
    assert.is(renewalMargin(lifeMs, refreshBeforeMs), marginMs)
  })
}

function sourceOf(clock: FakeClock, options: { refreshBeforeMs?: number; minIntervalMs?: number }) {
  let count = 0
  const fetch = async () => ({ value: { number: ++count }, lifeMs: 100_000 })
  const source = new CachedSource({ fetch, clock, random: () => 0, ...options })
  return { source, fetched: () => count }
}

test('refreshBefore: not renewed earlier than so long before the end', async () => {
  const clock = fakeClock()
  const { source, fetched } = sourceOf(clock, { refreshBeforeMs: 5_000 })
  await source.get()
  source.current()
  await clock.advance(94_900)
  source.current()
  assert.is(fetched(), 1)
  await clock.advance(200)
  assert.is(fetched(), 2)
})

test('minInterval: neither the margin nor a refusal renews a younger token; its end does', async () => {
  const clock = fakeClock()
  const { source, fetched } = sourceOf(clock, { minIntervalMs: 90_000 })
  const first = await source.get()
  source.reject(first)
  assert.is(await source.get(), first)
  await clock.advance(89_000)
  assert.is(await source.get(), first)
  assert.is(fetched(), 1)
  source.reject(first)
  assert.is(await source.get(), first)
  await clock.advance(1_500)
  assert.is(fetched(), 2)
  const second = await source.get()
  await clock.advance(90_500)
  source.reject(second)
  await source.get()
  assert.is(fetched(), 3)
})

test.run()
