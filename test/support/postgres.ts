// A real PostgreSQL of a test's own: a cluster in a temporary folder, which can be stopped and started again.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
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
  /** Makes an empty database and gives its URL. */
  database(): Promise<string>
  /** `kill` as a crash does; default `stop`, which ends all connections. */
  stop(how?: 'stop' | 'kill'): Promise<void>
  /** Again, at the same address. */
  start(): Promise<void>
  /** Stops answering, without an end of its connections. */
  freeze(): Promise<void>
  thaw(): void
  query<Row>(url: string, text: string): Promise<Row[]>
  close(): Promise<void>
}

const PASSWORD = 'fake-database-password'
const USER = 'bearerd'

/** The folder of its programs: on PATH, or where Debian's package puts them. */
function findPrograms(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...globSync('/usr/lib/postgresql/*/bin')]
  return folders.find(folder => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')))
}

/** Undefined, with a loud line, where it is not installed; with CI=true that is an error. */
export async function startPostgres(): Promise<PostgresServer | undefined> {
  const programs = findPrograms()
  if (programs) return startCluster(programs)
  const message = 'PostgreSQL is not installed: apt-get install postgresql'
  if (process.env.CI === 'true') throw new Error(message)
  console.error(`SKIPPED: ${message}`)
  return undefined
}

async function startCluster(programs: string): Promise<PostgresServer> {
  // It refuses to run as root.
  const as = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}
  const folder = await mkdtemp(join(tmpdir(), 'bearerd-postgres-'))
  if (as.uid) await chown(folder, as.uid, as.gid)
  await chmod(folder, 0o700)
  const data = join(folder, 'data')
  const options = { ...as, cwd: folder, env: { ...process.env, LC_ALL: 'C', HOME: folder } }
  const init = ['-D', data, '-U', USER, '-A', 'trust', '-E', 'UTF8', '--no-sync', '--no-instructions']
  await promisify(execFile)(join(programs, 'initdb'), init, options)
  const port = await freePort()
  const urlOf = (name: string) => `postgresql://${USER}:${PASSWORD}@127.0.0.1:${port}/${name}`
  const settings = [
    'fsync=off',
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=100',
    'shared_buffers=16MB',
    'jit=off',
    'synchronous_commit=off',
    'full_page_writes=off',
  ]
  let server: ChildProcess | undefined
  let databases = 0

  const query = async <Row>(url: string, text: string): Promise<Row[]> => {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
    client.on('error', () => {})
    try {
      await client.connect()
      return (await client.query(text)).rows as Row[]
    } finally {
      await client.end()
    }
  }
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
  const stop = async (how: 'stop' | 'kill' = 'stop') => {
    thaw()
    if (!server || server.exitCode !== null || server.signalCode !== null) return
    const ended = once(server, 'exit')
    server.kill(how === 'kill' ? 'SIGQUIT' : 'SIGINT')
    await ended
  }

  await start()
  return {
    async database() {
      const name = `fleet${++databases}`
      await query(urlOf('postgres'), `CREATE DATABASE ${name}`)
      return urlOf(name)
    },
    start,
    stop,
    async freeze() {
      frozen = await processes()
      for (const pid of frozen) process.kill(pid, 'SIGSTOP')
    },
    thaw,
    query,
    async close() {
      await stop('kill')
      await rm(folder, { recursive: true, force: true })
    },
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
