// node bench/streams.ts: 1 GiB through the proxy in both directions, beside bare undici dispatch, interleaved: bytes a second,
// processor time, and by how much the memory of the process grows meanwhile.
import type { ChildProcess } from 'node:child_process'
import { addPair, cpuSeconds, forgetPeak, memoryMiB, pinSelf, type Row, row, startPeer, table } from './measure.ts'
import { oneService, startDaemon } from './start-daemon.ts'
import { download, upload } from './transfer.ts'

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 7)
const BYTES = 1024 ** 3
const PORTS = { upstream: 17520, bare: 17521, api: 17517, admin: 17518 }
const PROXY = '/v1/services/orders/proxy'

interface Server {
  process: ChildProcess
  port: number
  path: string
}

const DIRECTIONS = {
  'to the caller': ({ port, path }: Server) => download(port, `${path}/${BYTES}`),
  'to the service': ({ port, path }: Server) => upload(port, `${path}/upload`, BYTES),
}

async function measure({ process: { pid = 0 } }: Server, transfer: () => Promise<number>) {
  const [cpu, { now }] = [cpuSeconds(pid), memoryMiB(pid)]
  forgetPeak(pid)
  const seconds = await transfer()
  return {
    rate: BYTES / 2 ** 20 / seconds,
    cpu: cpuSeconds(pid) - cpu,
    growth: memoryMiB(pid).peak - now,
  }
}

async function compare(name: string, [ours, bare]: [Server, Server], run: (server: Server) => Promise<number>) {
  const rates = row(`1 GiB ${name} / bare undici dispatch`, 'MiB/s', '>= 0.7')
  const costs = row('  processor time of it', 's', '')
  const growths = row('  growth of resident memory', 'MiB', 'ours <= 64')
  for (let round = 0; round <= ROUNDS; round++) {
    const our = await measure(ours, () => run(ours))
    const theirs = await measure(bare, () => run(bare))
    // What the first round adds to memory counts.
    addPair(growths, our.growth, theirs.growth)
    if (round === 0) continue
    addPair(rates, our.rate, theirs.rate)
    addPair(costs, our.cpu, theirs.cpu)
    process.stderr.write('.')
  }
  return [rates, costs, growths]
}

pinSelf('1')
const started: ChildProcess[] = []
const rows: Row[] = []
try {
  started.push(await startPeer(1, 'bench/peers/bulk-upstream.ts', String(PORTS.upstream)))
  const daemon = await startDaemon('streams', oneService(PORTS.upstream), PORTS)
  started.push(daemon)
  const bare = await startPeer(0, 'bench/peers/bare-proxy.ts', String(PORTS.bare), String(PORTS.upstream))
  started.push(bare)
  const servers: [Server, Server] = [
    { process: daemon, port: PORTS.api, path: PROXY },
    { process: bare, port: PORTS.bare, path: '' },
  ]
  for (const [name, run] of Object.entries(DIRECTIONS)) rows.push(...(await compare(name, servers, run)))
} finally {
  for (const child of started) child.kill()
}
process.stdout.write(`\n${table(rows)}\n`)
