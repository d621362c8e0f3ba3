// node bench/shared-queue.ts [accepted waiting]: as bench/queue.ts, with the queue in a PostgreSQL of its own, at full durability.
// References: bare inserts into it over as many connections, bare inserts into SQLite, and a daemon where a few deliveries wait.
import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import pg from 'pg'
import { PgBoss } from 'pg-boss'
import { Secret } from '../src/base/secret.ts'
import { JOBS_SCHEMA } from '../src/deliveries/queue/jobs.ts'
import { createSealedRows } from '../src/deliveries/queue/sealed-rows.ts'
import { createSealing } from '../src/runtime/state/sealing.ts'
import { type PostgresServer, startPostgres } from '../test/support/postgres.ts'
import { load } from './load.ts'
import { addPair, cpuSeconds, memoryMiB, pinSelf, type Row, row, startPeer, table } from './measure.ts'
import { type DaemonPorts, FOLDER, startDaemon } from './start-daemon.ts'
import { timedProcess } from './timed-process.ts'

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 7)
const WAITING = Number(process.env.BENCH_WAITING ?? 100_000)
const DURATION_MS = 1_500
const CONNECTIONS = 32
/** As many as the daemon opens for its queue. */
const DATABASE_CONNECTIONS = 8
const FEW = 100
const SILENT = 17820
const PORTS = { api: 17817, admin: 17818 }
const FEW_PORTS = { api: 17827, admin: 17828 }
const WORK = `${FOLDER}/shared-queue`
const KEY = 'ab'.repeat(32)
const BODY = JSON.stringify({ number: 42, text: 'x'.repeat(100) })

/** Nothing of it is ever done: `notify` one after the other, `report` some at a time. */
const config = (variable: string) => `version: 1
services:
  silent: { account: { authorization: none }, serverUrl: "http://127.0.0.1:${SILENT}", timeout: 1h }
actions:
  notify: { type: sendToConnectedService, authenticateWith: silent, path: /, content: { json: {} }, ordered: true }
  report: { type: sendToConnectedService, authenticateWith: silent, path: /, content: { json: {} } }
daemon: { state: { url: { env: ${variable} }, encryptionKey: { env: BENCH_STATE_KEY } } }
`

async function start(name: string, url: string, ports: DaemonPorts): Promise<ChildProcess> {
  const variable = `BENCH_DATABASE_${name.toUpperCase()}`
  Object.assign(process.env, { [variable]: url, BENCH_STATE_KEY: KEY })
  const daemon = await startDaemon(`shared-${name}`, config(variable), ports)
  await (await fetch(`http://127.0.0.1:${ports.api}/v1/deliveries`)).text()
  return daemon
}

async function accept({ pid = 0 }: ChildProcess, { api }: DaemonPorts) {
  const before = cpuSeconds(pid)
  const asked = { port: api, path: '/v1/actions/notify/deliveries', method: 'POST', body: BODY, status: 202 }
  const { requests, seconds } = await load({ ...asked, connections: CONNECTIONS, durationMs: DURATION_MS })
  return { rate: requests / seconds, cpuMicroseconds: ((cpuSeconds(pid) - before) * 1e6) / requests }
}

async function bareSqlite(): Promise<number> {
  const path = `${WORK}/bare.db`
  const { stdout } = await timedProcess(process.execPath, ['bench/peers/bare-inserts.ts', path, String(DURATION_MS)])
  for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true })
  return Number(stdout)
}

/** Rows of the size of a small delivery, one transaction each. */
async function barePostgres(url: string): Promise<number> {
  const pool = new pg.Pool({ connectionString: url, max: DATABASE_CONNECTIONS })
  await pool.query('CREATE TABLE IF NOT EXISTS bare (id uuid PRIMARY KEY, action text, created_at bigint, job text)')
  const startMs = performance.now()
  let count = 0
  const insert = async (): Promise<void> => {
    for (; performance.now() - startMs < DURATION_MS; count++)
      await pool.query('INSERT INTO bare VALUES ($1, $2, $3, $4)', [randomUUID(), 'notify', Date.now(), BODY])
  }
  await Promise.all(Array.from({ length: DATABASE_CONNECTIONS }, insert))
  const rate = (count * 1000) / (performance.now() - startMs)
  await pool.end()
  return rate
}

async function benchAccepted(postgres: PostgresServer): Promise<Row[]> {
  const rates = row('accepted in PostgreSQL / bare inserts into it', 'a second', '')
  const besideSqlite = row('accepted in PostgreSQL / bare SQLite inserts', 'a second', '')
  const [url, bareUrl] = [await postgres.database(), await postgres.database()]
  const daemon = await start('new', url, PORTS)
  try {
    for (let round = 0; round <= ROUNDS; round++) {
      const ours = await accept(daemon, PORTS)
      const [bare, sqlite] = [await barePostgres(bareUrl), await bareSqlite()]
      if (round === 0) continue
      addPair(rates, ours.rate, bare)
      addPair(besideSqlite, ours.rate, sqlite)
      process.stderr.write('.')
    }
  } finally {
    daemon.kill()
  }
  return [rates, besideSqlite]
}

/** As many of `report` that are due and cannot all be sent at once, with their jobs. */
async function fill(url: string, count: number): Promise<void> {
  const sealing = createSealing(new Secret(KEY))
  const rows = createSealedRows(sealing)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const boss = new PgBoss({ connectionString: url, schema: JOBS_SCHEMA, supervise: false, schedule: false, max: 2 })
  await boss.start()
  for (let done = 0; done < count; done += 1_000) {
    const ids = Array.from({ length: Math.min(1_000, count - done) }, () => randomUUID())
    const facts = ids.map(id => rows.facts({ id, params: {}, files: [] }))
    const inputs = ids.map(id => rows.input({ id, input: JSON.parse(BODY) as unknown }))
    await client.query(
      `INSERT INTO bearerd.delivery (id, key_id, action, lane, created_at, next_attempt_at, bytes, facts, input)
        SELECT id, $1, 'report', 'parallel', $2, $2, 0, facts, input FROM unnest($3::uuid[], $4::bytea[], $5::bytea[]) AS t (id, facts, input)`,
      [sealing.keyId, Date.now(), ids, facts, inputs],
    )
    const jobs = ids.map(id => ({ id, singletonKey: 'report', group: { id: 'report' } }))
    await boss.insert(`parallel-${sealing.keyId}`, jobs)
  }
  await boss.stop({ graceful: false })
  await client.query('ANALYZE')
  await client.end()
}

const PAGES = {
  'the first page': () => '',
  'a page of one action and state': () => '&action=report&state=pending',
  'a page from the middle': (count: number) => `&after=${count / 2}`,
}

async function pageMs({ api }: DaemonPorts, query: string): Promise<number> {
  const startMs = performance.now()
  const answer = await fetch(`http://127.0.0.1:${api}/v1/deliveries?limit=100${query}`)
  const { deliveries } = (await answer.json()) as { deliveries: unknown[] }
  if (deliveries.length < FEW / 2) throw new Error(`a page of ${deliveries.length}`)
  return performance.now() - startMs
}

async function benchWaiting(postgres: PostgresServer): Promise<Row[]> {
  const [url, fewUrl] = [await postgres.database(), await postgres.database()]
  // It makes the tables.
  for (const made of [await start('many', url, PORTS), await start('few', fewUrl, FEW_PORTS)]) made.kill()
  await fill(url, WAITING)
  await fill(fewUrl, FEW)
  const daemons = [await start('many', url, PORTS), await start('few', fewUrl, FEW_PORTS)] as const
  const beside = `${WAITING} waiting / ${FEW} waiting`
  const pages = Object.keys(PAGES).map(name => row(`${name}: ${beside}`, 'ms', 'ours <= 50'))
  const rates = row(`accepted: ${beside}`, 'a second', '')
  const memory = row(`resident memory: ${beside}`, 'MiB', '')
  try {
    for (let round = 0; round <= ROUNDS; round++) {
      for (const [index, query] of Object.values(PAGES).entries()) {
        const [ours, few] = [await pageMs(PORTS, query(WAITING)), await pageMs(FEW_PORTS, query(2 * FEW))]
        if (round > 0) addPair(pages[index]!, ours, few)
      }
      const [ours, few] = [await accept(daemons[0], PORTS), await accept(daemons[1], FEW_PORTS)]
      if (round === 0) continue
      addPair(rates, ours.rate, few.rate)
      addPair(memory, memoryMiB(daemons[0].pid!).now, memoryMiB(daemons[1].pid!).now)
      process.stderr.write('.')
    }
  } finally {
    for (const daemon of daemons) daemon.kill()
  }
  return [...pages, rates, memory]
}

rmSync(WORK, { recursive: true, force: true })
mkdirSync(WORK, { recursive: true })
const postgres = await startPostgres({ durable: true })
if (!postgres) throw new Error('no PostgreSQL')
pinSelf('1')
const silent = await startPeer(1, 'bench/peers/silent.ts', String(SILENT))
const rows: Row[] = []
try {
  const wanted = process.argv.slice(2)
  for (const [name, bench] of Object.entries({ accepted: benchAccepted, waiting: benchWaiting }))
    if (wanted.length === 0 || wanted.includes(name)) rows.push(...(await bench(postgres)))
} finally {
  silent.kill()
  await postgres.close()
  rmSync(WORK, { recursive: true, force: true })
}
process.stdout.write(`\n${table(rows)}\n`)
