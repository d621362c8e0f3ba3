// One database for the deliveries of a fleet, which may come and go, and the queue in it, opened when it is there.
import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import type { DeliveryQueue } from '../deliveries/queue/delivery-queue.ts'
import { openPostgresQueue, QUEUE_USE, QUEUE_WORDS } from '../deliveries/queue/open-postgres.ts'
import type { PostgresQueue } from '../deliveries/queue/postgres.ts'
import type { Executor } from '../index.ts'

type SharedState = NonNullable<Executor['state']['shared']>

export interface SharedQueueParts {
  state: SharedState
  clock: Clock
  log: Log
  onChange(ok: boolean, error: string | null): void
}

export interface SharedQueue {
  /** Rejects with AppError `state_unavailable`. */
  open(): Promise<DeliveryQueue>
  close(): Promise<void>
}

export function createSharedQueue({ state, clock, log, onChange }: SharedQueueParts): SharedQueue {
  let queue: PostgresQueue | undefined
  let database: ReturnType<SharedState['connect']> | undefined
  const connect = () => {
    database ??= state.connect(QUEUE_USE, QUEUE_WORDS, (ok, error) => {
      // What this replica sends is not to be taken over because nobody could say so.
      if (ok) void queue?.keepAlive().catch(() => undefined)
      onChange(ok, error)
    })
    return database
  }
  return {
    async open() {
      queue = await openPostgresQueue({ database: await connect(), sealing: state.sealing, clock, log })
      return queue
    },
    async close() {
      await (await database?.catch(() => undefined))?.close()
    },
  }
}
