// The queue in one schema of PostgreSQL, shared by all replicas: a claim is a lease that its owner keeps alive, and that
// another replica takes over when it ends.
import { randomUUID } from 'node:crypto'
import type { Clock } from '../../base/clock.ts'
import type { DeliveryJob } from '../delivery.ts'
import type {
  AttemptRecord,
  Claimed,
  ClaimLimits,
  DeliveryQueue,
  DeliveryRecord,
  DeliveryState,
  ListFilter,
  Outcome,
} from './delivery-queue.ts'

type Row = Record<string, unknown>
type Query = (text: string, values?: readonly unknown[]) => Promise<Row[]>

export interface QueueDatabase {
  query: Query
  /** All or nothing, on one connection. */
  transaction<T>(work: (query: Query) => Promise<T>): Promise<T>
  end(): Promise<void>
}

export interface PostgresQueueOptions {
  clock: Clock
  /** How long a claim of a replica that says nothing more stands; default 30 s. */
  leaseMs?: number
}

const LOCK = 7_117_002
const SCHEMA = `
  CREATE SCHEMA IF NOT EXISTS bearerd;
  CREATE TABLE IF NOT EXISTS bearerd.delivery (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text NOT NULL UNIQUE,
    action text NOT NULL,
    state text NOT NULL DEFAULT 'pending',
    attempts int NOT NULL DEFAULT 0,
    sent int NOT NULL DEFAULT 0,
    created_at bigint NOT NULL,
    next_attempt_at bigint,
    settled_at bigint,
    last_error json,
    job json NOT NULL,
    response json,
    response_body bytea,
    owner uuid,
    lease_until timestamptz
  );
  CREATE INDEX IF NOT EXISTS delivery_due ON bearerd.delivery (next_attempt_at, seq) WHERE state = 'pending';
  CREATE INDEX IF NOT EXISTS delivery_open ON bearerd.delivery (action, seq) WHERE state IN ('pending', 'running');
  CREATE INDEX IF NOT EXISTS delivery_state ON bearerd.delivery (state, seq);
  CREATE TABLE IF NOT EXISTS bearerd.attempt (
    n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    delivery text NOT NULL REFERENCES bearerd.delivery (id) ON DELETE CASCADE,
    at bigint NOT NULL,
    duration int NOT NULL,
    status int,
    problem json
  );
  CREATE INDEX IF NOT EXISTS attempt_of ON bearerd.attempt (delivery, n);
`
const DEFAULT_LEASE_MS = 30_000
/** Nobody tells a replica of what another one accepted, or left: it looks. With the lease this stays below 60 s. */
const LOOK_AGAIN_MS = 10_000
const MAX_ATTEMPTS_KEPT = 100

/** Rejects as the database does. */
export async function openPostgresQueue(
  database: QueueDatabase,
  { clock, leaseMs = DEFAULT_LEASE_MS }: PostgresQueueOptions,
): Promise<DeliveryQueue> {
  await database.transaction(async query => {
    await query('SELECT pg_advisory_xact_lock($1)', [LOCK])
    await query(SCHEMA)
  })
  return new PostgresQueue(database, clock, leaseMs)
}

class PostgresQueue implements DeliveryQueue {
  readonly #database: QueueDatabase
  readonly #clock: Clock
  readonly #leaseMs: number
  readonly #owner = randomUUID()
  #cancelBeat: () => void = () => {}

  constructor(database: QueueDatabase, clock: Clock, leaseMs: number) {
    this.#database = database
    this.#clock = clock
    this.#leaseMs = leaseMs
    this.#beatLater()
  }

  #beatLater(): void {
    this.#cancelBeat = this.#clock.schedule(this.#leaseMs / 3, () => {
      const text = `UPDATE bearerd.delivery SET lease_until = now() + $2 * interval '1 ms' WHERE owner = $1 AND state = 'running'`
      void this.#database
        .query(text, [this.#owner, this.#leaseMs])
        .catch(() => undefined)
        .then(() => this.#beatLater())
    })
  }

  async add({ id, action, createdAtMs, params, input, files }: DeliveryJob): Promise<void> {
    await this.#database.query(
      'INSERT INTO bearerd.delivery (id, action, created_at, next_attempt_at, job) VALUES ($1, $2, $3, $3, $4)',
      [id, action, createdAtMs, JSON.stringify({ params, input, files })],
    )
  }

  /** One claim at a time in the whole fleet: otherwise two replicas could see two heads of one ordered action. */
  claim({ nowMs, count, except, ordered }: ClaimLimits): Promise<Claimed> {
    return this.#database.transaction(async query => {
      await query('SELECT pg_advisory_xact_lock($1)', [LOCK])
      await query(
        `UPDATE bearerd.delivery SET state = 'pending', owner = NULL, next_attempt_at = 0 WHERE state = 'running' AND lease_until < now()`,
      )
      const allowed = `state = 'pending' AND action <> ALL ($1::text[]) AND (action <> ALL ($2::text[]) OR NOT EXISTS (
        SELECT FROM bearerd.delivery o WHERE o.action = d.action AND o.state IN ('pending', 'running')
          AND (o.seq < d.seq OR o.state = 'running')))`
      const text = `SELECT * FROM bearerd.delivery d WHERE ${allowed} ORDER BY next_attempt_at, seq LIMIT $3`
      const rows = await query(text, [except, ordered, count + 1])
      const ready = rows.filter(row => Number(row.next_attempt_at) <= nowMs).slice(0, count)
      await query(
        `UPDATE bearerd.delivery SET state = 'running', next_attempt_at = NULL, owner = $2,
          lease_until = now() + $3 * interval '1 ms' WHERE seq = ANY ($1::bigint[])`,
        [ready.map(({ seq }) => seq), this.#owner, this.#leaseMs],
      )
      const next = rows.find(row => !ready.includes(row))
      const nextDueMs = Math.min(Number(next?.next_attempt_at ?? Number.POSITIVE_INFINITY), nowMs + LOOK_AGAIN_MS)
      const records = ready.map(row => ({ ...recordOf(row), state: 'running' as const, nextAttemptAtMs: null }))
      return { records, nextDueMs }
    })
  }

  async progress(id: string, sent: number): Promise<void> {
    await this.#database.query('UPDATE bearerd.delivery SET sent = $3 WHERE id = $1 AND owner = $2', [
      id,
      this.#owner,
      sent,
    ])
  }

  /** Changes nothing when another replica has taken it over. */
  async settle(id: string, outcome: Outcome, attempt: AttemptRecord | undefined): Promise<void> {
    const { state, attempts, nextAttemptAtMs, lastError, settledAtMs, response } = outcome
    const { body = null, ...head } = response ?? {}
    await this.#database.transaction(async query => {
      const [own] = await query(
        `UPDATE bearerd.delivery SET state = $3, attempts = $4, next_attempt_at = $5, last_error = $6, settled_at = $7,
          response = $8, response_body = $9, lease_until = NULL
          WHERE id = $1 AND owner = $2 RETURNING seq`,
        [
          ...[id, this.#owner, state, attempts, nextAttemptAtMs, textOf(lastError), settledAtMs],
          ...[response ? textOf(head) : null, body],
        ],
      )
      if (own && attempt) await addAttempt(query, id, attempt)
    })
  }

  async get(id: string): Promise<DeliveryRecord | undefined> {
    const [row] = await this.#database.query('SELECT * FROM bearerd.delivery WHERE id = $1', [id])
    return row && recordOf(row)
  }

  async attempts(id: string): Promise<AttemptRecord[]> {
    const rows = await this.#database.query('SELECT * FROM bearerd.attempt WHERE delivery = $1 ORDER BY n', [id])
    return rows.map(({ at, duration, status, problem }) => ({
      atMs: Number(at),
      durationMs: Number(duration),
      ...(status !== null && { status: Number(status) }),
      ...(problem !== null && { problem: problem as NonNullable<AttemptRecord['problem']> }),
    }))
  }

  async list({ action, state, before, limit }: ListFilter): Promise<DeliveryRecord[]> {
    const text = `SELECT * FROM bearerd.delivery WHERE seq < $1 AND ($2::text[] IS NULL OR action = ANY ($2))
      AND ($3::text[] IS NULL OR state = ANY ($3)) ORDER BY seq DESC LIMIT $4`
    const values = [before ?? Number.MAX_SAFE_INTEGER, action ?? null, state ?? null, limit]
    return (await this.#database.query(text, values)).map(recordOf)
  }

  async revive(id: string, nowMs: number): Promise<boolean> {
    const text = `UPDATE bearerd.delivery SET state = 'pending', attempts = 0, next_attempt_at = $2, settled_at = NULL
      WHERE id = $1 AND state = 'dead' RETURNING seq`
    return (await this.#database.query(text, [id, nowMs])).length > 0
  }

  async remove(id: string): Promise<boolean> {
    const text = `DELETE FROM bearerd.delivery WHERE id = $1 AND state <> 'running' RETURNING seq`
    return (await this.#database.query(text, [id])).length > 0
  }

  async expedite(action: string, nowMs: number): Promise<void> {
    const text = `UPDATE bearerd.delivery SET next_attempt_at = $2 WHERE action = $1 AND state = 'pending'`
    await this.#database.query(text, [action, nowMs])
  }

  async settledBefore(atMs: number): Promise<string[]> {
    const text = `SELECT id FROM bearerd.delivery WHERE state = 'delivered' AND settled_at < $1 ORDER BY settled_at LIMIT 1000`
    return (await this.#database.query(text, [atMs])).map(({ id }) => String(id))
  }

  async counts(): Promise<Map<string, number>> {
    const text = `SELECT action, count(*) AS n FROM bearerd.delivery WHERE state IN ('pending', 'running') GROUP BY action`
    return new Map((await this.#database.query(text)).map(({ action, n }) => [String(action), Number(n)]))
  }

  async ids(): Promise<Set<string>> {
    const rows = await this.#database.query(`SELECT id FROM bearerd.delivery WHERE state <> 'delivered'`)
    return new Set(rows.map(({ id }) => String(id)))
  }

  async close(): Promise<void> {
    this.#cancelBeat()
    await this.#database.end()
  }
}

async function addAttempt(query: Query, id: string, attempt: AttemptRecord): Promise<void> {
  const { atMs, durationMs, status, problem } = attempt
  await query('INSERT INTO bearerd.attempt (delivery, at, duration, status, problem) VALUES ($1, $2, $3, $4, $5)', [
    ...[id, atMs, Math.round(durationMs), status ?? null, textOf(problem ?? null)],
  ])
  await query(
    'DELETE FROM bearerd.attempt WHERE delivery = $1 AND n <= (SELECT n FROM bearerd.attempt WHERE delivery = $1 ORDER BY n DESC LIMIT 1 OFFSET $2)',
    [id, MAX_ATTEMPTS_KEPT],
  )
}

function textOf(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value)
}

function recordOf(row: Row): DeliveryRecord {
  const { params, input, files } = row.job as Pick<DeliveryJob, 'params' | 'input' | 'files'>
  const number = (value: unknown) => (value === null ? null : Number(value))
  const response = row.response as Omit<NonNullable<DeliveryRecord['response']>, 'body'> | null
  return {
    seq: Number(row.seq),
    id: String(row.id),
    action: String(row.action),
    params,
    input,
    files,
    state: String(row.state) as DeliveryState,
    attempts: Number(row.attempts),
    sent: Number(row.sent),
    createdAtMs: Number(row.created_at),
    nextAttemptAtMs: number(row.next_attempt_at),
    settledAtMs: number(row.settled_at),
    lastError: row.last_error as DeliveryRecord['lastError'],
    response: response && { ...response, body: Buffer.from((row.response_body ?? []) as Uint8Array) },
  }
}
