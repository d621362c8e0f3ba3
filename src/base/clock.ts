// Time as a value that tests can replace. The only file with timers and the current time.

export interface Clock {
  /** Unix time in milliseconds; may jump in both directions. */
  nowMs(): number
  /** Milliseconds since an arbitrary start; never goes back, may stand still while the machine sleeps. */
  monotonicMs(): number
  /** Calls back once after the delay; returns the cancellation. Never keeps the process alive. */
  schedule(delayMs: number, callback: () => void): () => void
  /** Rejects with the signal's reason when it aborts. Keeps the process alive. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>
}

/** setTimeout fires at once for anything larger. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** Lets whoever waits go first, so that long work holds up nobody. */
export function nextTurn(): Promise<void> {
  return new Promise(resolve => void setImmediate(resolve))
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs() {
    // `performance` is a part of Node that is loaded at its first use.
    const [seconds, nanoseconds] = process.hrtime()
    return seconds * 1000 + nanoseconds / 1e6
  },
  schedule(delayMs, callback) {
    const timer = setTimeout(callback, Math.min(Math.max(delayMs, 0), MAX_TIMER_MS))
    timer.unref()
    return () => clearTimeout(timer)
  },
  sleep(delayMs, signal) {
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
  },
}
