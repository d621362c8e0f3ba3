// URL and key of a database -> the state that replicas share there.
import { randomUUID } from 'node:crypto'
import type { Clock } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import { createFleet } from '../tokens/fleet.ts'
import type { OpenShared } from './choose-store.ts'
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

export function createOpenShared({ clock, log, random, onChange }: SharedStateParts): OpenShared {
  return async (url, encryptionKey) => {
    const sealing = createSealing(encryptionKey)
    const postgres = await openPostgres(url)
    const database = await openDatabase({ postgres, log, random, onChange: ok => onChange?.(ok) })
    const table = createTokenTable(database, sealing)
    return {
      tokens: createSharedStore(table, sealing),
      fleet: createFleet({ table, sealing, clock, random, newId: randomUUID }),
      get status() {
        const { ok, lastError } = database.status
        return { kind: 'postgresql' as const, ok, lastError: lastError ?? null }
      },
      close: () => database.close(),
    }
  }
}
