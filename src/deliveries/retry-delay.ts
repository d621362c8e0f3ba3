// How long a delivery waits after a failure: twice as long each time, with jitter, and never shorter than the server said.
import type { Clock } from '../base/clock.ts'
import type { AppError } from '../base/error.ts'

export interface PauseLimits {
  min: number
  max: number
}

/** Milliseconds from now; `attempt` is the number of the one that failed. */
export function retryDelay(
  error: AppError,
  attempt: number,
  pauseMs: PauseLimits,
  { clock, random }: { clock: Clock; random(): number },
): number {
  const backoffMs = Math.min(pauseMs.min * 2 ** Math.min(attempt - 1, 30), pauseMs.max) * (0.75 + random() / 4)
  return Math.ceil(Math.max(backoffMs, (error.details.retryAtMs ?? 0) - clock.nowMs()))
}
