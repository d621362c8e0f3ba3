// The database that replicas share -> the queue in it, with its tables made.
import type { Clock } from '../../base/clock.ts'
import { AppError, errorFacts } from '../../base/error.ts'
import type { Log } from '../../base/log.ts'
import type { Database } from '../../runtime/state/database.ts'
import type { Sealing } from '../../runtime/state/sealing.ts'
import { openJobs } from './jobs.ts'
import { PostgresQueue } from './postgres.ts'

export interface PostgresQueueOptions {
  /** Stays open when the queue is closed. */
  database: Database
  sealing: Sealing
  clock: Clock
  log: Log
}

/** For `SharedState.connect`. */
export const QUEUE_USE = { statementMs: 10_000, onlyLonger: true, connections: 8, fullCode: 'storage_full' } as const
export const QUEUE_WORDS = {
  away: 'deliveries are refused and wait: their queue cannot be used',
  back: 'the database is back: deliveries go on',
}

/** Rejects with AppError `state_unavailable` while the database is away; once it was open, it comes back by itself. */
export async function openPostgresQueue(options: PostgresQueueOptions): Promise<PostgresQueue> {
  const { database, sealing, clock, log } = options
  // At once where it is away: pg-boss would not say why.
  await database.query('SELECT')
  try {
    const jobs = await openJobs({ database, keyId: sealing.keyId, log })
    return new PostgresQueue({ database, jobs, sealing, clock })
  } catch (error) {
    if (error instanceof AppError) throw error
    log.error(errorFacts(error), 'the queue of deliveries cannot be opened')
    throw new AppError('state_unavailable', 'the tables of deliveries in the database cannot be used; see the log')
  }
}
