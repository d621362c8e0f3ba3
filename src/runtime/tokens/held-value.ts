// What a source of values holds: the value with its life, and its last failure.
import type { Moment } from '../../base/clock.ts'
import type { AppError } from '../../base/error.ts'

export interface Held<T> {
  value: T
  since: Moment
  lifeMs: number | null
  renewAfterMs: number | null
  isCurrent?: ((minTtlMs: number) => boolean) | undefined
  used: boolean
}

export interface Failure {
  error: AppError
  count: number
  since: Moment
  retryAtMs: number
  /** Not a fault: asked before the server renews. */
  tooEarly: boolean
}

/** A life that no fresh value has, which `longestMs` tells, asks for no fetch before the renewal is due. */
export function livesFor(held: Held<unknown>, ageMs: number, minTtlMs = 0, longestMs = 0): boolean {
  const { lifeMs, renewAfterMs } = held
  if (lifeMs === null) return true
  const neededMs = minTtlMs < Math.max(lifeMs, longestMs) ? minTtlMs : lifeMs - (renewAfterMs ?? lifeMs)
  return ageMs + neededMs < lifeMs
}
