// Time as a value that tests can replace. The only file with timers and the current time.

export interface Clock {
  /** Unix time in milliseconds; may jump in both directions. */
  nowMs(): number
  /** Milliseconds since an arbitrary start; never goes back, may stand still while the machine sleeps. */
  monotonicMs(): number
  /**
   * Calls back once after the delay, by either clock, so that a machine that slept is at most half a minute late; returns the
   * cancellation. Never keeps the process alive.
   */
  schedule(delayMs: number, callback: () => void): () => void
  /** Rejects with the signal's reason when it aborts. Keeps the process alive. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>
}

/** By both clocks: the monotonic one may sleep with the machine, the other one may be set back. */
export interface Moment {
  /** Unix time in milliseconds. */
  atMs: number
  atMonotonicMs: number
}

export function momentOf(clock: Clock, agoMs = 0): Moment {
  return { atMs: clock.nowMs() - agoMs, atMonotonicMs: clock.monotonicMs() - agoMs }
}

/** Milliseconds from a moment until now: the larger of what both clocks say. */
export function elapsedMs(clock: Clock, { atMs, atMonotonicMs }: Moment): number {
  return Math.max(clock.monotonicMs() - atMonotonicMs, clock.nowMs() - atMs, 0)
}

/** setTimeout fires at once for anything larger. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** Lets whoever waits go first, so that long work holds up nobody. */
export function nextTurn(): Promise<void> {
  return new Promise(resolve => void setImmediate(resolve))
}

/** How late a timer is at most when the machine slept. */
const LOOK_MS = 30_000

export const systemClock: Clock = createSystemClock()

export function createSystemClock({ nowMs = () => Date.now(), lookEveryMs = LOOK_MS } = {}): Clock {
  const longTimers = createLongTimers(nowMs, lookEveryMs)
  return {
    nowMs,
    monotonicMs() {
      // `performance` is a part of Node that is loaded at its first use.
      const [seconds, nanoseconds] = process.hrtime()
      return seconds * 1000 + nanoseconds / 1e6
    },
    schedule(delayMs, callback) {
      const cutMs = Math.min(Math.max(delayMs, 0), MAX_TIMER_MS)
      if (cutMs > lookEveryMs) return longTimers.start(cutMs, callback)
      const timer = setTimeout(callback, cutMs)
      timer.unref()
      return () => clearTimeout(timer)
    },
    sleep,
  }
}

interface LongTimer {
  untilMs: number
  ring(): void
}

/** A timer of the system stands still while the machine sleeps: the long ones are looked at by wall time as well. */
function createLongTimers(nowMs: () => number, lookEveryMs: number) {
  const waiting = new Set<LongTimer>()
  let looking: NodeJS.Timeout | undefined
  const look = () => {
    const atMs = nowMs()
    for (const timer of waiting) if (timer.untilMs <= atMs) timer.ring()
  }
  const start = (delayMs: number, callback: () => void): (() => void) => {
    const cancel = () => {
      clearTimeout(timeout)
      waiting.delete(timer)
      if (waiting.size > 0) return
      clearInterval(looking)
      looking = undefined
    }
    const ring = () => {
      cancel()
      callback()
    }
    const timer = { untilMs: nowMs() + delayMs, ring }
    const timeout = setTimeout(ring, delayMs)
    timeout.unref()
    waiting.add(timer)
    looking ??= setInterval(look, lookEveryMs).unref()
    return cancel
  }
  return { start }
}

function sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const onAbort = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(
      () => {
        signal?.removeEventListener('abort', onAbort)
        resolve()
      },
      Math.min(delayMs, MAX_TIMER_MS),
    )
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}
