// Refresh tokens that end with the process.
import type { Secret } from '../../base/secret.ts'
import { digest } from '../secrets/values.ts'
import type { TokenStore } from './token-store.ts'

/** A family without a user leaves with time. */
const MAX_FAMILIES = 10_000

export function createMemoryStore(): TokenStore {
  const kept = new Map<string, Secret>()
  return {
    refreshToken: async family => kept.get(digest(family)),
    async keep(family, refreshToken) {
      const name = digest(family)
      kept.delete(name)
      kept.set(name, refreshToken)
      if (kept.size > MAX_FAMILIES) kept.delete(kept.keys().next().value!)
    },
    // It is this process's alone.
    hold: async () => () => {},
    async drop(family, refreshToken) {
      const name = digest(family)
      const last = kept.get(name)
      if (last && digest(last) === digest(refreshToken)) kept.delete(name)
    },
  }
}
