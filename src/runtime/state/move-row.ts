// A row of the table of tokens that an earlier key named -> the same row under the name of the first key, sealed anew.
import type { Transaction } from './postgres.ts'

export interface Moving {
  /** Of the same row, under all keys: the first one is where it goes. */
  names: readonly Buffer[]
  keyId: string
  /** Null for what no key opens. */
  reseal(column: string, from: Buffer, sealed: Buffer | null): Buffer | null
}

interface MovingRow {
  name: Buffer
  token: Buffer | null
  failure: Buffer | null
  refreshToken: Buffer | null
  leased: boolean
}

/** Nobody else looks at these names until the transaction ends. False when one of the others has a lease that runs. */
export async function moveRow({ query }: Transaction, { names, keyId, reseal }: Moving): Promise<boolean> {
  const [to, ...others] = names
  const [first] = names.map(name => name.toString('hex')).sort()
  await query('SELECT pg_advisory_xact_lock(hashtextextended($1, 7117001))', [first])
  const rows = await query<MovingRow>(
    `SELECT name, token, failure, refresh_token AS "refreshToken", lease_until IS NOT NULL AND lease_until > now() AS leased
    FROM bearerd.token WHERE name = ANY ($1) ORDER BY used_at DESC FOR UPDATE`,
    [others],
  )
  if (rows.some(({ leased }) => leased)) return false
  for (const { name, token, failure, refreshToken } of rows)
    await query(
      `UPDATE bearerd.token SET name = $2, key_id = $3, token = $4, failure = $5, refresh_token = $6
      WHERE name = $1 AND NOT EXISTS (SELECT FROM bearerd.token WHERE name = $2)`,
      [
        name,
        to,
        keyId,
        reseal('token', name, token),
        reseal('failure', name, failure),
        reseal('refresh_token', name, refreshToken),
      ],
    )
  return true
}
