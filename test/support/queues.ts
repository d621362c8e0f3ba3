// Queues on a real PostgreSQL, which a test file shares.
import pg from 'pg'
import { test } from 'uvu'
import { type Clock, systemClock } from '../../src/base/clock.ts'
import { silentLog } from '../../src/base/log.ts'
import { Secret } from '../../src/base/secret.ts'
import { JOBS_SCHEMA } from '../../src/deliveries/queue/jobs.ts'
import { openPostgresQueue, QUEUE_USE, QUEUE_WORDS } from '../../src/deliveries/queue/open-postgres.ts'
import type { PostgresQueue } from '../../src/deliveries/queue/postgres.ts'
import { openDatabase } from '../../src/runtime/state/database.ts'
import { openPostgres } from '../../src/runtime/state/postgres.ts'
import { createSealing } from '../../src/runtime/state/sealing.ts'
import { type PostgresServer, startPostgres } from './postgres.ts'

export const postgres: PostgresServer | undefined = await startPostgres()

const KEY = 'ab'.repeat(32)
const opened: (() => Promise<unknown>)[] = []
test.after.each(async () => {
  for (const close of opened.splice(0)) await close()
})

export async function openShared(url: string, key = KEY, clock: Clock = systemClock): Promise<PostgresQueue> {
  const database = await openDatabase({
    postgres: await openPostgres(new Secret(url), QUEUE_USE),
    connections: QUEUE_USE.connections,
    log: silentLog,
    words: QUEUE_WORDS,
    random: Math.random,
    onChange: () => {},
  })
  const sealing = createSealing(new Secret(key))
  const queue = await openPostgresQueue({ database, sealing, clock, log: silentLog })
  opened.push(async () => {
    await queue.close()
    await database.close()
  })
  return queue
}

/** One connection for all: to open one takes longer than most tests. */
let client: Promise<pg.Client> | undefined
test.after(async () => {
  await (await client)?.end()
  await postgres?.close()
})

async function connect(url: string): Promise<pg.Client> {
  const made = new pg.Client({ connectionString: url })
  made.on('error', () => {})
  await made.connect()
  return made
}

/** Of the one that `emptyDatabase` gives. */
export async function sql<Row>(url: string, text: string): Promise<Row[]> {
  client ??= connect(url)
  return (await (await client).query(text)).rows as Row[]
}

/** One for all: to make its tables takes longer than a test. */
const database = postgres && (await postgres.database())
export async function emptyDatabase(): Promise<string> {
  const [made] = await sql(database!, "SELECT FROM pg_namespace WHERE nspname = 'bearerd_jobs'")
  if (made) await sql(database!, `TRUNCATE bearerd.delivery CASCADE; DELETE FROM ${JOBS_SCHEMA}.job`)
  return database!
}
