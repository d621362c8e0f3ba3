// The door of `pg`, loaded when it is needed: queries that end in time, and errors in our own words.
import { AppError, systemErrorCode } from '../../base/error.ts'
import type { Secret } from '../../base/secret.ts'

export interface Postgres {
  /** Rejects with AppError `state_unavailable`. */
  query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>
  end(): Promise<void>
}

export const MAX_CONNECTIONS = 5

/** The server's limit ends the statement, ours what never answers. */
const LIMITS = {
  connectionTimeoutMillis: 2_000,
  statement_timeout: 1_000,
  query_timeout: 1_500,
  idleTimeoutMillis: 30_000,
}

/** Nothing connects before the first query. Throws AppError `state_unavailable` for what is no URL of PostgreSQL. */
export async function openPostgres(url: Secret): Promise<Postgres> {
  const { default: pg } = await import('pg')
  const connectionString = url.reveal().trim()
  if (!/^postgres(?:ql)?:\/\//.test(connectionString) || !URL.canParse(connectionString))
    throw new AppError(
      'state_unavailable',
      '`daemon.state.url` is not a URL such as postgresql://USER:PASSWORD@HOST/NAME',
    )
  const pool = new pg.Pool({
    ...LIMITS,
    connectionString,
    max: MAX_CONNECTIONS,
    application_name: 'bearerd',
    keepAlive: true,
    allowExitOnIdle: true,
  })
  // An idle connection that ends is no news: the next query tells.
  pool.on('error', () => {})
  return {
    async query<Row>(text: string, values: readonly unknown[] = []) {
      try {
        const client = await pool.connect()
        let failed = true
        try {
          const { rows } = await client.query(text, [...values])
          failed = false
          return rows as Row[]
        } finally {
          // After a failure the next query gets a new connection: perhaps to another server.
          client.release(failed)
        }
      } catch (error) {
        throw new AppError('state_unavailable', `the database of \`daemon.state.url\` ${reasonOf(error)}`)
      }
    },
    end: () => pool.end(),
  }
}

const REASONS: Record<string, string> = {
  '25006': 'is read-only',
  '28000': 'refused the user',
  '28P01': 'refused the password',
  '3D000': 'does not exist',
  '42501': 'does not permit this user what bearerd needs',
  '53300': 'has too many connections',
  '57014': 'is slow: a statement took longer than a second',
  '57P01': 'is stopping',
  '57P03': 'is starting or stopping',
}

function reasonOf(error: unknown): string {
  const code = systemErrorCode(error)
  if (code === undefined) return 'did not answer in time'
  return REASONS[code] ?? `cannot be used (${/^[A-Z0-9_]{1,40}$/.test(code) ? code : 'unknown error'})`
}
