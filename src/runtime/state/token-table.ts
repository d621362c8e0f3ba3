// The table of shared tokens: one row for all who share a refresh token, sealed. Only here are its columns known.
import { AppError, type AppErrorCode, type AppErrorDetails } from '../../base/error.ts'
import { Secret } from '../../base/secret.ts'
import type { PickedBearer } from '../../compile/plan.ts'
import type { Database } from './database.ts'
import { moveRow, type Place } from './move-row.ts'
import type { Sealing } from './sealing.ts'

export interface SharedToken {
  /** Of the account as it was asked for: with another one it is another token. */
  identity: string
  picked: PickedBearer
  issuedAtMs: number
}

export interface SharedFailure {
  identity: string
  error: AppError
  /** How many in a row. */
  count: number
  pausedUntilMs: number
}

export interface SharedRow {
  token?: SharedToken | undefined
  failure?: SharedFailure | undefined
}

export interface SeenRow extends SharedRow {
  /** Somebody's lease ended, and was not given back. */
  abandoned: boolean
}

export interface LeasedRow extends SharedRow {
  /** The lease was not given back: who had it may have used the refresh token. */
  takenOver: boolean
}

/** The right to ask the token endpoint; it ends by itself. */
export interface Lease {
  name: Buffer
  owner: string
  /** Of the same row, made under other keys of a list. */
  otherNames?: readonly Buffer[]
}

export interface RefreshTokens {
  refreshToken(name: Buffer): Promise<Secret | undefined>
  /** `late`: whoever had the lease is done, so one that ended is as good as given back. */
  keepRefreshToken(name: Buffer, refreshToken: Secret, late?: boolean): Promise<void>
  /** Of two this very one. */
  dropRefreshToken(name: Buffer, refreshToken: Secret): Promise<void>
}

/** All reject with AppError `state_unavailable` or `state_refused`. */
export interface TokenTable extends RefreshTokens {
  /** The names of the same row under all keys. */
  look(...names: readonly Buffer[]): Promise<SeenRow>
  /** Undefined while somebody else has it. One that ended, and was not given back, may be taken so long after its end; undefined: not at all. */
  lease(lease: Lease, forMs: number, takeOverAfterMs: number | undefined): Promise<LeasedRow | undefined>
  extend(lease: Lease, forMs: number): Promise<void>
  /** Each ends the lease, and changes nothing when it ended before. */
  publish(lease: Lease, token: SharedToken): Promise<void>
  fail(lease: Lease, failure: SharedFailure): Promise<void>
  release(lease: Lease): Promise<void>
}

interface StoredRow {
  token: Buffer | null
  failure: Buffer | null
}

const UNLEASED = 'lease_owner = NULL, lease_until = NULL, used_at = now()'
const LEASED = 'WHERE name = $1 AND lease_owner = $2'

export function createTokenTable(database: Database, sealing: Sealing): TokenTable {
  const { seal, open } = sealedColumns(sealing)
  const inPlace = inOnePlace(database, sealing)
  const rowOf = (name: Buffer, stored: StoredRow | undefined): SharedRow => ({
    token: readToken(open('token', name, stored?.token)),
    failure: readFailure(open('failure', name, stored?.failure)),
  })
  const change = async (text: string, { name, owner }: Lease, ...values: unknown[]) => {
    await database.query(`UPDATE bearerd.token SET ${text} ${LEASED}`, [name, owner, ...values])
  }
  return {
    ...createRefreshTokens(database, sealing),
    async look(...names) {
      const text = `SELECT name, token, failure, lease_until < now() AS abandoned FROM bearerd.token
        WHERE name = ANY ($1) ORDER BY used_at DESC`
      const stored = await database.query<StoredRow & { name: Buffer; abandoned: boolean | null }>(text, [names])
      const rows = stored.map(row => rowOf(row.name, row))
      const token = rows.find(row => row.token)?.token
      return { token, failure: rows[0]?.failure, abandoned: stored.some(({ abandoned }) => abandoned) }
    },
    async lease({ name, owner, otherNames = [] }, forMs, takeOverAfterMs) {
      // Who had it before is in `t` alone, the newest row: a SELECT in RETURNING may still see one that gave it back meanwhile.
      const text = `INSERT INTO bearerd.token AS t (name, key_id, lease_owner, lease_until)
          VALUES ($1, $2, $3, now() + $4 * interval '1 ms')
        ON CONFLICT (name) DO UPDATE SET lease_owner = $3, lease_until = now() + $4 * interval '1 ms', key_id = $2,
            taken_over = t.lease_owner IS NOT NULL
          WHERE t.lease_until IS NULL OR t.lease_until < now() - $5::float8 * interval '1 ms'
        RETURNING token, failure, taken_over AS "takenOver"`
      const values = [name, sealing.keyId, owner, forMs, takeOverAfterMs ?? null]
      const place = { names: [name, ...otherNames], takeOverAfterMs }
      const [stored] = await inPlace<StoredRow & { takenOver: boolean }>(place, text, values)
      return stored && { ...rowOf(name, stored), takenOver: stored.takenOver }
    },
    extend: (lease, forMs) => change(`lease_until = now() + $3 * interval '1 ms'`, lease, forMs),
    publish: (lease, token) =>
      change(
        `token = $3, expires_at = to_timestamp($4), failure = NULL, error_code = NULL, paused_until = NULL, ${UNLEASED}`,
        lease,
        seal('token', lease.name, writeToken(token)),
        (token.issuedAtMs + token.picked.lifeMs) / 1000,
      ),
    fail: (lease, failure) =>
      change(
        `failure = $3, error_code = $4, paused_until = to_timestamp($5), ${UNLEASED}`,
        lease,
        seal('failure', lease.name, writeFailure(failure)),
        failure.error.code,
        failure.pausedUntilMs / 1000,
      ),
    release: lease => change(UNLEASED, lease),
  }
}

function createRefreshTokens(database: Database, sealing: Sealing): RefreshTokens {
  const { seal, open } = sealedColumns(sealing)
  const find = async (name: Buffer) => {
    const text = 'SELECT refresh_token AS sealed FROM bearerd.token WHERE name = $1'
    const [row] = await database.query<{ sealed: Buffer | null }>(text, [name])
    return row?.sealed
  }
  return {
    refreshToken: async name => open('refresh_token', name, await find(name)),
    async keepRefreshToken(name, refreshToken, late = false) {
      await database.query(
        `INSERT INTO bearerd.token AS t (name, key_id, refresh_token) VALUES ($1, $2, $3)
        ON CONFLICT (name) DO UPDATE SET refresh_token = $3, key_id = $2, used_at = now(),
          lease_owner = CASE WHEN t.lease_until > now() OR NOT $4 THEN t.lease_owner END,
          lease_until = CASE WHEN t.lease_until > now() OR NOT $4 THEN t.lease_until END`,
        [name, sealing.keyId, seal('refresh_token', name, refreshToken), late],
      )
    },
    async dropRefreshToken(name, refreshToken) {
      const sealed = await find(name)
      if (open('refresh_token', name, sealed)?.reveal() !== refreshToken.reveal()) return
      const text = 'UPDATE bearerd.token SET refresh_token = NULL WHERE name = $1 AND refresh_token = $2'
      await database.query(text, [name, sealed])
    },
  }
}

/** Where the key is being changed, a row may be there under the name that another key makes: then it moves first. */
function inOnePlace(database: Database, sealing: Sealing) {
  const { seal, open } = sealedColumns(sealing)
  return <Row>(place: Place, text: string, values: readonly unknown[]): Promise<Row[]> => {
    const { names } = place
    if (names.length === 1) return database.query<Row>(text, values)
    const reseal = (column: string, from: Buffer, sealed: Buffer | null) => {
      const opened = open(column, from, sealed)
      return opened ? seal(column, names[0]!, opened) : null
    }
    return database.transaction(async transaction => {
      const isFree = await moveRow(transaction, { ...place, keyId: sealing.keyId, reseal })
      return isFree ? transaction.query<Row>(text, values) : []
    })
  }
}

/** What is sealed in one column of one row does not open in another. */
function sealedColumns(sealing: Sealing) {
  const place = (column: string, name: Buffer) => `${column} ${name.toString('hex')}`
  return {
    seal: (column: string, name: Buffer, text: Secret) => sealing.seal(text, place(column, name)),
    open: (column: string, name: Buffer, sealed: Buffer | null | undefined) =>
      sealed ? sealing.open(sealed, place(column, name)) : undefined,
  }
}

type StoredBearer = Omit<PickedBearer, 'bearer' | 'refreshToken' | 'reusable' | 'published' | 'prover'> & {
  bearer: string
  published?: Record<string, string>
  reusable?: { refreshToken?: string | undefined }
}

function writeToken({ identity, issuedAtMs, picked }: SharedToken): Secret {
  // The refresh token has its own column: it outlives this one. A key is known to whoever has it.
  const { bearer, published, reusable, refreshToken: _refreshToken, prover: _prover, ...rest } = picked
  const members = published && Object.entries(published).map(([name, secret]) => [name, secret.reveal()] as const)
  const stored: StoredBearer = {
    ...rest,
    bearer: bearer.reveal(),
    ...(reusable && { reusable: { refreshToken: reusable.refreshToken?.reveal() } }),
    ...(members && { published: Object.fromEntries(members) }),
  }
  return new Secret(JSON.stringify({ identity, issuedAtMs, picked: stored }))
}

function readToken(text: Secret | undefined): SharedToken | undefined {
  if (!text) return undefined
  const { identity, issuedAtMs, picked } = JSON.parse(text.reveal()) as Omit<SharedToken, 'picked'> & {
    picked: StoredBearer
  }
  const { bearer, published, reusable, ...rest } = picked
  const members = published && Object.entries(published).map(([name, member]) => [name, new Secret(member)] as const)
  const secrets = {
    bearer: new Secret(bearer),
    ...(reusable && {
      reusable: { refreshToken: reusable.refreshToken?.length ? new Secret(reusable.refreshToken) : undefined },
    }),
    ...(members && { published: Object.fromEntries(members) }),
  }
  return { identity, issuedAtMs, picked: { ...rest, ...secrets } }
}

function writeFailure({ error, ...rest }: SharedFailure): Secret {
  const { code, message, details } = error
  return new Secret(JSON.stringify({ ...rest, code, message, details }))
}

function readFailure(text: Secret | undefined): SharedFailure | undefined {
  if (!text) return undefined
  const { code, message, details, ...rest } = JSON.parse(text.reveal()) as Omit<SharedFailure, 'error'> & {
    code: AppErrorCode
    message: string
    details: AppErrorDetails
  }
  return { ...rest, error: new AppError(code, message, details) }
}
