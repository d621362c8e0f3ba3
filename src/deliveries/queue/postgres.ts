// The queue that all replicas share: rows say what a delivery is and what became of it, jobs say who sends it when. What is
// changed together is one transaction.
import type { Clock } from '../../base/clock.ts'
import { AppError } from '../../base/error.ts'
import type { Database } from '../../runtime/state/database.ts'
import type { Transaction } from '../../runtime/state/postgres.ts'
import type { Sealing } from '../../runtime/state/sealing.ts'
import type { DeliveryJob } from '../delivery.ts'
import type {
  AddOptions,
  AttemptRecord,
  Claimed,
  ClaimLimits,
  DeliveryQueue,
  DeliveryRecord,
  DeliverySummary,
  ListFilter,
  Order,
  Outcome,
} from './delivery-queue.ts'
import { type Claim, type Jobs, type Lane, repeat } from './jobs.ts'
import { ATTEMPTS_OF, addAttempt, attemptOf, textOf } from './postgres-attempts.ts'
import { createSealedRows, type Row, type SealedRows, SUMMARY_COLUMNS } from './sealed-rows.ts'

export interface PostgresQueueParts {
  database: Database
  jobs: Jobs
  sealing: Sealing
  clock: Clock
}

/** Nobody tells a replica of what another one accepted, or left: it looks. */
const LOOK_AGAIN_MS = 2_000
/** Its clock and the database's are not the same one. */
const SOON_MS = 100

export class PostgresQueue implements DeliveryQueue {
  readonly shared = true
  readonly #parts: PostgresQueueParts
  readonly #rows: SealedRows
  readonly #claims = new Map<string, Claim>()
  readonly #endKeepingAlive: () => void

  constructor(parts: PostgresQueueParts) {
    this.#parts = parts
    this.#rows = createSealedRows(parts.sealing)
    this.#endKeepingAlive = repeat(() => this.keepAlive())
  }

  /** The deliveries that this replica sends stay its own; also after the database was away. */
  keepAlive(): Promise<void> {
    return this.#parts.jobs.keepAlive([...this.#claims.values()])
  }

  #query(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.#parts.database.query<Row>(text, values)
  }

  #transaction<T>(work: (own: Transaction) => Promise<T>): Promise<T> {
    return this.#parts.database.transaction(work)
  }

  add(job: DeliveryJob, { ordered, content, key }: AddOptions): Promise<DeliveryRecord> {
    const { id, action, createdAtMs, files } = job
    const lane = laneOf(ordered)
    const sealed = { facts: this.#rows.facts(job), input: this.#rows.input(job), key: key && this.#rows.key(key) }
    const bytes = files.reduce((sum, { size }) => sum + size, 0)
    return this.#transaction(async own => {
      const [row] = await own.query<Row>(
        `INSERT INTO bearerd.delivery (id, key_id, action, lane, created_at, next_attempt_at, bytes, facts, input, caller_key)
          VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8, $9)
          ON CONFLICT (caller_key) WHERE caller_key IS NOT NULL DO NOTHING RETURNING *`,
        [id, this.#parts.sealing.keyId, action, lane, createdAtMs, bytes, sealed.facts, sealed.input, sealed.key],
      )
      if (!row) return this.#earlier(own, sealed.key)
      if (content)
        await own.query('INSERT INTO bearerd.delivery_content (delivery, content) VALUES ($1, $2)', [
          ...[id, this.#rows.content(id, content)],
        ])
      await this.#parts.jobs.add(own, { id, action, lane })
      return this.#rows.record(row)!
    })
  }

  /** What was there a moment ago, by its key. */
  async #earlier(own: Transaction, key: unknown): Promise<DeliveryRecord> {
    const [row] = await own.query<Row>('SELECT * FROM bearerd.delivery WHERE caller_key = $1', [key])
    const record = row && this.#rows.record(row)
    if (record) return record
    throw new AppError('state_unavailable', 'the earlier delivery with this key was just removed, or cannot be read')
  }

  async claim({ nowMs, count, except, ordered }: ClaimLimits): Promise<Claimed> {
    const claimed = await this.#transaction(async own => {
      const { jobs } = this.#parts
      const claims = await jobs.claim(own, 'ordered', { count, except })
      if (claims.length === 0)
        claims.push(...(await jobs.claim(own, 'parallel', { count, except: [...except, ...ordered] })))
      return { claims, records: claims.length > 0 ? await this.#start(own, claims) : [] }
    })
    const { records } = claimed
    for (const claim of claimed.claims) if (records.some(({ id }) => id === claim.id)) this.#claims.set(claim.id, claim)
    return { records, nextDueMs: records.length > 0 ? nowMs : await this.#nextDue(nowMs, except) }
  }

  async #start(own: Transaction, claims: readonly Claim[]): Promise<DeliveryRecord[]> {
    const rows = await own.query<Row>(
      `UPDATE bearerd.delivery SET state = 'running', next_attempt_at = NULL WHERE id = ANY ($1::uuid[]) RETURNING *`,
      [claims.map(({ id }) => id)],
    )
    const records = rows.flatMap(row => this.#rows.record(row) ?? [])
    for (const claim of claims) if (!records.some(({ id }) => id === claim.id)) await this.#giveUp(own, claim)
    return records.sort((a, b) => a.seq - b.seq)
  }

  /** A job whose row is gone, or was changed by somebody else: nothing can be sent. */
  async #giveUp(own: Transaction, claim: Claim): Promise<void> {
    await this.#parts.jobs.park(own, claim)
    const lastError = { code: 'state_unavailable', message: 'its row in the database was changed and cannot be read' }
    const settledAtMs = this.#parts.clock.nowMs()
    const text = `UPDATE bearerd.delivery SET state = 'dead', last_error = $2, settled_at = $3 WHERE id = $1`
    await own.query(text, [claim.id, textOf(lastError), settledAtMs])
  }

  async #nextDue(nowMs: number, except: readonly string[]): Promise<number> {
    const [row] = await this.#query(
      `SELECT next_attempt_at AS at FROM bearerd.delivery WHERE key_id = $1 AND state = 'pending'
        AND next_attempt_at > $2 AND action <> ALL ($3::text[]) ORDER BY next_attempt_at LIMIT 1`,
      [this.#parts.sealing.keyId, nowMs - 2 * SOON_MS, except],
    )
    return Math.min(Math.max(Number(row?.at ?? Number.POSITIVE_INFINITY), nowMs + SOON_MS), nowMs + LOOK_AGAIN_MS)
  }

  async content(id: string): Promise<Buffer | undefined> {
    const [row] = await this.#query('SELECT content FROM bearerd.delivery_content WHERE delivery = $1', [id])
    return row && this.#rows.openContent(id, row.content as Buffer)
  }

  async progress(id: string, sent: number): Promise<void> {
    await this.#query('UPDATE bearerd.delivery SET sent = greatest(sent, $2) WHERE id = $1', [id, sent])
  }

  async settle(id: string, outcome: Outcome, attempt: AttemptRecord | undefined): Promise<boolean> {
    const claim = this.#claims.get(id)
    if (!claim) return false
    const counts = await this.#transaction(async own => {
      if (!(await this.#release(own, claim, outcome))) return false
      await this.#write(own, id, outcome)
      if (attempt) await addAttempt(own, id, attempt)
      return true
    })
    this.#claims.delete(id)
    return counts
  }

  #release(own: Transaction, claim: Claim, { state, nextAttemptAtMs }: Outcome): Promise<boolean> {
    const { jobs, clock } = this.#parts
    if (state === 'delivered') return jobs.finish(own, claim)
    if (state === 'dead') return jobs.park(own, claim)
    return jobs.putBack(own, claim, Math.max(0, (nextAttemptAtMs ?? 0) - clock.nowMs()))
  }

  async #write(own: Transaction, id: string, outcome: Outcome): Promise<void> {
    const { state, attempts, nextAttemptAtMs, lastError, settledAtMs, response } = outcome
    await own.query(
      `UPDATE bearerd.delivery SET state = $2, attempts = $3, next_attempt_at = $4, last_error = $5, settled_at = $6,
        response = $7 WHERE id = $1`,
      [
        ...[id, state, attempts, nextAttemptAtMs, textOf(lastError), settledAtMs],
        response ? this.#rows.response(id, response) : null,
      ],
    )
    if (state === 'delivered') await own.query('DELETE FROM bearerd.delivery_content WHERE delivery = $1', [id])
  }

  async get(id: string): Promise<DeliveryRecord | undefined> {
    if (!UUID.test(id)) return undefined
    const text = 'SELECT * FROM bearerd.delivery WHERE id = $1 AND key_id = $2'
    const [row] = await this.#query(text, [id, this.#parts.sealing.keyId])
    return row && this.#rows.record(row)
  }

  async attempts(id: string): Promise<AttemptRecord[]> {
    return (await this.#query(ATTEMPTS_OF, [id])).map(attemptOf)
  }

  async list({ action, state, before, limit }: ListFilter): Promise<DeliverySummary[]> {
    const text = `SELECT ${SUMMARY_COLUMNS} FROM bearerd.delivery WHERE key_id = $1 AND seq < $2
      AND ($3::text[] IS NULL OR action = ANY ($3)) AND ($4::text[] IS NULL OR state = ANY ($4)) ORDER BY seq DESC LIMIT $5`
    const values = [before ?? Number.MAX_SAFE_INTEGER, action ?? null, state ?? null, limit]
    const rows = await this.#query(text, [this.#parts.sealing.keyId, ...values])
    return rows.flatMap(row => this.#rows.summary(row) ?? [])
  }

  revive(id: string, nowMs: number): Promise<boolean> {
    return this.#transaction(async own => {
      const [row] = await own.query<{ action: string; lane: Lane }>(
        `UPDATE bearerd.delivery SET state = 'pending', attempts = 0, next_attempt_at = $2, settled_at = NULL
          WHERE id = $1 AND state = 'dead' RETURNING action, lane`,
        [id, nowMs],
      )
      if (row) await this.#parts.jobs.revive(own, { id, ...row })
      return row !== undefined
    })
  }

  remove(id: string): Promise<boolean> {
    return this.#transaction(async own => {
      const text = `DELETE FROM bearerd.delivery WHERE id = $1 AND state <> 'running' RETURNING lane`
      const [row] = await own.query<{ lane: Lane }>(text, [id])
      if (row) await this.#parts.jobs.remove(own, row.lane, id)
      return row !== undefined
    })
  }

  expedite(actions: readonly string[], nowMs: number, codes?: readonly string[]): Promise<void> {
    return this.#transaction(async own => {
      const rows = await own.query<{ id: string }>(
        `UPDATE bearerd.delivery SET next_attempt_at = $2 WHERE key_id = $1 AND state = 'pending' AND action = ANY ($3::text[])
          AND ($4::text[] IS NULL OR last_error ->> 'code' = ANY ($4)) RETURNING id`,
        [this.#parts.sealing.keyId, nowMs, actions, codes ?? null],
      )
      await this.#parts.jobs.hurry(
        own,
        rows.map(({ id }) => id),
      )
    })
  }

  async arrange(order: Order, nowMs: number): Promise<void> {
    for (const lane of ['ordered', 'parallel'] as const) {
      const rows = await this.#query(
        `SELECT id, action FROM bearerd.delivery WHERE key_id = $1 AND state = 'pending' AND lane <> $2
          AND action = ANY ($3::text[]) ORDER BY seq`,
        [this.#parts.sealing.keyId, lane, order[lane]],
      )
      // Each for itself: a job is in line by the time of its transaction.
      for (const { id, action } of rows) await this.#move({ id: String(id), action: String(action), lane }, nowMs)
    }
  }

  #move(job: { id: string; action: string; lane: Lane }, nowMs: number): Promise<void> {
    return this.#transaction(async own => {
      const text = `UPDATE bearerd.delivery SET lane = $2, next_attempt_at = $3
        WHERE id = $1 AND state = 'pending' AND lane <> $2 RETURNING seq`
      const rows = await own.query(text, [job.id, job.lane, nowMs])
      if (rows.length === 0) return
      await this.#parts.jobs.remove(own, laneOf(job.lane !== 'ordered'), job.id)
      await this.#parts.jobs.add(own, job)
    })
  }

  async settledBefore(atMs: number): Promise<string[]> {
    const text = `SELECT id FROM bearerd.delivery WHERE state = 'delivered' AND settled_at < $1 ORDER BY settled_at LIMIT 1000`
    return (await this.#query(text, [atMs])).map(({ id }) => String(id))
  }

  async openAmong(ids: readonly string[]): Promise<string[]> {
    const text = `SELECT id FROM bearerd.delivery WHERE id = ANY ($1::uuid[]) AND state IN ('pending', 'running')`
    return (await this.#query(text, [ids])).map(({ id }) => String(id))
  }

  async undeliveredAmong(ids: readonly string[]): Promise<string[]> {
    const text = `SELECT id FROM bearerd.delivery WHERE id = ANY ($1::uuid[]) AND state <> 'delivered'`
    return (await this.#query(text, [ids.filter(id => UUID.test(id))])).map(({ id }) => String(id))
  }

  async counts(): Promise<Map<string, number>> {
    const text = `SELECT action, count(*) AS n FROM bearerd.delivery WHERE key_id = $1 AND state IN ('pending', 'running') GROUP BY action`
    const rows = await this.#query(text, [this.#parts.sealing.keyId])
    return new Map(rows.map(({ action, n }) => [String(action), Number(n)]))
  }

  async storedBytes(): Promise<number> {
    const text = `SELECT coalesce(sum(bytes), 0) AS bytes FROM bearerd.delivery WHERE state <> 'delivered'`
    return Number((await this.#query(text))[0]!.bytes)
  }

  async agree(name: string, value: string): Promise<string> {
    await this.#query('INSERT INTO bearerd.setting (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING', [name, value])
    const [row] = await this.#query('SELECT value FROM bearerd.setting WHERE name = $1', [name])
    return String(row?.value)
  }

  async close(): Promise<void> {
    this.#endKeepingAlive()
    await this.#parts.jobs.close().catch(() => undefined)
  }
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

const laneOf = (ordered: boolean): Lane => (ordered ? 'ordered' : 'parallel')
