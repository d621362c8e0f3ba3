// A Clock whose time stands still until a test moves it. Nothing here waits for real time.
import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../../src/base/clock.ts'

export interface FakeClock extends Clock {
  /** Moves both clocks forward, fires what becomes due in order, and lets promises settle before, between and after. */
  advance(ms: number): Promise<void>
  /** Moves wall time only, in either direction, as an administrator, a time server or a machine that slept does. */
  jump(ms: number): void
  /** How many timers and sleeps wait. */
  pending(): number
}

interface Timer {
  atMs: number
  /** Of the wall clock. */
  atWallMs: number
  callback: () => void
}

/** As the system clock: a longer delay is cut. */
const MAX_TIMER_MS = 2 ** 31 - 1
const SETTLING_TURNS = 5

/** Lets every promise that depends on nothing outside the process go on as far as it can. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < SETTLING_TURNS; turn++) await setImmediate()
}

export function fakeClock(startMs = Date.parse('2026-01-01T00:00:00Z')): FakeClock {
  let elapsedMs = 0
  let wallOffsetMs = startMs
  const timers = new Set<Timer>()

  const schedule = (delayMs: number, callback: () => void): (() => void) => {
    const cutMs = Math.min(Math.max(delayMs, 0), MAX_TIMER_MS)
    const timer = { atMs: elapsedMs + cutMs, atWallMs: wallOffsetMs + elapsedMs + cutMs, callback }
    timers.add(timer)
    return () => void timers.delete(timer)
  }

  const advance = async (ms: number): Promise<void> => {
    if (!(ms >= 0)) throw new RangeError(`cannot advance by ${ms} ms`)
    const untilMs = elapsedMs + ms
    await settle()
    for (let timer = firstDue(timers, untilMs); timer; timer = firstDue(timers, untilMs)) {
      elapsedMs = Math.max(elapsedMs, timer.atMs)
      timers.delete(timer)
      timer.callback()
      await settle()
    }
    elapsedMs = Math.max(elapsedMs, untilMs)
    await settle()
  }

  return {
    nowMs: () => wallOffsetMs + elapsedMs,
    monotonicMs: () => elapsedMs,
    schedule,
    sleep: (delayMs, signal) => sleepOn(schedule, delayMs, signal),
    advance,
    jump(ms) {
      wallOffsetMs += ms
      // By either clock, as the system clock.
      for (const timer of timers) timer.atMs = Math.min(timer.atMs, Math.max(timer.atWallMs - wallOffsetMs, elapsedMs))
    },
    pending: () => timers.size,
  }
}

/** The earliest timer that is due by then; of two at the same time the one that was set first. */
function firstDue(timers: ReadonlySet<Timer>, untilMs: number): Timer | undefined {
  let first: Timer | undefined
  for (const timer of timers) if (timer.atMs <= untilMs && timer.atMs < (first?.atMs ?? Infinity)) first = timer
  return first
}

function sleepOn(schedule: Clock['schedule'], delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const onAbort = (): void => {
      cancel()
      reject(signal?.reason)
    }
    const cancel = schedule(delayMs, () => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    })
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}
