// node bench/deliveries.ts [command api]: 1 GiB delivered by the command line and by the API, beside `curl -T` of the same file.
// Interleaved, in one run; below .bench/, whose disk counts.
import { type ChildProcess, spawnSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { addPair, cpuSeconds, forgetPeak, memoryMiB, pinSelf, type Row, row, startPeer, table } from './measure.ts'
import { FOLDER, oneService, startDaemon } from './start-daemon.ts'
import { timedProcess } from './timed-process.ts'

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5)
const MIB = 1024
const PORTS = { upstream: 17620, store: 17621, api: 17617, admin: 17618 }
const WORK = `${FOLDER}/deliveries`
const [LARGE, SMALL] = [`${WORK}/large`, `${WORK}/small`]

const CONFIG = `${oneService(PORTS.upstream)}actions:
  upload: { type: copyToHttpServer, authenticateWith: orders, method: PUT, path: /upload, content: { file: {} } }
daemon: { state: { dir: "${WORK}/state" } }
`

const curl = (url: string, ...flags: string[]) => timedProcess('curl', ['-sS', '-f', ...flags, '-T', LARGE, url])
const curlUpstream = () => curl(`http://127.0.0.1:${PORTS.upstream}/upload`)

/** The command as a whole, its start included. */
async function benchCommand(): Promise<Row[]> {
  const rates = row('1 GiB by bearerd deliver / curl -T', 'MiB/s', '>= 0.7')
  const costs = row('  processor time of it', 's', '')
  const memory = row('  growth: resident for 1 GiB, and for 1 KiB', 'MiB', 'ours - reference <= 96')
  const deliver = (path: string) =>
    timedProcess(process.execPath, ['dist/cli.js', 'deliver', 'upload', path, '-c', `${FOLDER}/deliveries.yaml`])
  for (let round = 0; round <= ROUNDS; round++) {
    const [ours, bare, small] = [await deliver(LARGE), await curlUpstream(), await deliver(SMALL)]
    if (round === 0) continue
    addPair(rates, MIB / ours.seconds, MIB / bare.seconds)
    addPair(costs, ours.cpu, bare.cpu)
    addPair(memory, ours.peak, small.peak)
    process.stderr.write('.')
  }
  return [rates, costs, memory]
}

interface Accepted {
  id: string
  state: string
}

/** The daemon stores the file until it is on the disk, and then sends it: each beside its own reference. */
async function benchApi(daemon: ChildProcess): Promise<Row[]> {
  const stored = row('1 GiB stored by the API / node:http that stores it', 'MiB/s', '')
  const costs = row('  processor time of it', 's', '')
  const sent = row('1 GiB sent by the daemon / curl -T', 'MiB/s', '>= 0.7')
  const sentCosts = row('  processor time of it', 's', '')
  const growths = row('  growth of resident memory, both steps', 'MiB', 'ours <= 96')
  const store = await startPeer(0, 'bench/peers/bare-store.ts', String(PORTS.store), `${WORK}/store`)
  try {
    for (let round = 0; round <= ROUNDS; round++) {
      const ours = await storeAndSend(daemon)
      const [cpu, { now }] = [cpuSeconds(store.pid!), memoryMiB(store.pid!)]
      forgetPeak(store.pid!)
      const bare = await curl(`http://127.0.0.1:${PORTS.store}/`, '-X', 'POST')
      const bareCpu = cpuSeconds(store.pid!) - cpu
      const bareSent = await curlUpstream()
      addPair(growths, ours.growth, memoryMiB(store.pid!).peak - now)
      if (round === 0) continue
      addPair(stored, MIB / ours.storedSeconds, MIB / bare.seconds)
      addPair(costs, ours.storedCpu, bareCpu)
      addPair(sent, MIB / ours.sentSeconds, MIB / bareSent.seconds)
      addPair(sentCosts, ours.sentCpu, bareSent.cpu)
      process.stderr.write('.')
    }
  } finally {
    store.kill()
  }
  return [stored, costs, sent, sentCosts, growths]
}

async function storeAndSend({ pid = 0 }: ChildProcess) {
  const { now } = memoryMiB(pid)
  forgetPeak(pid)
  const before = cpuSeconds(pid)
  const { seconds, stdout } = await curl(`http://127.0.0.1:${PORTS.api}/v1/actions/upload/deliveries`, '-X', 'POST')
  const between = cpuSeconds(pid)
  const { id } = JSON.parse(stdout) as Accepted
  const sentSeconds = await secondsOfAttempt(id)
  const growth = memoryMiB(pid).peak - now
  return {
    growth,
    storedSeconds: seconds,
    storedCpu: between - before,
    sentSeconds,
    sentCpu: cpuSeconds(pid) - between,
  }
}

async function secondsOfAttempt(id: string): Promise<number> {
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${PORTS.api}/v1/deliveries/${id}`)
    const { state, attemptList } = (await answer.json()) as Accepted & { attemptList: { durationMs: number }[] }
    if (state === 'dead') throw new Error('the delivery is dead')
    if (state === 'delivered') return attemptList.at(-1)!.durationMs / 1000
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

mkdirSync(WORK, { recursive: true })
// Zeros of a sparse file would not come from the disk's pages.
spawnSync('dd', ['if=/dev/urandom', `of=${LARGE}`, 'bs=1M', `count=${MIB}`])
spawnSync('dd', ['if=/dev/urandom', `of=${SMALL}`, 'bs=1k', 'count=1'])
pinSelf('1')
const rows: Row[] = []
const upstream = await startPeer(1, 'bench/peers/bulk-upstream.ts', String(PORTS.upstream))
const daemon = await startDaemon('deliveries', CONFIG, PORTS)
try {
  const wanted = process.argv.slice(2)
  const benches = { command: benchCommand, api: () => benchApi(daemon) }
  for (const [name, bench] of Object.entries(benches))
    if (wanted.length === 0 || wanted.includes(name)) rows.push(...(await bench()))
} finally {
  daemon.kill()
  upstream.kill()
  rmSync(WORK, { recursive: true, force: true })
}
process.stdout.write(`\n${table(rows)}\n`)
