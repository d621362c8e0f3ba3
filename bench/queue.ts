// node bench/queue.ts [accepted waiting]: how many deliveries are accepted in a second, each on the disk, beside bare inserts into
// SQLite; and what 100,000 that wait cost a daemon beside one where a few do. The disk of .bench/ counts.
import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { openSqliteQueue } from '../src/deliveries/queue/sqlite.ts'
import { load } from './load.ts'
import { addPair, cpuSeconds, memoryMiB, pinSelf, type Row, row, startPeer, table } from './measure.ts'
import { type DaemonPorts, FOLDER, startDaemon } from './start-daemon.ts'
import { timedProcess } from './timed-process.ts'

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 7)
const DURATION_MS = 1_500
const CONNECTIONS = 32
const WAITING = 100_000
const FEW = 100
const SILENT = 17720
const MANY_PORTS = { api: 17717, admin: 17718 }
const FEW_PORTS = { api: 17727, admin: 17728 }
const WORK = `${FOLDER}/queue`

/** Nothing of it is ever done: `notify` one after the other, `report` some at a time. */
const config = (name: string) => `version: 1
services:
  silent: { account: { authorization: none }, serverUrl: "http://127.0.0.1:${SILENT}", timeout: 1h }
actions:
  notify: { type: sendToConnectedService, authenticateWith: silent, path: /, content: { json: {} }, ordered: true }
  report: { type: sendToConnectedService, authenticateWith: silent, path: /, content: { json: {} } }
daemon: { state: { dir: "${WORK}/${name}" } }
`

const BODY = JSON.stringify({ number: 42, text: 'x'.repeat(100) })

async function accept({ pid = 0 }: ChildProcess, { api }: DaemonPorts) {
  const before = cpuSeconds(pid)
  const path = '/v1/actions/notify/deliveries'
  const post = { method: 'POST', body: BODY, status: 202 }
  const { requests, seconds } = await load({
    port: api,
    path,
    connections: CONNECTIONS,
    durationMs: DURATION_MS,
    ...post,
  })
  return { rate: requests / seconds, cpuMicroseconds: ((cpuSeconds(pid) - before) * 1e6) / requests }
}

async function bareInserts(): Promise<number> {
  const path = `${WORK}/bare.db`
  const { stdout } = await timedProcess(process.execPath, ['bench/peers/bare-inserts.ts', path, String(DURATION_MS)])
  for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true })
  return Number(stdout)
}

async function benchAccepted(): Promise<Row[]> {
  const rates = row('accepted on the disk / bare SQLite inserts', 'a second', '')
  const daemon = await startDaemon('queue', config('new'), MANY_PORTS)
  try {
    for (let round = 0; round <= ROUNDS; round++) {
      const [ours, bare] = [await accept(daemon, MANY_PORTS), await bareInserts()]
      if (round > 0) addPair(rates, ours.rate, bare)
      process.stderr.write('.')
    }
  } finally {
    daemon.kill()
  }
  return [rates]
}

/** As many of `report` that are due and cannot all be sent at once: written straight into the file, in one transaction. */
async function fill(name: string, count: number): Promise<void> {
  const path = `${WORK}/${name}/deliveries/queue.db`
  await openSqliteQueue(path).close()
  const database = new DatabaseSync(path)
  const insert = database.prepare(
    "INSERT INTO deliveries (id, action, state, created_at, next_attempt_at, job) VALUES (?, 'report', 'pending', ?, ?, ?)",
  )
  const job = JSON.stringify({ params: {}, input: JSON.parse(BODY) as unknown, files: [] })
  database.exec('BEGIN')
  for (let index = 0; index < count; index++) insert.run(randomUUID(), Date.now(), Date.now(), job)
  database.exec('COMMIT')
  database.close()
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

async function scrapeMs({ admin }: DaemonPorts): Promise<number> {
  const startMs = performance.now()
  await (await fetch(`http://127.0.0.1:${admin}/metrics`)).text()
  return performance.now() - startMs
}

async function benchWaiting(): Promise<Row[]> {
  await fill('many', WAITING)
  await fill('few', FEW)
  const daemons = [
    await startDaemon('queue-many', config('many'), MANY_PORTS),
    await startDaemon('queue-few', config('few'), FEW_PORTS),
  ] as const
  const beside = `${WAITING} waiting / ${FEW} waiting`
  const pages = Object.keys(PAGES).map(name => row(`${name}: ${beside}`, 'ms', 'ours <= 50'))
  const scrapes = row(`/metrics: ${beside}`, 'ms', '')
  const [rates, costs] = [row(`accepted: ${beside}`, 'a second', ''), row('  processor time of one', 'us', '')]
  const memory = row(`resident memory: ${beside}`, 'MiB', '')
  try {
    for (let round = 0; round <= ROUNDS; round++) {
      for (const [index, query] of Object.values(PAGES).entries()) {
        const [ours, few] = [await pageMs(MANY_PORTS, query(WAITING)), await pageMs(FEW_PORTS, query(2 * FEW))]
        if (round > 0) addPair(pages[index]!, ours, few)
      }
      const [scrape, fewScrape] = [await scrapeMs(MANY_PORTS), await scrapeMs(FEW_PORTS)]
      const [ours, few] = [await accept(daemons[0], MANY_PORTS), await accept(daemons[1], FEW_PORTS)]
      if (round === 0) continue
      addPair(scrapes, scrape, fewScrape)
      addPair(rates, ours.rate, few.rate)
      addPair(costs, ours.cpuMicroseconds, few.cpuMicroseconds)
      addPair(memory, memoryMiB(daemons[0].pid!).now, memoryMiB(daemons[1].pid!).now)
      process.stderr.write('.')
    }
  } finally {
    for (const daemon of daemons) daemon.kill()
  }
  return [...pages, scrapes, rates, costs, memory]
}

rmSync(WORK, { recursive: true, force: true })
mkdirSync(WORK, { recursive: true })
pinSelf('1')
const silent = await startPeer(1, 'bench/peers/silent.ts', String(SILENT))
const rows: Row[] = []
try {
  const wanted = process.argv.slice(2)
  for (const [name, bench] of Object.entries({ accepted: benchAccepted, waiting: benchWaiting }))
    if (wanted.length === 0 || wanted.includes(name)) rows.push(...(await bench()))
} finally {
  silent.kill()
  rmSync(WORK, { recursive: true, force: true })
}
process.stdout.write(`\n${table(rows)}\n`)
