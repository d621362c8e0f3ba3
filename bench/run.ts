// `npm run bench [proxy|authorization|validate|start]`: bearerd beside bare references, interleaved, in one run. Ratios are
// the result; the machine's speed drops out. Loopback only; ends by itself.
import type { ChildProcess } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { load } from './load.ts'
import {
  ALL_PROCESSORS,
  addPair,
  cpuSeconds,
  pinSelf,
  type Row,
  row,
  startPeer,
  table,
  timeProcess,
} from './measure.ts'
import { FOLDER, oneService, startDaemon } from './start-daemon.ts'
import { timedProcess } from './timed-process.ts'

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 7)
const DURATION_MS = 2_000
const CONNECTIONS = 32
const PORTS = { upstream: 17320, reference: 17321, api: 17117, admin: 17118 }
const PROXY_PATH = '/v1/services/orders/proxy/orders/42'
const MANY = `${FOLDER}/many.yaml`
const AUTHORIZATION_PATH = '/v1/services/orders/authorization'

function writeFiles(): void {
  mkdirSync(FOLDER, { recursive: true })
  writeFileSync(MANY, manyServices(10_000))
}

function manyServices(count: number): string {
  const head =
    'version: 1\nvars: { region: eu }\naccounts:\n  crm:\n    accessTokenUri: https://login.{{vars.region}}.crm.example/token\n    clientId: invoices\n    clientSecret: { env: CRM_SECRET }\n    scope: a, b\nservices:\n'
  const services = Array.from(
    { length: count },
    (_, index) => `  service-${index}:
    title: Service number ${index} of the list
    description: A service that does something useful for one of the teams that use it, number ${index}
    account: crm
    serverUrl: https://{{vars.region}}.api-${index}.crm.example/v3
    timeout: 20s
    timeoutMessage: The service ${index} takes too long. Try again in a minute.
    headers: { X-Team: "team-${index % 50}", X-Trace: "on" }
`,
  )
  return head + services.join('')
}

/** Both servers share one processor in turn; the load and the upstream have the other one. */
async function compareServers(
  rates: Row,
  costs: Row,
  reference: ChildProcess,
  daemon: ChildProcess,
  paths: { ours: string; reference: string },
): Promise<void> {
  for (let round = 0; round <= ROUNDS; round++) {
    const ours = await measureServer(daemon, PORTS.api, paths.ours)
    const bare = await measureServer(reference, PORTS.reference, paths.reference)
    // The first round warms up.
    if (round === 0) continue
    addPair(rates, ours.rate, bare.rate)
    addPair(costs, ours.cpuMicroseconds, bare.cpuMicroseconds)
    process.stderr.write('.')
  }
}

async function measureServer(server: ChildProcess, port: number, path: string) {
  const before = cpuSeconds(server.pid!)
  const { requests, seconds } = await load({ port, path, connections: CONNECTIONS, durationMs: DURATION_MS })
  return { rate: requests / seconds, cpuMicroseconds: ((cpuSeconds(server.pid!) - before) * 1e6) / requests }
}

async function withDaemon(run: (daemon: ChildProcess) => Promise<void>): Promise<void> {
  pinSelf('1')
  const upstream = await startPeer(1, 'bench/peers/upstream.ts', String(PORTS.upstream))
  const daemon = await startDaemon('services', oneService(PORTS.upstream), PORTS)
  try {
    await run(daemon)
  } finally {
    daemon.kill()
    upstream.kill()
    pinSelf(ALL_PROCESSORS)
  }
}

async function benchProxy(): Promise<Row[]> {
  const rates = row('proxy route / bare undici dispatch', 'requests/s', '>= 0.8')
  const costs = row('  processor time of a request', 'us', '')
  await withDaemon(async daemon => {
    const reference = await startPeer(0, 'bench/peers/bare-proxy.ts', String(PORTS.reference), String(PORTS.upstream))
    await compareServers(rates, costs, reference, daemon, { ours: PROXY_PATH, reference: '/orders/42' }).finally(() =>
      reference.kill(),
    )
  })
  return [rates, costs]
}

async function benchAuthorization(): Promise<Row[]> {
  const rates = row('authorization route / bare node:http', 'requests/s', '>= 0.6')
  const costs = row('  processor time of a request', 'us', '')
  await withDaemon(async daemon => {
    const reference = await startPeer(0, 'bench/peers/bare-answer.ts', String(PORTS.reference))
    await compareServers(rates, costs, reference, daemon, { ours: AUTHORIZATION_PATH, reference: '/' }).finally(() =>
      reference.kill(),
    )
  })
  return [rates, costs]
}

function compareProcesses(target: Row, ours: readonly string[], reference: readonly string[], rounds: number): Row {
  for (let round = 0; round <= rounds; round++) {
    const [our, bare] = [timeProcess(ours), timeProcess(reference)]
    if (round > 0) addPair(target, our, bare)
    process.stderr.write('.')
  }
  return target
}

/** What was resident at most; it differs little from run to run. */
async function compareMemory(ours: readonly string[], reference: readonly string[]): Promise<Row> {
  const target = row('  resident memory', 'MiB', '<= 400 MiB')
  for (let round = 0; round < 3; round++) {
    const our = await timedProcess(process.execPath, ours)
    addPair(target, our.peak, (await timedProcess(process.execPath, reference)).peak)
    process.stderr.write('.')
  }
  return target
}

const BENCHES: Record<string, () => Promise<Row[]>> = {
  proxy: benchProxy,
  authorization: benchAuthorization,
  validate: async () => {
    const target = row('validate 10 000 services / bare parseDocument', 's', '<= 1.3')
    const [ours, bare] = [
      ['dist/cli.js', 'validate', MANY],
      ['bench/peers/bare-parse.mjs', MANY],
    ]
    return [compareProcesses(target, ours!, bare!, ROUNDS), await compareMemory(ours!, bare!)]
  },
  start: async () => {
    const target = row('validate services.example.yaml / node -e 0', 's', '<= 2.5')
    return [compareProcesses(target, ['dist/cli.js', 'validate', 'services.example.yaml'], ['-e', '0'], 3 * ROUNDS)]
  },
}

writeFiles()
const wanted = process.argv.slice(2)
const rows: Row[] = []
for (const [name, bench] of Object.entries(BENCHES))
  if (wanted.length === 0 || wanted.includes(name)) rows.push(...(await bench()))
process.stderr.write('\n')
process.stdout.write(`${table(rows)}\n`)
