// What a program outside needs to authorise a request of its own.
import { toRfc3339 } from './live-account.ts'
import type { Authorized } from './live-service.ts'

/** Frozen: callers share it while nothing changes. */
export interface Authorization {
  readonly headers: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  /** RFC 3339, or null for a credential that does not expire. */
  readonly expiresAt: string | null
}

const made = new WeakMap<Authorized, Authorization>()

export function toAuthorization(authorized: Authorized): Authorization {
  let authorization = made.get(authorized)
  if (!authorization) {
    const { injection, expiresAtMs } = authorized
    authorization = Object.freeze({
      headers: Object.freeze(Object.fromEntries(injection.headers)),
      query: Object.freeze(Object.fromEntries(injection.query)),
      expiresAt: toRfc3339(expiresAtMs),
    })
    made.set(authorized, authorization)
  }
  return authorization
}
