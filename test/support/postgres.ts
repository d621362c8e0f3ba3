// A real PostgreSQL of a test's own: a cluster in a temporary folder, which can be stopped and started again.
import { type ChildProcess, execFile, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, globSync } from 'node:fs'
import { chmod, chown, mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'

export interface PostgresServer {
  /** Makes an empty database and gives its URL. A slow one does not count as away, unless `limits` says `default`. */
  database(limits?: 'long' | 'default'): Promise<string>
  /** `kill` as a crash does; default `stop`, which ends all connections. */
  stop(how?: 'stop' | 'kill'): Promise<void>
  /** Again, at the same address. */
  start(): Promise<void>
  /** Stops answering, without an end of its connections. */
  freeze(): Promise<void>
  thaw(): void
  query<Row>(url: string, text: string): Promise<Row[]>
  /** A replica that follows this server, and can take its place. */
  standby(): Promise<Standby>
  close(): Promise<void>
}

export interface Standby {
  /** HOST:PORT, as in a URL of several servers. */
  host: string
  /** Takes writes from now on. */
  promote(): Promise<void>
}

export interface PostgresOptions {
  /** What is committed outlives a crash of the machine, not of the server alone; default false, which is faster. */
  durable?: boolean
}

const PASSWORD = 'fake-database-password'
const USER = 'bearerd'
/** A machine that is busy may need longer than the product's limits. */
const LONG_LIMITS = '?connect_timeout=60&statement_timeout=60000'

/** The folder of its programs: on PATH, or where Debian's package puts them. */
function findPrograms(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...globSync('/usr/lib/postgresql/*/bin')]
  const needed = ['initdb', 'postgres', 'pg_basebackup']
  return folders.find(folder => needed.every(program => existsSync(join(folder, program))))
}

/** Undefined, with a loud line, where it is not installed; with CI=true that is an error. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer | undefined> {
  const programs = findPrograms()
  if (programs) return startCluster(programs, options)
  const message = 'PostgreSQL is not installed: apt-get install postgresql'
  if (process.env.CI === 'true') throw new Error(message)
  console.error(`SKIPPED: ${message}`)
  return undefined
}

async function startCluster(programs: string, { durable = false }: PostgresOptions): Promise<PostgresServer> {
  // It refuses to run as root.
  const as = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}
  const folder = await mkdtemp(join(tmpdir(), 'bearerd-postgres-'))
  if (as.uid) await chown(folder, as.uid, as.gid)
  await chmod(folder, 0o700)
  const data = join(folder, 'data')
  const options = { ...as, cwd: folder, env: { ...process.env, LC_ALL: 'C', HOME: folder } }
  const init = ['-D', data, '-U', USER, '-A', 'trust', '-E', 'UTF8', '--no-sync', '--no-instructions']
  await promisify(execFile)(join(programs, 'initdb'), init, options)
  const main = await startServer({ programs, data, options, durable })
  const standbys: RunningServer[] = []
  let databases = 0
  return {
    ...main,
    async database(limits = 'long') {
      const name = `fleet${++databases}`
      await query(main.urlOf('postgres'), `CREATE DATABASE ${name}`)
      return main.urlOf(name) + (limits === 'long' ? LONG_LIMITS : '')
    },
    async standby() {
      const copy = join(folder, `standby${standbys.length}`)
      const from = ['-h', '127.0.0.1', '-p', String(main.port), '-U', USER, '-c', 'fast', '-X', 'stream', '--no-sync']
      await promisify(execFile)(join(programs, 'pg_basebackup'), ['-D', copy, '-R', ...from], options)
      const standby = await startServer({ programs, data: copy, options, durable })
      standbys.push(standby)
      const promote = async () => void (await query(standby.urlOf('postgres'), 'SELECT pg_promote()'))
      return { host: `127.0.0.1:${standby.port}`, promote }
    },
    query,
    async close() {
      for (const server of [main, ...standbys]) await server.stop('kill')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function query<Row>(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 60_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    return (await client.query(text)).rows as Row[]
  } finally {
    await client.end()
  }
}

interface ServerPlace {
  programs: string
  data: string
  options: SpawnOptions
  durable: boolean
}

interface RunningServer extends Pick<PostgresServer, 'start' | 'stop' | 'freeze' | 'thaw'> {
  port: number
  urlOf(database: string): string
}

async function startServer({ programs, data, options, durable }: ServerPlace): Promise<RunningServer> {
  const port = await freePort()
  const urlOf = (name: string) => `postgresql://${USER}:${PASSWORD}@127.0.0.1:${port}/${name}`
  const settings = [
    ...(durable ? [] : ['fsync=off', 'full_page_writes=off']),
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=100',
    'shared_buffers=16MB',
    'jit=off',
  ]
  let server: ChildProcess | undefined
  const start = async () => {
    const args = ['-D', data, '-p', String(port), ...settings.flatMap(setting => ['-c', setting])]
    const started = spawn(join(programs, 'postgres'), args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] })
    server = started
    let said = ''
    started.stderr!.on('data', chunk => (said += chunk))
    for (;;) {
      if (started.exitCode !== null) throw new Error(`postgres ended: ${said}`)
      const ready = await query(urlOf('postgres'), 'SELECT 1').then(
        () => true,
        () => false,
      )
      if (ready) return
      await sleep(20)
    }
  }
  /** The processes of its connections: they answer, not the one that listens. */
  const processes = async () => {
    const pid = server!.pid!
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
    return [pid, ...children.trim().split(' ').filter(Boolean).map(Number)]
  }
  let frozen: number[] = []
  const thaw = () => {
    for (const pid of frozen.splice(0)) process.kill(pid, 'SIGCONT')
  }
  await start()
  return {
    port,
    urlOf,
    start,
    async stop(how = 'stop') {
      thaw()
      if (!server || server.exitCode !== null || server.signalCode !== null) return
      const ended = once(server, 'exit')
      server.kill(how === 'kill' ? 'SIGQUIT' : 'SIGINT')
      await ended
    },
    async freeze() {
      frozen = await processes()
      for (const pid of frozen) process.kill(pid, 'SIGSTOP')
    },
    thaw,
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}
