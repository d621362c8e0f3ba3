// A database that may be away: who asks is told at once, and it is looked for in the background until it is back.
import { systemClock } from '../../base/clock.ts'
import { AppError } from '../../base/error.ts'
import type { Log } from '../../base/log.ts'
import { CHECK_WRITABLE, HAS_TABLES, MIGRATE, NEWEST_VERSION, READ_VERSION } from './migrations.ts'
import { MAX_CONNECTIONS, type Postgres } from './postgres.ts'

export interface DatabaseStatus {
  ok: boolean
  lastError: string | undefined
}

export interface Database {
  /** Rejects with AppError `state_unavailable`, at once while it is away. */
  query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>
  readonly status: DatabaseStatus
  close(): Promise<void>
}

export interface DatabaseParts {
  postgres: Postgres
  log: Log
  random(): number
  onChange(ok: boolean): void
}

/** Other processes do not live by our clock, so real time counts here. */
const PROBE_MS = 1_000

/** Resolved when it was looked for once, found or not; the tables are made then. */
export async function openDatabase({ postgres, log, random, onChange }: DatabaseParts): Promise<Database> {
  let away: AppError | undefined = new AppError('state_unavailable', 'not connected yet')
  let told: string | undefined
  let cancelProbe = () => {}
  let closed = false
  const inTurn = createTurns(MAX_CONNECTIONS)

  const fail = (error: unknown): never => {
    if (!(error instanceof AppError)) throw error
    if (!away || told === undefined) onChange(false)
    if (told !== error.message)
      log.warn({ error: error.message }, 'tokens are not shared with other replicas: each asks for its own')
    told = error.message
    away = error
    cancelProbe()
    if (!closed) cancelProbe = systemClock.schedule(PROBE_MS * (0.5 + random()), () => void probe())
    throw error
  }
  const probe = () =>
    prepare(postgres).then(
      () => {
        if (told !== undefined) log.info({}, 'the database is back: tokens are shared again')
        away = told = undefined
        onChange(true)
      },
      error => {
        try {
          fail(error)
        } catch (cause) {
          if (!(cause instanceof AppError)) throw cause
        }
      },
    )

  await probe()
  return {
    query<Row>(text: string, values?: readonly unknown[]) {
      return inTurn(async () => {
        if (away) throw away
        return postgres.query<Row>(text, values).catch(fail)
      })
    },
    get status() {
      return { ok: !away, lastError: away?.message }
    },
    async close() {
      closed = true
      cancelProbe()
      await postgres.end()
    },
  }
}

/** Several that start at once wait for each other, and the tables are made once. */
async function prepare(postgres: Postgres): Promise<void> {
  await postgres.query(CHECK_WRITABLE)
  const [found] = await postgres.query<{ hasTables: boolean }>(HAS_TABLES)
  const [known] = found?.hasTables ? await postgres.query<{ version: number }>(READ_VERSION) : []
  if ((known?.version ?? 0) < NEWEST_VERSION) await postgres.query(MIGRATE)
}

/** Who waits for a connection is not what the limit of connecting means. */
function createTurns(count: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = count
  const waiting: (() => void)[] = []
  return async work => {
    if (free > 0) free--
    else await new Promise<void>(resolve => waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free++
    }
  }
}
