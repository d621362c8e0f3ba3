// Refresh tokens that end with the process.
import type { Secret } from '../../base/secret.ts'
import type { TokenStore } from './token-store.ts'

export function createMemoryStore(): TokenStore {
  const kept = new Map<string, Secret>()
  return {
    refreshToken: async identity => kept.get(identity),
    keep: async (identity, refreshToken) => void kept.set(identity, refreshToken),
    async drop(identity, refreshToken) {
      if (kept.get(identity) === refreshToken) kept.delete(identity)
    },
  }
}
