// Refresh tokens in the database of a fleet. What cannot be written there serves this process until it can.

import { AppError, isStateError } from '../../base/error.ts'
import type { Secret } from '../../base/secret.ts'
import { digest } from '../secrets/values.ts'
import type { Sealing } from './sealing.ts'
import type { TokenStore } from './token-store.ts'
import type { TokenTable } from './token-table.ts'

export interface SharedTokenStore extends TokenStore {
  /** Writes what could not be written; for when the database is back. Never rejects. */
  catchUp(): Promise<void>
}

/** A family without a user leaves with time. */
const MAX_UNSAVED = 10_000

export function createSharedStore(table: TokenTable, sealing: Sealing): SharedTokenStore {
  /** By names of rows: newer than what the database has, and known to nobody else. */
  const unsaved = new Map<string, Secret>()
  const keyOf = (family: Secret) => sealing.name(family).toString('base64')
  const save = async (key: string, refreshToken: Secret, late: boolean) => {
    await table.keepRefreshToken(Buffer.from(key, 'base64'), refreshToken, late)
    if (unsaved.get(key) === refreshToken) unsaved.delete(key)
  }
  return {
    async refreshToken(family, alone) {
      const own = unsaved.get(keyOf(family))
      if (own) return own
      if (alone) throw new AppError('state_unavailable', 'refresh tokens are not read while the database is away')
      return table.refreshToken(sealing.name(family))
    },
    async keep(family, refreshToken) {
      const key = keyOf(family)
      unsaved.delete(key)
      unsaved.set(key, refreshToken)
      if (unsaved.size > MAX_UNSAVED) unsaved.delete(unsaved.keys().next().value!)
      await save(key, refreshToken, false).catch(ignoreUnkept)
    },
    // The lease of the fleet sees to that.
    hold: async () => () => {},
    async drop(family, refreshToken) {
      const key = keyOf(family)
      const own = unsaved.get(key)
      if (own && digest(own) === digest(refreshToken)) unsaved.delete(key)
      await table.dropRefreshToken(sealing.name(family), refreshToken).catch(ignoreUnkept)
    },
    async catchUp() {
      await Promise.all([...unsaved].map(([key, refreshToken]) => save(key, refreshToken, true).catch(ignoreUnkept)))
    },
  }
}

function ignoreUnkept(error: unknown): void {
  if (!isStateError(error)) throw error
}
