// A request that was sent again because its answer was lost: the key that says so, and whether it is the same one.
import { createHash } from 'node:crypto'
import { AppError } from '../base/error.ts'
import type { DeliveryJob } from './delivery.ts'

/** What a caller says of its request, so that a repetition is known as one. */
export interface Repeatable {
  key: string
  /** Its name where the daemon knows its callers: the keys of others are not its own. */
  caller?: string
}

/** Of one caller and one action. */
export function keyOf({ key, caller }: Repeatable, action: string): string {
  return createHash('sha256')
    .update(JSON.stringify([caller ?? null, action, key]))
    .digest('base64url')
}

/** Throws AppError `idempotency_key_reused` when they would send something else. */
export function checkSame(earlier: DeliveryJob, job: DeliveryJob): void {
  if (contentOf(earlier) === contentOf(job)) return
  throw new AppError(
    'idempotency_key_reused',
    `delivery ${earlier.id} has this \`Idempotency-Key\` and another input or other files: take a new key for something new`,
  )
}

function contentOf({ params, input, files }: DeliveryJob): string {
  const sent = files.map(({ name, size, type, sha256 }) => ({ name, size, type, sha256 }))
  return JSON.stringify({ params, input, files: sent }, inOrder)
}

/** Members may come in any order. */
function inOrder(_key: string, value: unknown): unknown {
  const isMapping = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isMapping ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value
}
