// CachedSource on a clock that stands still: when it fetches, what it gives meanwhile, and how long it waits after a failure.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { AppError } from '../../src/base/error.ts'
import { CachedSource, type Fetched } from '../../src/runtime/tokens/cached-source.ts'
import { renewalMargin } from '../../src/runtime/tokens/renewal-margin.ts'
import { fakeClock, settle } from '../support/fake-clock.ts'

type Answer = Fetched<string> | Error

const HOUR_MS = 3_600_000
const MARGIN_MS = 0.2 * HOUR_MS

/** A source whose fetches are answered by the script, or held until `open` when there is none. */
function scripted({ lifeMs = HOUR_MS as number | null, random = 0 } = {}) {
  const clock = fakeClock()
  const script: Answer[] = []
  const failures: number[] = []
  const renewed: string[] = []
  const state = { fetches: 0, held: undefined as Promise<void> | undefined, open: () => {} }
  const source = new CachedSource<string>({
    clock,
    random: () => random,
    onFailure: (_error, retryAtMs) => failures.push(retryAtMs - clock.nowMs()),
    onRenewed: value => renewed.push(value),
    async fetch() {
      const answer = script.shift() ?? { value: `v${state.fetches + 1}`, lifeMs }
      state.fetches++
      await state.held
      if (answer instanceof Error) throw answer
      return answer
    },
  })
  const hold = () => {
    state.held = new Promise(resolve => {
      state.open = () => {
        state.held = undefined
        resolve()
      }
    })
  }
  return { clock, script, failures, renewed, state, source, hold }
}

const wrongSecret = () => new AppError('token_refused', 'invalid_client', { oauthError: 'invalid_client' })
const wrongPassword = () => new AppError('token_refused', 'invalid_grant', { oauthError: 'invalid_grant' })
const tooMany = () => new AppError('token_refused', '429', { status: 429, transient: true })
const away = (retryAtMs?: number) =>
  new AppError('token_unreachable', 'away', { transient: true, ...(retryAtMs !== undefined && { retryAtMs }) })

async function failure(promise: Promise<unknown>): Promise<AppError> {
  const error = await promise.then(
    value => assert.unreachable(`expected a rejection, got ${value}`),
    thrown => thrown,
  )
  assert.instance(error, AppError)
  return error as AppError
}

for (const [lifeMs, marginMs] of [
  [HOUR_MS, 720_000],
  [10_000, 2_000],
  [5_000, 1_000],
  [1_250, 250],
  [1_100, 100],
  [1_000, 0],
  [500, 0],
  [0, 0],
] as const) {
  test(`the margin of a life of ${lifeMs} ms is ${marginMs} ms`, () => assert.is(renewalMargin(lifeMs), marginMs))
}

for (const [lifeMs, renewAtMs] of [
  [HOUR_MS, HOUR_MS - MARGIN_MS],
  [5_000, 4_000],
  [1_100, 1_000],
] as const) {
  test(`a value of ${lifeMs} ms that is used is renewed at ${renewAtMs} ms, not before`, async () => {
    const { clock, source, state } = scripted({ lifeMs })
    await source.get()
    assert.is(source.current(), 'v1')
    await clock.advance(renewAtMs - 1)
    assert.is(source.current(), 'v1')
    assert.is(state.fetches, 1)
    await clock.advance(1)
    assert.is(state.fetches, 2)
    assert.is(source.current(), 'v2')
  })

  test(`a value of ${lifeMs} ms ends exactly then`, async () => {
    const { clock, source, script, state } = scripted({ lifeMs })
    await source.get()
    script.push(away(), away(), away(), away(), away())
    await clock.advance(lifeMs - 1)
    assert.is(source.current(), 'v1')
    await clock.advance(1)
    assert.is(source.current(), undefined)
    assert.is(state.fetches, 2)
  })
}

test('a life of one second is not renewed in the background, but fetched again when it ended', async () => {
  const { clock, source, state } = scripted({ lifeMs: 1_000 })
  await source.get()
  await clock.advance(999)
  assert.is(source.current(), 'v1')
  assert.is(state.fetches, 1)
  await clock.advance(1)
  assert.is(await source.get(), 'v2')
})

test('jitter makes a renewal earlier by up to 5 %, never later', async () => {
  const { clock, source, state } = scripted({ random: 1 })
  await source.get()
  source.current()
  await clock.advance(2_880_000 * 0.95 - 1)
  assert.is(state.fetches, 1)
  await clock.advance(1)
  assert.is(state.fetches, 2)
})

for (const callers of [100, 10_000]) {
  test(`${callers} callers cause one fetch and get its value`, async () => {
    const { source, state, hold } = scripted()
    hold()
    const waiting = Array.from({ length: callers }, () => source.get())
    await settle()
    assert.is(state.fetches, 1)
    state.open()
    assert.equal([...new Set(await Promise.all(waiting))], ['v1'])
    assert.is(state.fetches, 1)
  })

  test(`${callers} callers share one failure`, async () => {
    const { source, state, script, hold } = scripted()
    script.push(away())
    hold()
    const waiting = Array.from({ length: callers }, () => failure(source.get()))
    await settle()
    state.open()
    assert.is(new Set(await Promise.all(waiting)).size, 1)
    assert.is(state.fetches, 1)
  })
}

test('callers during a background renewal get the old value at once', async () => {
  const { clock, source, state, hold } = scripted()
  await source.get()
  source.current()
  hold()
  await clock.advance(HOUR_MS - MARGIN_MS)
  assert.is(state.fetches, 2)
  const during = await Promise.all(Array.from({ length: 100 }, () => source.get()))
  assert.equal([...new Set(during)], ['v1'])
  state.open()
  await settle()
  assert.is(await source.get(), 'v2')
  assert.is(state.fetches, 2)
})

test('the old value serves while renewals fail, until its true end; then the error', async () => {
  const { clock, source, script, state } = scripted()
  await source.get()
  source.current()
  script.push(...Array.from({ length: 100 }, () => away()))
  await clock.advance(HOUR_MS - MARGIN_MS)
  assert.is(source.state, 'degraded')
  for (let elapsedMs = HOUR_MS - MARGIN_MS; elapsedMs < HOUR_MS - 10_000; elapsedMs += 10_000) {
    assert.is(await source.get(), 'v1')
    await clock.advance(10_000)
  }
  await clock.advance(9_999)
  assert.is(await source.get(), 'v1')
  await clock.advance(1)
  assert.is((await failure(source.get())).code, 'token_unreachable')
  assert.is(source.state, 'failing')
  assert.ok(state.fetches > 10, 'renewals went on')
})

test('a renewal that succeeds after failures ends the degraded state', async () => {
  const { clock, source, script } = scripted()
  await source.get()
  source.current()
  script.push(away())
  await clock.advance(HOUR_MS - MARGIN_MS)
  assert.is(source.state, 'degraded')
  assert.is(source.lastError?.code, 'token_unreachable')
  await clock.advance(1_000)
  source.current()
  await settle()
  assert.is(source.state, 'ready')
  assert.is(source.lastError, undefined)
  assert.is(source.current(), 'v3')
})

for (const [kind, error, pauses] of [
  ['permanent', wrongSecret, [10, 20, 40, 80, 160, 320, 600, 600]],
  ['invalid_grant', wrongPassword, [300, 600, 1200, 2400, 3600, 3600]],
  ['429', tooMany, [5, 10, 20, 40, 80, 160, 300, 300]],
  ['transient', away, [1, 2, 4, 8, 16, 30, 30]],
] as const) {
  test(`the pause after ${kind} failures grows: ${pauses.join(', ')} s`, async () => {
    const { clock, source, script, failures, state } = scripted({ random: 1 })
    script.push(...pauses.map(() => error()))
    for (const [index, seconds] of pauses.entries()) {
      await failure(source.get())
      assert.is(failures[index], seconds * 1000)
      await clock.advance(seconds * 1000 - 1)
      const paused = await failure(source.get())
      assert.match(paused.message, 'next attempt in 1s')
      assert.is(state.fetches, index + 1, 'no fetch in the pause')
      await clock.advance(1)
    }
    assert.is(await source.get(), `v${pauses.length + 1}`)
  })
}

test('jitter shortens a pause to three quarters at most', async () => {
  const { source, script, failures } = scripted({ random: 0 })
  script.push(wrongSecret())
  await failure(source.get())
  assert.equal(failures, [7_500])
})

test('Retry-After longer than the pause is honoured, a shorter one does not shorten it', async () => {
  const { clock, source, script, failures, state } = scripted({ random: 1 })
  script.push(away(clock.nowMs() + 60_000))
  await failure(source.get())
  await clock.advance(59_999)
  await failure(source.get())
  assert.is(state.fetches, 1)
  await clock.advance(1)
  script.push(away(clock.nowMs() + 100))
  await failure(source.get())
  assert.equal(failures, [60_000, 2_000])
})

test('a success starts the pauses anew', async () => {
  const { clock, source, script, failures } = scripted({ random: 1, lifeMs: 1_000 })
  script.push(away(), away(), { value: 'ok', lifeMs: 1_000 }, away())
  await failure(source.get())
  await clock.advance(1_000)
  await failure(source.get())
  await clock.advance(2_000)
  assert.is(await source.get(), 'ok')
  await clock.advance(1_000)
  await failure(source.get())
  assert.equal(failures, [1_000, 2_000, 1_000])
})

test('a pause ends in time when the clock is set back, and when the machine slept', async () => {
  for (const jumpMs of [-86_400_000, 10_000]) {
    const { clock, source, script } = scripted({ random: 1 })
    script.push(wrongSecret())
    await failure(source.get())
    clock.jump(jumpMs)
    if (jumpMs < 0) {
      await clock.advance(9_999)
      await failure(source.get())
      await clock.advance(1)
    }
    assert.is(await source.get(), 'v2')
  }
})

test('renew() keeps the value meanwhile and ends a pause', async () => {
  const { source, script, state, hold } = scripted()
  script.push(wrongSecret())
  await failure(source.get())
  source.renew()
  await settle()
  assert.is(source.current(), 'v2')
  hold()
  source.renew()
  await settle()
  assert.is(source.current(), 'v2')
  state.open()
  await settle()
  assert.is(source.current(), 'v3')
})

test('renew() during a fetch fetches once more: what was read for the first may be old', async () => {
  for (const first of [{ value: 'old secret', lifeMs: HOUR_MS }, wrongSecret()]) {
    const { source, script, state, hold } = scripted()
    script.push(first)
    hold()
    const waiting = source.get().catch(() => undefined)
    source.renew()
    source.renew()
    await settle()
    assert.is(state.fetches, 1)
    state.open()
    await waiting
    await settle()
    assert.is(state.fetches, 2)
    assert.is(source.current(), 'v2')
    assert.is(source.state, 'ready')
  }
})

test('forget() makes the next get fetch and ends a pause', async () => {
  const { source, script, state } = scripted()
  await source.get()
  source.forget()
  assert.is(source.current(), undefined)
  assert.is(source.state, 'idle')
  script.push(wrongSecret())
  await failure(source.get())
  source.forget()
  assert.is(await source.get(), 'v3')
  assert.is(state.fetches, 3)
})

test('an answer to a fetch that began before forget() goes to those who waited, and is not kept', async () => {
  const { source, state, hold, renewed } = scripted()
  hold()
  const early = source.get()
  await settle()
  const openFirst = state.open
  source.forget()
  const late = source.get()
  await settle()
  assert.is(state.fetches, 2, 'a caller after forget() does not join the older fetch')
  openFirst()
  assert.is(await early, 'v1')
  assert.is(await late, 'v2')
  assert.is(source.current(), 'v2')
  assert.equal(renewed, ['v2'])
})

test('a failure of a fetch that began before forget() pauses nothing', async () => {
  const { source, script, state, hold } = scripted()
  script.push(wrongSecret())
  hold()
  const early = failure(source.get())
  await settle()
  source.forget()
  state.open()
  await early
  assert.is(source.state, 'idle')
  assert.is(await source.get(), 'v2')
})

test('reject() of the value makes the next get fetch; a late reject of an older value changes nothing', async () => {
  const { clock, source, state } = scripted()
  const first = await source.get()
  await clock.advance(2_000)
  source.reject(first)
  assert.is(source.current(), undefined)
  const second = await source.get()
  source.reject(first)
  assert.is(source.current(), second)
  await clock.advance(600_000)
  source.reject(first)
  assert.is(source.current(), second, 'nor when its successor is old enough to be refused itself')
  assert.is(state.fetches, 2)
})

test('100 rejects of one value cause one fetch', async () => {
  const { clock, source, state } = scripted()
  const first = await source.get()
  await clock.advance(2_000)
  const again = await Promise.all(
    Array.from({ length: 100 }, () => {
      source.reject(first)
      return source.get()
    }),
  )
  assert.equal([...new Set(again)], ['v2'])
  assert.is(state.fetches, 2)
})

test('a value refused right after it was issued: its successor is held back for a second', async () => {
  const { clock, source, state } = scripted()
  source.reject(await source.get())
  const given: string[] = []
  source.get().then(value => given.push(value))
  await clock.advance(999)
  assert.equal(given, [])
  await clock.advance(1)
  assert.equal(given, ['v2'])
  assert.is(state.fetches, 2)
})

test('whoever refuses every value causes no loop: 2 fetches, then one after 10 s, 20 s, 40 s', async () => {
  const { clock, source, state } = scripted({ lifeMs: 10 * HOUR_MS })
  const fetchedAt: number[] = []
  let seen = 0
  for (let second = 0; second <= 80; second++) {
    const value = source.current()
    if (value === undefined) source.get()
    if (state.fetches > seen) fetchedAt.push(second)
    seen = state.fetches
    if (value !== undefined) source.reject(value)
    await clock.advance(1_000)
  }
  assert.equal(fetchedAt, [0, 2, 13, 34, 75])
})

test('a value refused after some time is replaced at once, however often that happens', async () => {
  const { clock, source, state } = scripted()
  for (let time = 1; time <= 5; time++) {
    assert.is(await source.get(), `v${time}`)
    await clock.advance(60_000)
    source.reject(`v${time}`)
  }
  assert.is(state.fetches, 5)
})

test('a young value that was taken may be refused: it is replaced at once', async () => {
  const { clock, source, state } = scripted()
  for (let time = 1; time <= 5; time++) {
    source.get()
    await clock.advance(1_000)
    source.accept(`v${time}`)
    source.reject(`v${time}`)
  }
  assert.is(source.current(), undefined)
  assert.is(state.fetches, 5)
})

test('renew() and forget() end the patience with a refused value', async () => {
  for (const end of ['renew', 'forget'] as const) {
    const { clock, source, state } = scripted()
    source.reject(await source.get())
    source.get()
    await clock.advance(1_000)
    source.reject('v2')
    assert.is(source.current(), 'v2', 'kept')
    source[end]()
    await settle()
    source.get()
    await clock.advance(1_000)
    assert.is(source.current(), 'v3')
    assert.is(state.fetches, 3)
  }
})

const tooEarly = () => new AppError('token_refused', 'not expired', { status: 400, oauthError: 'access_denied' })

test('refused because it is too early: no fault, asked again after half of the rest, and at the end', async () => {
  const { clock, source, script, state, failures } = scripted({ lifeMs: 600_000 })
  await source.get()
  source.current()
  script.push(tooEarly(), tooEarly())
  await clock.advance(480_000)
  assert.is(state.fetches, 2)
  assert.is(source.state, 'ready')
  assert.is(source.lastError, undefined)
  await clock.advance(59_999)
  assert.is(source.current(), 'v1')
  assert.is(state.fetches, 2, 'half of the rest is waited for')
  await clock.advance(1)
  assert.is(state.fetches, 3)
  await clock.advance(30_000)
  assert.is(source.current(), 'v4', 'thirty seconds before the end it is renewed')
  assert.equal(failures, [])
})

test('refused without a value: a fault, and a pause', async () => {
  const { source, script, state } = scripted()
  script.push(tooEarly())
  await failure(source.get())
  assert.is(source.state, 'failing')
  await failure(source.get())
  assert.is(state.fetches, 1)
})

test('refused as too early until the end: then the callers ask at once', async () => {
  const { clock, source, script } = scripted({ lifeMs: 100_000 })
  await source.get()
  source.current()
  script.push(...Array.from({ length: 20 }, tooEarly))
  await clock.advance(99_999)
  assert.is(source.current(), 'v1')
  script.length = 0
  await clock.advance(1)
  assert.match(await source.get(), /^v\d/)
})

test('keepWarm: fetched without a caller, renewed without a use, tried again after a failure', async () => {
  const { clock, source, script, state } = scripted({ random: 1 })
  script.push(away(), away())
  source.keepWarm()
  await settle()
  assert.is(source.state, 'failing')
  await clock.advance(1_000 + 2_000)
  assert.is(source.value, 'v3')
  for (let renewal = 4; renewal < 8; renewal++) {
    await clock.advance(HOUR_MS - MARGIN_MS)
    assert.is(source.value, `v${renewal}`)
  }
  source.stop()
  await clock.advance(10 * HOUR_MS)
  assert.is(state.fetches, 7)
  assert.is(clock.pending(), 0)
})

test('keepWarm of a value that was adopted fetches nothing before it is due', async () => {
  const old = scripted()
  await old.source.get()
  const next = new CachedSource<string>({
    clock: old.clock,
    random: () => 0,
    fetch: async () => ({ value: 'new', lifeMs: HOUR_MS }),
  })
  next.adopt(old.source)
  next.keepWarm()
  await old.clock.advance(HOUR_MS - MARGIN_MS - 1)
  assert.is(next.value, 'v1')
  await old.clock.advance(1)
  assert.is(next.value, 'new')
})

test('10 000 cold callers, of which half go away: one fetch', async () => {
  const { source, state, hold } = scripted()
  hold()
  const callers = Array.from({ length: 10_000 }, () => source.get())
  const left = callers.slice(0, 5_000).map(caller => Promise.race([caller, Promise.resolve('gone')]))
  assert.equal([...new Set(await Promise.all(left))], ['gone'])
  state.open()
  assert.equal([...new Set(await Promise.all(callers))], ['v1'])
  assert.is(state.fetches, 1)
})

test('tokens of five seconds under steady use: one fetch each four seconds', async () => {
  const { clock, source, state } = scripted({ lifeMs: 5_000 })
  await source.get()
  for (let call = 0; call < 400; call++) {
    assert.ok(source.current())
    await clock.advance(100)
  }
  assert.is(state.fetches, 11)
})

for (const [minTtlMs, fetches] of [
  [0, 1],
  [1_799_999, 1],
  [1_800_000, 2],
  [1_800_001, 2],
] as const) {
  test(`with half an hour left, a minTtl of ${minTtlMs} ms makes ${fetches} fetches`, async () => {
    const { clock, source, state } = scripted()
    await source.get()
    await clock.advance(HOUR_MS / 2)
    await source.get(minTtlMs)
    assert.is(state.fetches, fetches)
  })
}

test('a minTtl that no value can have causes no storm, and no fetch before the renewal is due', async () => {
  const { clock, source, state } = scripted()
  for (let call = 0; call < 100; call++) assert.is(await source.get(2 * HOUR_MS), 'v1')
  await clock.advance(HOUR_MS - MARGIN_MS - 1)
  assert.is(await source.get(2 * HOUR_MS), 'v1')
  assert.is(state.fetches, 1)
  await clock.advance(1)
  assert.is(await source.get(2 * HOUR_MS), 'v2')
})

test('a minTtl beyond the life of the value that is held asks once whether a fresh one lives longer', async () => {
  const { source, script, state } = scripted({ lifeMs: 300_000 })
  await source.get()
  assert.is(await source.get(600_000), 'v2', 'which it may')
  for (const minTtlMs of [600_000, 500_000, 300_000, 299_999]) assert.is(await source.get(minTtlMs), 'v2')
  assert.is(state.fetches, 2)

  const other = scripted()
  other.script.push({ value: 'short', lifeMs: 300_000 })
  await other.source.get()
  assert.is(await other.source.get(600_000), 'v2')
  assert.is(await other.source.get(600_000), 'v2')
  assert.is(other.state.fetches, 2)
  assert.is(script.length, 0)
})

test('a minTtl that a failing source cannot give gets the old value rather than an error', async () => {
  const { clock, source, script } = scripted()
  await source.get()
  await clock.advance(HOUR_MS / 2)
  script.push(away())
  assert.is(await source.get(HOUR_MS - 1), 'v1')
  assert.is(await source.get(HOUR_MS - 1), 'v1', 'and in the pause')
  assert.is(source.state, 'degraded')
})

test('a clock that is set forward ends a value, one that is set back does not prolong it', async () => {
  const forward = scripted()
  await forward.source.get()
  forward.clock.jump(HOUR_MS)
  assert.is(await forward.source.get(), 'v2')

  const back = scripted()
  await back.source.get()
  back.clock.jump(-10 * HOUR_MS)
  assert.is(back.source.current(), 'v1')
  await back.clock.advance(HOUR_MS - MARGIN_MS)
  assert.is(back.state.fetches, 2, 'renewed in time')
  const unused = scripted()
  await unused.source.get()
  unused.clock.jump(-10 * HOUR_MS)
  await unused.clock.advance(HOUR_MS)
  assert.is(unused.source.current(), undefined)
})

test('a machine that slept for hours: what is kept warm is renewed soon, and nobody gets a value that ended', async () => {
  const SLEPT_MS = 9 * HOUR_MS
  const warm = scripted()
  warm.source.keepWarm()
  await settle()
  warm.clock.jump(SLEPT_MS)
  assert.is(warm.source.state, 'idle')
  await warm.clock.advance(0)
  assert.is(warm.source.value, 'v2')
  await warm.clock.advance(HOUR_MS - MARGIN_MS)
  assert.is(warm.source.value, 'v3', 'and in time from then on')

  const used = scripted()
  await used.source.get()
  used.clock.jump(SLEPT_MS)
  assert.is(used.source.current(), undefined)
  assert.equal(new Set(await Promise.all([used.source.get(), used.source.get()])), new Set(['v2']))
  assert.is(used.state.fetches, 2)

  const failing = scripted({ random: 1 })
  failing.script.push(wrongPassword())
  failing.source.keepWarm()
  await settle()
  failing.clock.jump(SLEPT_MS)
  await failing.clock.advance(0)
  assert.is(failing.source.value, 'v2', 'a pause ends')
})

test('adopt() takes the value over with its age and its renewal; an own value is kept', async () => {
  const old = scripted()
  await old.source.get()
  const clock = old.clock
  let fetches = 0
  const next = new CachedSource<string>({
    clock,
    random: () => 0,
    fetch: async () => ({ value: `n${++fetches}`, lifeMs: HOUR_MS }),
  })
  await clock.advance(HOUR_MS / 2)
  next.adopt(old.source)
  assert.is(await next.get(), 'v1')
  assert.is(next.expiresAtMs, old.source.expiresAtMs)
  old.source.stop()
  await clock.advance(HOUR_MS / 2 - MARGIN_MS)
  assert.is(fetches, 1)
  assert.is(old.state.fetches, 1)
  assert.is(next.current(), 'n1')
  next.adopt(old.source)
  assert.is(next.current(), 'n1')
})

test('stop() ends the background work; callers are still served', async () => {
  const { clock, source, state } = scripted()
  await source.get()
  source.current()
  source.stop()
  assert.is(clock.pending(), 0)
  await clock.advance(HOUR_MS - 1)
  assert.is(source.current(), 'v1')
  source.renew()
  await settle()
  assert.is(state.fetches, 1)
  await clock.advance(1)
  assert.is(await source.get(), 'v2')
  assert.is(clock.pending(), 0)
})

test('kept fresh only while used', async () => {
  const { clock, source, state } = scripted()
  await source.get()
  source.current()
  await clock.advance(HOUR_MS)
  assert.is(state.fetches, 2)
  await clock.advance(100 * HOUR_MS)
  assert.is(state.fetches, 2, 'nobody asked for the second value')
  assert.is(source.state, 'idle')
})

test('a life longer than a timer can hold is not renewed early', async () => {
  const yearMs = 365 * 86_400_000
  const { clock, source, state } = scripted({ lifeMs: yearMs })
  await source.get()
  source.current()
  await clock.advance(yearMs * 0.8 - 1)
  assert.is(state.fetches, 1)
  await clock.advance(1)
  assert.is(state.fetches, 2)
})

test('a value without an end is kept; renewAfterMs renews it at the next use', async () => {
  const endless = scripted({ lifeMs: null })
  await endless.source.get()
  await endless.clock.advance(10_000 * HOUR_MS)
  assert.is(endless.source.current(), 'v1')
  assert.is(endless.source.expiresAtMs, null)
  assert.is(endless.state.fetches, 1)

  const told = scripted()
  told.script.push({ value: 'told', lifeMs: null, renewAfterMs: 5_000 })
  await told.source.get()
  await told.clock.advance(4_999)
  told.source.current()
  await settle()
  assert.is(told.state.fetches, 1)
  await told.clock.advance(1)
  assert.is(told.source.current(), 'told')
  await settle()
  assert.is(told.source.current(), 'v2')
})

test('the states: idle, ready, degraded, failing', async () => {
  const { clock, source, script } = scripted()
  assert.is(source.state, 'idle')
  script.push(away())
  await failure(source.get())
  assert.is(source.state, 'failing')
  await clock.advance(1_000)
  await source.get()
  assert.is(source.state, 'ready')
  source.current()
  script.push(away())
  await clock.advance(HOUR_MS - MARGIN_MS)
  assert.is(source.state, 'degraded')
  await clock.advance(MARGIN_MS)
  assert.is(source.state, 'failing')
})

test.run()
