// node bench/daemon.ts [start load latency]: the start of the daemon with 1,000 services beside the start with one, its memory
// then and at full load, and the latency that it adds. Interleaved, in one run.
import type { ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { type LoadOptions, latencies, load } from './load.ts'
import { addPair, forgetPeak, memoryMiB, pinSelf, type Row, row, startPeer, table } from './measure.ts'
import { oneService, startDaemon } from './start-daemon.ts'

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5)
const SERVICES = 1_000
const DURATION_MS = 2_000
const PORTS = { upstream: 17820, proxy: 17821, answer: 17822, api: 17817, admin: 17818 }
const PROXY = { port: PORTS.api, path: '/v1/services/orders/proxy/orders/42' }
const AUTHORIZATION = { port: PORTS.api, path: '/v1/services/orders/authorization' }

function manyServices(): string {
  const one = (_: unknown, index: number) =>
    `  service-${index}: { account: bench, serverUrl: "http://127.0.0.1:${PORTS.upstream}/${index}" }\n`
  return oneService(PORTS.upstream) + Array.from({ length: SERVICES - 1 }, one).join('')
}

async function startAndLook(name: string, text: string) {
  const startMs = performance.now()
  const daemon = await startDaemon(name, text, PORTS)
  const seconds = (performance.now() - startMs) / 1000
  await sleep(500)
  const { now } = memoryMiB(daemon.pid!)
  daemon.kill()
  await new Promise(resolve => daemon.once('close', resolve))
  return { seconds, now }
}

async function benchStart(): Promise<Row[]> {
  const times = row(`until ready with ${SERVICES} services / with one`, 's', '')
  const memory = row('  resident memory then', 'MiB', '')
  const each = row('  of which for one service, idle', 'KiB', '')
  for (let round = 0; round < ROUNDS; round++) {
    const many = await startAndLook('many-services', manyServices())
    const one = await startAndLook('one-service', oneService(PORTS.upstream))
    addPair(times, many.seconds, one.seconds)
    addPair(memory, many.now, one.now)
    addPair(each, ((many.now - one.now) * 1024) / SERVICES, Number.NaN)
    process.stderr.write('.')
  }
  return [times, memory, each]
}

interface Servers {
  daemon: ChildProcess
  proxy: ChildProcess
  answer: ChildProcess
}

/** Both routes, as fast as they go. */
async function benchLoad({ daemon, proxy }: Servers): Promise<Row[]> {
  const memory = row('most resident memory at full load / bare undici dispatch', 'MiB', 'ours <= 150')
  for (const child of [daemon, proxy]) forgetPeak(child.pid!)
  const bare = { port: PORTS.proxy, path: '/orders/42' }
  for (let round = 0; round < ROUNDS; round++) {
    for (const target of [PROXY, AUTHORIZATION, bare])
      await load({ ...target, connections: 64, durationMs: DURATION_MS })
    addPair(memory, memoryMiB(daemon.pid!).peak, memoryMiB(proxy.pid!).peak)
    process.stderr.write('.')
  }
  return [memory]
}

type Target = Pick<LoadOptions, 'port' | 'path'>

async function medianMs(target: Target): Promise<number> {
  return (await latencies({ ...target, connections: 1, durationMs: DURATION_MS / 2 })).median
}

/** One request at a time, less what the service takes when it is asked directly. */
async function benchAdded(): Promise<Row> {
  const added = row('median latency added to one connection / by bare undici dispatch', 'ms', '')
  for (let round = 0; round <= ROUNDS; round++) {
    const direct = await medianMs({ port: PORTS.upstream, path: '/orders/42' })
    const [ours, bare] = [await medianMs(PROXY), await medianMs({ port: PORTS.proxy, path: '/orders/42' })]
    if (round > 0) addPair(added, ours - direct, bare - direct)
    process.stderr.write('.')
  }
  return added
}

/** Both at the same rate: half of what the slower one can do. */
async function benchHalfLoad(name: string, ours: Target, bare: Target): Promise<Row[]> {
  const medians = row(`${name}: median latency at half load`, 'ms', '')
  const slow = row('  p99 latency', 'ms', '')
  for (let round = 0; round <= ROUNDS; round++) {
    const rates: number[] = []
    for (const target of [ours, bare]) {
      const { requests, seconds } = await load({ ...target, connections: 32, durationMs: DURATION_MS / 2 })
      rates.push(requests / seconds)
    }
    const pace = { connections: 32, durationMs: DURATION_MS, requestsPerSecond: Math.min(...rates) / 2 }
    const [our, their] = [await latencies({ ...ours, ...pace }), await latencies({ ...bare, ...pace })]
    if (round === 0) continue
    addPair(medians, our.median, their.median)
    addPair(slow, our.p99, their.p99)
    process.stderr.write('.')
  }
  return [medians, slow]
}

async function benchLatency(): Promise<Row[]> {
  return [
    await benchAdded(),
    ...(await benchHalfLoad('proxy / bare undici dispatch', PROXY, { port: PORTS.proxy, path: '/orders/42' })),
    ...(await benchHalfLoad('authorization / bare node:http', AUTHORIZATION, { port: PORTS.answer, path: '/' })),
  ]
}

const wanted = process.argv.slice(2)
const isWanted = (name: string) => wanted.length === 0 || wanted.includes(name)

pinSelf('1')
const rows: Row[] = []
const started: ChildProcess[] = []
try {
  const upstream = await startPeer(1, 'bench/peers/upstream.ts', String(PORTS.upstream))
  started.push(upstream)
  if (isWanted('start')) rows.push(...(await benchStart()))
  const daemon = await startDaemon('daemon', oneService(PORTS.upstream), PORTS)
  started.push(daemon)
  const proxy = await startPeer(0, 'bench/peers/bare-proxy.ts', String(PORTS.proxy), String(PORTS.upstream))
  started.push(proxy)
  const answer = await startPeer(0, 'bench/peers/bare-answer.ts', String(PORTS.answer))
  started.push(answer)
  if (isWanted('latency')) rows.push(...(await benchLatency()))
  if (isWanted('load')) rows.push(...(await benchLoad({ daemon, proxy, answer })))
} finally {
  for (const child of started) child.kill()
}
process.stdout.write(`\n${table(rows)}\n`)
