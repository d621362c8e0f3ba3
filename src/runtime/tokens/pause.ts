// How long a source waits after a failure before it asks again: by what failed, longer each time.
import { AppError } from '../../base/error.ts'

interface Pause {
  firstMs: number
  maxMs: number
}

const TRANSIENT: Pause = { firstMs: 1_000, maxMs: 30_000 }
/** Asked to be gentle, without being told how long (RFC 6585 section 4). */
const LIMITED: Pause = { firstMs: 5_000, maxMs: 300_000 }
/** Nothing is sent before it is back. */
const STATE: Pause = { firstMs: 1_000, maxMs: 5_000 }
const PERMANENT: Pause = { firstMs: 10_000, maxMs: 600_000 }
/** A wrong password must not lock an account: three attempts in a quarter of an hour. */
const WRONG_GRANT: Pause = { firstMs: 300_000, maxMs: 3_600_000 }

/** The pause after the `count`th failure in a row; `random` (0 to 1) shortens it by up to a quarter. */
export function pauseAfter(error: AppError, count: number, random: number): number {
  const { firstMs, maxMs } = pauseOf(error)
  return Math.min(firstMs * 2 ** (count - 1), maxMs) * (0.75 + random / 4)
}

/** Who hears of it knows when it is tried again. */
export function pausedUntil({ code, message, details }: AppError, retryAtMs: number, text = message): AppError {
  return new AppError(code, text, { ...details, retryAtMs })
}

function pauseOf({ code, details }: AppError): Pause {
  if (code === 'state_unavailable') return STATE
  if (details.status === 429) return LIMITED
  if (details.transient) return TRANSIENT
  return details.oauthError === 'invalid_grant' ? WRONG_GRANT : PERMANENT
}

/** RFC 6749 section 5.2 and RFC 8707: nothing but a change of the definition or a secret ends these. */
const LASTING = new Set([
  ...['invalid_client', 'invalid_grant', 'invalid_request', 'invalid_scope', 'invalid_target'],
  ...['unauthorized_client', 'unsupported_grant_type'],
])

/** An answer such as "not yet expired" of a server that renews only shortly before the end: no fault while the old value lives. */
export function isTooEarly({ code, details }: AppError): boolean {
  return code === 'token_refused' && !details.transient && !LASTING.has(details.oauthError ?? '')
}
