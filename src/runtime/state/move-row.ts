// A row of the table of tokens that an earlier key named -> the same row under the name of the first key, sealed anew.
import type { Transaction } from './postgres.ts'

export interface Place {
  /** Of the same row, under all keys: the first one is where it goes. */
  names: readonly Buffer[]
  /** A lease that ended so long ago, and was not given back, may be taken over; undefined: none. */
  takeOverAfterMs: number | undefined
}

export interface Moving extends Place {
  keyId: string
  /** Null for what no key opens. */
  reseal(column: string, from: Buffer, sealed: Buffer | null): Buffer | null
}

interface MovingRow {
  name: Buffer
  token: Buffer | null
  failure: Buffer | null
  refresh_token: Buffer | null
  owner: string | null
  until: Date | null
  leased: boolean
}

/** The one used last comes first. */
const FIND = `SELECT name, token, failure, refresh_token, lease_owner AS owner, lease_until AS until,
    COALESCE(lease_until >= now() - $2::float8 * interval '1 ms', lease_until IS NOT NULL) AS leased
  FROM bearerd.token WHERE name = ANY ($1) ORDER BY used_at DESC FOR UPDATE`

const MOVE = `UPDATE bearerd.token SET name = $2, key_id = $3, token = $4, failure = $5, refresh_token = $6,
    lease_owner = $7, lease_until = $8
  WHERE name = $1`

/** Nobody else looks at these names until the transaction ends. False when one of them has a lease that may not be taken over. */
export async function moveRow(transaction: Transaction, moving: Moving): Promise<boolean> {
  const { names, takeOverAfterMs } = moving
  const [first] = names.map(name => name.toString('hex')).sort()
  await transaction.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 7117001))', [first])
  const rows = await transaction.query<MovingRow>(FIND, [names, takeOverAfterMs ?? null])
  if (rows.some(({ leased }) => leased)) return false
  if (rows.some(({ name }) => !name.equals(names[0]!))) await makeOne(transaction, rows, moving)
  return true
}

/** Who wrote late, when the row had moved, made another one: of two refresh tokens that of the row used later counts. */
async function makeOne(
  { query }: Transaction,
  rows: readonly MovingRow[],
  { names, ...moving }: Moving,
): Promise<void> {
  const kept = rows.find(({ name }) => name.equals(names[0]!)) ?? rows[0]!
  const surplus = rows.filter(row => row !== kept).map(({ name }) => name)
  if (surplus.length > 0) await query('DELETE FROM bearerd.token WHERE name = ANY ($1)', [surplus])
  const newest = (column: 'token' | 'failure' | 'refresh_token', among = rows) =>
    among.map(row => moving.reseal(column, row.name, row[column])).find(sealed => sealed !== null) ?? null
  const { owner, until } = rows.find(row => row.owner !== null) ?? { owner: null, until: null }
  const values = [newest('token'), newest('failure', rows.slice(0, 1)), newest('refresh_token')]
  await query(MOVE, [kept.name, names[0], moving.keyId, ...values, owner, until])
}
