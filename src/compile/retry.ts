// Which requests to a service may be repeated, and after which pause.
import { formatDuration } from '../base/duration.ts'
import type { RetryRule } from '../config/model/model.ts'

/** Safe and idempotent methods of RFC 9110 section 9.2.2: sent twice they mean the same as sent once. */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE'])

/** Methods are case-sensitive (RFC 9110 section 9.1). */
export function isIdempotent(method: string): boolean {
  return IDEMPOTENT.has(method)
}

const FIRST_DELAY_MS = 250

/**
 * Milliseconds from the `attempt`th attempt (from 1) to the next one; undefined when there is none, because all were made or
 * `Retry-After` asks for more than the longest pause. `random` (0 to 1) chooses within a range that doubles each time, so that
 * callers that failed together do not come back together.
 */
export function retryDelay(
  { attempts, maxDelayMs }: RetryRule,
  attempt: number,
  retryAfterMs: number,
  random: number,
): number | undefined {
  if (attempt >= attempts || retryAfterMs > maxDelayMs) return undefined
  const jitterMs = random * FIRST_DELAY_MS * 2 ** (attempt - 1)
  return Math.min(retryAfterMs + jitterMs, maxDelayMs)
}

/** For explanations. */
export function retryWords({ attempts, statuses, connection, maxDelayMs }: RetryRule): string {
  const on = [...(connection ? ['a failed connection'] : []), ...statuses].join(', ')
  return `idempotent methods, ${attempts} attempts in all, after ${on}; pauses up to ${formatDuration(maxDelayMs)}`
}
