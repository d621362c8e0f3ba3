// A database that may be away: who asks is told at once, and it is looked for in the background until it is back.
import { systemClock } from '../../base/clock.ts'
import { AppError } from '../../base/error.ts'
import type { Log } from '../../base/log.ts'
import { CHECK_WRITABLE, HAS_TABLES, MIGRATE, NEWEST_VERSION, READ_VERSION } from './migrations.ts'
import type { Postgres } from './postgres.ts'

export interface DatabaseStatus {
  ok: boolean
  lastError: string | undefined
}

/** All reject with AppError: `state_unavailable` at once while it is away, `state_refused` for what it does not take. */
export interface Database extends Pick<Postgres, 'query' | 'transaction'> {
  /** As the package answers, with its own errors: for a package that builds on it. */
  execute: Postgres['execute']
  readonly status: DatabaseStatus
  close(): Promise<void>
}

/** What the log says when it goes away, and when it is back. */
export interface Words {
  away: string
  back: string
}

/** `error` says why it cannot be used. */
export type OnDatabaseChange = (ok: boolean, error: string | null) => void

export interface DatabaseParts {
  postgres: Postgres
  connections: number
  log: Log
  words: Words
  random(): number
  onChange: OnDatabaseChange
}

/** Other processes do not live by our clock, so real time counts here. */
const PROBE_MS = 1_000

/** Resolved when it was looked for once, found or not; the tables are made then. */
export async function openDatabase(parts: DatabaseParts): Promise<Database> {
  const { postgres, connections, log, words, random, onChange } = parts
  let away: AppError | undefined = new AppError('state_unavailable', 'not connected yet')
  let told: string | undefined
  let cancelProbe = () => {}
  let closed = false
  const inTurn = createTurns(connections)

  const note = (error: AppError): void => {
    if (!away || told === undefined) onChange(false, error.message)
    if (told !== error.message) log.warn({ error: error.message }, words.away)
    told = error.message
    away = error
    cancelProbe()
    if (!closed) cancelProbe = systemClock.schedule(PROBE_MS * (0.5 + random()), () => void probe())
  }
  /** Of several servers, the first one that can be used. */
  const probe = async (): Promise<void> => {
    for (let left = postgres.servers; left > 0; left--) {
      try {
        await prepare(postgres)
        if (told !== undefined) log.info({}, words.back)
        away = told = undefined
        onChange(true, null)
        return
      } catch (error) {
        if (!(error instanceof AppError)) return
        postgres.turn()
        // Whatever it is that its tables cannot be made for.
        if (left === 1) note(new AppError('state_unavailable', error.message))
      }
    }
  }
  const ask = <T>(work: () => Promise<T>): Promise<T> =>
    inTurn(async () => {
      if (away) throw away
      return work().catch(error => {
        if (isAway(error)) note(error)
        throw error
      })
    })

  await probe()
  return {
    query: <Row>(text: string, values?: readonly unknown[]) => ask(() => postgres.query<Row>(text, values)),
    transaction: work => ask(() => postgres.transaction(work)),
    execute: (text, values) => ask(() => postgres.execute(text, values)),
    get status() {
      return { ok: !away, lastError: away?.message }
    },
    async close() {
      if (closed) return
      closed = true
      cancelProbe()
      await postgres.end()
    },
  }
}

function isAway(error: unknown): error is AppError {
  return error instanceof AppError && error.code === 'state_unavailable'
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
