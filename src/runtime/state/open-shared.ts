// URL and key of a database -> the state that replicas share there.
import { randomUUID } from 'node:crypto'
import { type Clock, systemClock } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import { createFleet } from '../tokens/fleet.ts'
import type { OpenShared, SharedState } from './choose-store.ts'
import { openDatabase } from './database.ts'
import { openPostgres } from './postgres.ts'
import { createSealing } from './sealing.ts'
import { createSharedStore } from './shared-store.ts'
import { createTokenTable } from './token-table.ts'

export interface SharedStateParts {
  clock: Clock
  log: Log
  random(): number
  onChange?: ((ok: boolean) => void) | undefined
}

/** Short: a token that takes longer than this is asked for without the database. */
const TOKENS = { statementMs: 1_000, connections: 5, fullCode: 'state_unavailable' } as const
const TOKEN_WORDS = {
  away: 'tokens are not shared with other replicas: each asks for its own',
  back: 'the database is back: tokens are shared again',
}

export function createOpenShared({ clock, log, random, onChange }: SharedStateParts): OpenShared {
  return async (url, encryptionKeys) => {
    const sealing = createSealing(...encryptionKeys)
    const connect: SharedState['connect'] = async (use, words, onChange) => {
      const postgres = await openPostgres(url, use)
      return openDatabase({ postgres, connections: use.connections, log, words, random, onChange })
    }
    let backAtMs = Number.NEGATIVE_INFINITY
    let onBack = () => {}
    const database = await connect(TOKENS, TOKEN_WORDS, ok => {
      if (ok) onBack()
      onChange?.(ok)
    })
    const table = createTokenTable(database, sealing)
    const tokens = createSharedStore(table, sealing)
    const backForMs = () => systemClock.monotonicMs() - backAtMs
    const fleet = createFleet({ table, sealing, clock, random, newId: randomUUID, backForMs })
    onBack = () => {
      backAtMs = systemClock.monotonicMs()
      // In this order: who has the lease next reads the refresh token.
      void tokens.catchUp().then(() => fleet.catchUp())
    }
    return {
      tokens,
      fleet,
      shared: { connect, sealing },
      get status() {
        const { ok, lastError } = database.status
        return { kind: 'postgresql' as const, ok, lastError: lastError ?? null }
      },
      close: () => database.close(),
    }
  }
}
