// What a program outside needs to authorise a request of its own.
import { toRfc3339 } from './live-account.ts'
import type { Authorized } from './live-service.ts'

export interface Authorization {
  headers: Record<string, string>
  query: Record<string, string>
  /** RFC 3339, or null for a credential that does not expire. */
  expiresAt: string | null
}

export function toAuthorization({ injection, expiresAtMs }: Authorized): Authorization {
  return {
    headers: Object.fromEntries(injection.headers),
    query: Object.fromEntries(injection.query),
    expiresAt: toRfc3339(expiresAtMs),
  }
}
