// A request that was sent again because its answer was lost: the key that says so, and whether it is the same one.
import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
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
  if (isDeepStrictEqual(contentOf(earlier), contentOf(job))) return
  throw new AppError(
    'idempotency_key_reused',
    `delivery ${earlier.id} has this \`Idempotency-Key\` and another input or other files: take a new key for something new`,
  )
}

/** As JSON keeps it. */
function contentOf({ params, input, files }: DeliveryJob): unknown {
  const sent = files.map(({ name, size, type, sha256 }) => ({ name, size, type, sha256 }))
  return JSON.parse(JSON.stringify({ params, input, files: sent }))
}
