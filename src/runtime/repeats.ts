// The rule `retry` of a service, applied to one request: whether it is sent again after what happened, and when.
import { type Clock, systemClock } from '../base/clock.ts'
import type { ServicePlan } from '../compile/plan.ts'
import { isIdempotent, retryDelay } from '../compile/retry.ts'
import type { RetryRule } from '../config/model/model.ts'
import { parseRetryAfter } from './authorization-server/token-response.ts'

/** Why a request is sent again: the status of its answer, or that there was none. */
export type RepeatCause = number | 'connection'

export interface RepeatEffects {
  clock: Clock
  random(): number
}

export const REAL_EFFECTS: RepeatEffects = { clock: systemClock, random: Math.random }

/** Undefined for a request that is never repeated. */
export function repeatsOf(
  { retry, timeoutMs }: ServicePlan,
  method: string,
  replayable: boolean,
  effects: RepeatEffects,
): Repeats | undefined {
  return retry && replayable && isIdempotent(method) ? new Repeats(retry, timeoutMs, effects) : undefined
}

/** Its time starts when it is made, and is for all attempts together. */
export class Repeats {
  readonly #rule: RetryRule
  readonly #effects: RepeatEffects
  readonly #endsAtMs: number
  /** Requests sent so far; those with a new token, or for a nonce, do not count. */
  attempts = 1

  constructor(rule: RetryRule, timeoutMs: number, effects: RepeatEffects) {
    this.#rule = rule
    this.#effects = effects
    this.#endsAtMs = effects.clock.monotonicMs() + timeoutMs
  }

  /** Milliseconds for what is still to come; not below 0. */
  leftMs(): number {
    return Math.max(this.#endsAtMs - this.#effects.clock.monotonicMs(), 0)
  }

  /** Counts the next attempt and says how long to wait for it; undefined when what came is the end. */
  next(cause: RepeatCause, retryAfter = ''): number | undefined {
    const { connection, statuses } = this.#rule
    if (!(cause === 'connection' ? connection : statuses.includes(cause))) return undefined
    const { clock, random } = this.#effects
    const nowMs = clock.nowMs()
    const retryAfterMs = (parseRetryAfter(retryAfter, nowMs) ?? nowMs) - nowMs
    const delayMs = retryDelay(this.#rule, this.attempts, retryAfterMs, random())
    if (delayMs === undefined || delayMs >= this.leftMs()) return undefined
    this.attempts++
    return delayMs
  }

  /** For a connection that the service had closed while it was idle: counts an attempt without a pause, where one is left. */
  nextAtOnce(): boolean {
    if (this.attempts >= this.#rule.attempts) return false
    this.attempts++
    return true
  }
}

/** Of a connection that was not made, or broke: not of an answer that nobody understands, nor of a certificate. */
const CONNECTION_CODES = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'],
  ...['ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_SOCKET', 'UND_ERR_CONNECT_TIMEOUT'],
])

export function isConnectionFailure(code: string | undefined): boolean {
  return code !== undefined && CONNECTION_CODES.has(code)
}
