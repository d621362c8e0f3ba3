// The door of `pg`, loaded when it is needed: queries that end in time, and errors in our own words.
import { AppError, systemErrorCode } from '../../base/error.ts'
import type { Secret } from '../../base/secret.ts'

/** Of one statement, or of several in one text. */
export interface SqlResult {
  rows: Record<string, unknown>[]
  command?: string
}

/** One connection in a transaction. */
export interface Transaction {
  query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>
  /** As the package answers, with its own errors: for a package that builds on it. */
  execute(text: string, values?: readonly unknown[]): Promise<SqlResult>
}

/** All reject with AppError: `state_unavailable`, the code for a full disk, or `state_refused` for what can never be kept as it is. */
export interface Postgres {
  query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>
  /** All or nothing. Made again when another one was in its way. */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>
  /** As the package answers, with its own errors. */
  execute(text: string, values?: readonly unknown[]): Promise<SqlResult>
  /** How many the URL names; one of them is used. */
  readonly servers: number
  /** To the next one. */
  turn(): void
  end(): Promise<void>
}

export interface PostgresUse {
  /** The server's limit ends the statement, ours, a little later, what never answers. `statement_timeout` in the URL goes first. */
  statementMs: number
  /** The one in the URL counts where it is longer; default false. */
  onlyLonger?: boolean
  connections: number
  /** What it means that the disk of the database is full. */
  fullCode: 'state_unavailable' | 'storage_full'
}

/** Nothing connects before the first query. Throws AppError `state_unavailable` for what is no URL of PostgreSQL. */
export async function openPostgres(url: Secret, use: PostgresUse): Promise<Postgres> {
  const { default: pg } = await import('pg')
  const connectionString = url.reveal().trim()
  const servers = serversOf(connectionString)
  if (!/^postgres(?:ql)?:\/\//.test(connectionString) || !servers.every(server => URL.canParse(server)))
    throw new AppError(
      'state_unavailable',
      '`daemon.state.url` is not a URL such as postgresql://USER:PASSWORD@HOST/NAME',
    )
  const limits = limitsOf(servers[0]!, use)
  const pools = servers.map(withoutStatementTimeout).map(server => {
    const pool = new pg.Pool({
      connectionTimeoutMillis: limits.connectMs,
      statement_timeout: limits.statementMs,
      query_timeout: limits.statementMs + 500,
      idleTimeoutMillis: 30_000,
      connectionString: server,
      max: use.connections,
      application_name: 'bearerd',
      keepAlive: true,
      allowExitOnIdle: true,
    })
    // A connection that ends is no news: the next query tells.
    pool.on('error', () => {})
    pool.on('connect', client => client.on('error', () => {}))
    return pool
  })
  return createPostgres(oneOf(pools), { ...use, ...limits })
}

const CONNECT_MS = 2_000

/** `connect_timeout` in seconds, as libpq has it, and `statement_timeout` in milliseconds, as the server has it. */
function limitsOf(url: string, use: PostgresUse): { connectMs: number; statementMs: number } {
  const { searchParams } = new URL(url)
  const limit = (name: string, unitMs: number, defaultMs: number) => {
    const ms = Number(searchParams.get(name)) * unitMs
    return ms > 0 ? ms : defaultMs
  }
  const statementMs = limit('statement_timeout', 1, use.statementMs)
  return {
    connectMs: limit('connect_timeout', 1000, CONNECT_MS),
    statementMs: use.onlyLonger ? Math.max(statementMs, use.statementMs) : statementMs,
  }
}

/** For `pg` what the URL says would count before `limitsOf`. */
function withoutStatementTimeout(url: string): string {
  const parsed = new URL(url)
  if (!parsed.searchParams.has('statement_timeout')) return url
  parsed.searchParams.delete('statement_timeout')
  return parsed.href
}

/** `HOST,HOST:PORT` as libpq has it: a URL for each of them. */
function serversOf(url: string): string[] {
  const [, before, hosts = '', after] = /^([a-z]+:\/\/(?:[^/?]*@)?)([^/?]*)(.*)$/.exec(url) ?? []
  return hosts.includes(',') ? hosts.split(',').map(host => `${before}${host}${after}`) : [url]
}

interface Pool {
  connect(): Promise<Client>
  end(): Promise<void>
}

function oneOf(pools: readonly Pool[]): Pool & Pick<Postgres, 'servers' | 'turn'> {
  let current = 0
  return {
    servers: pools.length,
    connect: () => pools[current]!.connect(),
    turn() {
      current = (current + 1) % pools.length
    },
    async end() {
      await Promise.all(pools.map(pool => pool.end()))
    },
  }
}

interface Client {
  query(text: string, values?: unknown[]): Promise<SqlResult>
  release(destroy: boolean): void
}

const MAX_TRIES = 3

function createPostgres(pool: ReturnType<typeof oneOf>, use: PostgresUse): Postgres {
  const failed = new WeakSet<object>()
  const noting = (error: unknown): never => {
    failed.add(error as object)
    throw error
  }
  /** Errors that are not the database's are passed on as they are. */
  const translate = (error: unknown): never => {
    throw failed.has(error as object) ? failureOf(error, use) : error
  }
  const onConnection = async <T>(work: (execute: Transaction['execute']) => Promise<T>): Promise<T> => {
    const client = await pool.connect().catch(noting)
    let done = false
    try {
      const result = await work((text, values) => client.query(text, values && [...values]).catch(noting))
      done = true
      return result
    } finally {
      // After a failure the next query gets a new connection: perhaps to another server.
      client.release(!done)
    }
  }
  const execute: Postgres['execute'] = (text, values) => onConnection(run => run(text, values))
  return {
    query: <Row>(text: string, values: readonly unknown[] = []) =>
      execute(text, values).then(({ rows }) => rows as Row[], translate),
    execute,
    transaction: work => inTransaction(onConnection, work).catch(translate),
    servers: pool.servers,
    turn: () => pool.turn(),
    end: () => pool.end(),
  }
}

type OnConnection = <T>(work: (execute: Transaction['execute']) => Promise<T>) => Promise<T>

async function inTransaction<T>(onConnection: OnConnection, work: (own: Transaction) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await onConnection(async execute => {
        await execute('BEGIN')
        const query = async <Row>(text: string, values: readonly unknown[] = []) =>
          (await execute(text, values)).rows as Row[]
        const result = await work({ query, execute })
        // A statement that failed, and whose error was caught, has undone the others.
        const { command } = await execute('COMMIT')
        if (command === 'COMMIT') return result
        throw Object.assign(new Error('rolled back'), { code: IN_THE_WAY[1] })
      })
    } catch (error) {
      if (tries >= MAX_TRIES || !IN_THE_WAY.includes(systemErrorCode(error) ?? '')) throw error
    }
  }
}

/** Deadlock, and what could not be put in order. */
const IN_THE_WAY = ['40P01', '40001']
const DISK_FULL = '53100'

/** SQLSTATE classes that are about the values: data, constraints, and what is too much for one row. All else is about the database. */
const ABOUT_VALUES = /^(?:22|23|54)[0-9A-Z]{3}$/

function failureOf(error: unknown, { fullCode, statementMs }: PostgresUse): AppError {
  const code = systemErrorCode(error)
  if (code !== undefined && ABOUT_VALUES.test(code)) {
    const message = `the database of \`daemon.state.url\` does not take this record (SQLSTATE ${code}): its log says why`
    return new AppError('state_refused', message)
  }
  const reason = code === '57014' ? `is slow: a statement took longer than ${statementMs / 1000} s` : reasonOf(code)
  return new AppError(
    code === DISK_FULL ? fullCode : 'state_unavailable',
    `the database of \`daemon.state.url\` ${reason}`,
  )
}

const REASONS: Record<string, string> = {
  '25006': 'is read-only',
  '28000': 'refused the user',
  '28P01': 'refused the password',
  '3D000': 'does not exist',
  '42501': 'does not permit this user what bearerd needs',
  '53100': 'has no room left on its disk',
  '53300': 'has too many connections',
  '55P03': 'has a table that another transaction holds, such as a backup: it is tried again',
  '57P01': 'is stopping',
  '57P03': 'is starting or stopping',
}

function reasonOf(code: string | undefined): string {
  if (code === undefined) return 'did not answer in time'
  return REASONS[code] ?? `cannot be used (${/^[A-Z0-9_]{1,40}$/.test(code) ? code : 'unknown error'})`
}
