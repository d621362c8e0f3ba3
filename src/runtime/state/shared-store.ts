// Refresh tokens in the database of a fleet. What cannot be written there serves this process until it can.

import { AppError } from '../../base/error.ts'
import { createMemoryStore } from './memory-store.ts'
import type { Sealing } from './sealing.ts'
import type { TokenStore } from './token-store.ts'
import type { TokenTable } from './token-table.ts'

export function createSharedStore(table: TokenTable, sealing: Sealing): TokenStore {
  /** Newer than what the database has. */
  const unsaved = createMemoryStore()
  /** The last that was seen there, for when it is away. */
  const seen = createMemoryStore()
  return {
    async refreshToken(family) {
      const newer = await unsaved.refreshToken(family)
      if (newer) return newer
      try {
        const kept = await table.refreshToken(sealing.name(family))
        if (kept) await seen.keep(family, kept)
        return kept
      } catch (error) {
        ignoreAway(error)
        return seen.refreshToken(family)
      }
    },
    async keep(family, refreshToken) {
      const last = await unsaved.refreshToken(family)
      await seen.keep(family, refreshToken)
      try {
        await table.keepRefreshToken(sealing.name(family), refreshToken)
        if (last) await unsaved.drop(family, last)
      } catch (error) {
        ignoreAway(error)
        await unsaved.keep(family, refreshToken)
      }
    },
    // The lease of the fleet sees to that.
    hold: async () => () => {},
    async drop(family, refreshToken) {
      await Promise.all([unsaved.drop(family, refreshToken), seen.drop(family, refreshToken)])
      await table.dropRefreshToken(sealing.name(family), refreshToken).catch(ignoreAway)
    },
  }
}

function ignoreAway(error: unknown): void {
  if (!(error instanceof AppError) || error.code !== 'state_unavailable') throw error
}
