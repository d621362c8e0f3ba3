// node bench/gateways.ts: the proxy route beside nginx, Caddy and a Go reverse proxy with x/oauth2, interleaved in one run, each
// on one processor; the load and the upstream have the other one. Programs that are not installed are left out, aloud.
// Debian: apt-get install nginx caddy golang golang-golang-x-oauth2-dev
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { latencies, load } from './load.ts'
import { addPair, cpuSeconds, pinSelf, type Row, row, startPeer, table } from './measure.ts'
import { FOLDER, oneService, startDaemon } from './start-daemon.ts'

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 7)
const DURATION_MS = 1_000
const CONNECTIONS = 32
const PORTS = { upstream: 17420, api: 17417, admin: 17418, nginx: 17421, caddy: 17422, go: 17423, bare: 17424 }
const BEARER = `Bearer ${'bench-token-'.padEnd(64, 'x')}`

interface Peer {
  name: string
  aim: string
  port: number
  start(): ChildProcess | undefined
}

/** One processor for all of its threads. */
function pinned(command: string, args: string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  return spawn('taskset', ['-c', '0', command, ...args], { stdio: 'ignore', env: { ...process.env, ...env } })
}

function isInstalled(program: string): boolean {
  return spawnSync('which', [program]).status === 0
}

const PEERS: Peer[] = [
  {
    name: 'bare undici dispatch',
    aim: '>= 0.8',
    port: PORTS.bare,
    start: () => pinned(process.execPath, ['bench/peers/bare-proxy.ts', String(PORTS.bare), String(PORTS.upstream)]),
  },
  {
    name: 'nginx, one worker',
    aim: '>= 0.5',
    port: PORTS.nginx,
    start() {
      if (!isInstalled('nginx')) return undefined
      const path = `${FOLDER}/nginx.conf`
      writeFileSync(
        path,
        `daemon off; worker_processes 1; pid ${FOLDER}/nginx.pid; error_log /dev/null; user root;
events { worker_connections 1024; }
http {
  access_log off;
  upstream api { server 127.0.0.1:${PORTS.upstream}; keepalive 64; }
  server {
    listen 127.0.0.1:${PORTS.nginx};
    keepalive_requests 1000000;
    location / {
      proxy_pass http://api; proxy_http_version 1.1;
      proxy_set_header Connection ""; proxy_set_header Authorization "${BEARER}";
    }
  }
}
`,
      )
      return pinned('nginx', ['-c', path])
    },
  },
  {
    name: 'Caddy',
    aim: '>= 1.0',
    port: PORTS.caddy,
    start() {
      if (!isInstalled('caddy')) return undefined
      const path = `${FOLDER}/Caddyfile`
      writeFileSync(
        path,
        `{\n  admin off\n  auto_https off\n}\nhttp://127.0.0.1:${PORTS.caddy} {\n  reverse_proxy 127.0.0.1:${PORTS.upstream} {\n    header_up Authorization "${BEARER}"\n  }\n}\n`,
      )
      return pinned('caddy', ['run', '--config', path, '--adapter', 'caddyfile'], { GOMAXPROCS: '1', HOME: FOLDER })
    },
  },
  {
    name: 'Go ReverseProxy with x/oauth2',
    aim: '>= 1.0',
    port: PORTS.go,
    start() {
      if (!isInstalled('go')) return undefined
      const program = `${FOLDER}/go-proxy`
      const env = { ...process.env, GO111MODULE: 'off', GOPATH: '/usr/share/gocode', GOCACHE: `${FOLDER}/go-cache` }
      const built = spawnSync('go', ['build', '-o', program, 'bench/peers/go/main.go'], { env, encoding: 'utf8' })
      if (built.status !== 0) {
        process.stderr.write(`go build: ${built.stderr}`)
        return undefined
      }
      return pinned(program, [String(PORTS.go), String(PORTS.upstream)], { GOMAXPROCS: '1' })
    },
  },
]

async function untilOpen(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const open = await new Promise<boolean>(done => {
      const socket = connect(port, '127.0.0.1', () => done(true)).once('error', () => done(false))
      socket.once('connect', () => socket.destroy())
    })
    if (open) return
    await sleep(100)
  }
  throw new Error(`nothing listens on port ${port}`)
}

const OURS = { port: PORTS.api, path: '/v1/services/orders/proxy/orders/42' }

async function rateOf(server: ChildProcess, target: { port: number; path: string }) {
  const before = cpuSeconds(server.pid!)
  const { requests, seconds } = await load({ ...target, connections: CONNECTIONS, durationMs: DURATION_MS })
  return { rate: requests / seconds, cpuMicroseconds: ((cpuSeconds(server.pid!) - before) * 1e6) / requests }
}

/** At half of the slower one's rate, both the same. */
async function compareLatency(target: { port: number; path: string }, half: number, rows: [Row, Row]): Promise<void> {
  const options = { connections: CONNECTIONS, durationMs: DURATION_MS, requestsPerSecond: half }
  const [ours, theirs] = [await latencies({ ...OURS, ...options }), await latencies({ ...target, ...options })]
  addPair(rows[0], ours.median, theirs.median)
  addPair(rows[1], ours.p99, theirs.p99)
}

async function comparePeer(peer: Peer, daemon: ChildProcess): Promise<Row[]> {
  const child = peer.start()
  if (!child) {
    process.stderr.write(`${peer.name}: not installed, left out\n`)
    return []
  }
  const rates = row(`proxy route / ${peer.name}`, 'requests/s', peer.aim)
  const costs = row('  processor time of a request', 'us', '')
  const latency: [Row, Row] = [
    row('  median latency at half load', 'ms', ''),
    row('  p99 latency at half load', 'ms', ''),
  ]
  try {
    await untilOpen(peer.port)
    const target = { port: peer.port, path: '/orders/42' }
    for (let round = 0; round <= ROUNDS; round++) {
      const [ours, theirs] = [await rateOf(daemon, OURS), await rateOf(child, target)]
      if (round === 0) continue
      addPair(rates, ours.rate, theirs.rate)
      addPair(costs, ours.cpuMicroseconds, theirs.cpuMicroseconds)
      await compareLatency(target, Math.min(ours.rate, theirs.rate) / 2, latency)
      process.stderr.write('.')
    }
  } finally {
    child.kill()
  }
  return [rates, costs, ...latency]
}

mkdirSync(FOLDER, { recursive: true })
pinSelf('1')
const upstream = await startPeer(1, 'bench/peers/upstream.ts', String(PORTS.upstream))
const daemon = await startDaemon('gateways', oneService(PORTS.upstream), PORTS)
const rows: Row[] = []
try {
  const wanted = process.argv.slice(2)
  for (const peer of PEERS) {
    if (wanted.length === 0 || wanted.some(word => peer.name.toLowerCase().includes(word)))
      rows.push(...(await comparePeer(peer, daemon)))
  }
} finally {
  daemon.kill()
  upstream.kill()
  rmSync(`${FOLDER}/go-proxy`, { force: true })
}
process.stdout.write(`\n${table(rows)}\n`)
