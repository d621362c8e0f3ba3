// What an operator hears of attempts: a line for each one that failed, one for each pause of an account, and what is counted.
import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import type { Pause, Resting } from './pauses.ts'
import type { DeliveryRecord, Outcome } from './queue/delivery-queue.ts'

/** `waiting`: nothing was sent, because there was no credential. */
export type AttemptOutcome = 'delivered' | 'retried' | 'dead' | 'waiting'

export interface AttemptLogParts {
  log: Log
  clock: Clock
  onAttempt?(action: string, outcome: AttemptOutcome): void
}

/** There may be as many sets of values as an action has tenants: one line for all of them in this time. */
const EVERY_MS = 60_000

export class AttemptLog {
  readonly #parts: AttemptLogParts
  readonly #toldAtMs = new Map<string, number>()

  constructor(parts: AttemptLogParts) {
    this.#parts = parts
  }

  /** `attempts`: how many the action allows. */
  ended({ id, action, attempts: before }: DeliveryRecord, outcome: Outcome, attempts: number | undefined): void {
    const { log, onAttempt } = this.#parts
    const { state, lastError, nextAttemptAtMs } = outcome
    const attempt = outcome.attempts
    if (attempt > before) onAttempt?.(action, state === 'pending' ? 'retried' : state)
    const said = { delivery: id, action, attempt, attempts, code: lastError?.code, status: lastError?.status }
    if (state === 'dead') log.warn(said, `delivery is dead: ${lastError?.message}`)
    else if (state === 'pending' && attempt > before)
      log.info({ ...said, nextAttemptAt: timeOf(nextAttemptAtMs) }, `attempt failed: ${lastError?.message}`)
  }

  paused({ action, byValues }: Resting, { error, untilMs }: Pause): void {
    const { log, clock, onAttempt } = this.#parts
    onAttempt?.(action, 'waiting')
    const nowMs = clock.nowMs()
    if (byValues && nowMs - (this.#toldAtMs.get(action) ?? Number.NEGATIVE_INFINITY) < EVERY_MS) return
    if (byValues) this.#toldAtMs.set(action, nowMs)
    log.warn({ action, code: error.code, nextAttemptAt: timeOf(untilMs) }, `deliveries wait: ${error.message}`)
  }
}

function timeOf(atMs: number | null): string | undefined {
  return atMs === null ? undefined : new Date(atMs).toISOString()
}
