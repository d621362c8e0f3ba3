// The queue that all replicas share: rows say what a delivery is and what became of it, jobs say who sends it when. What is
// changed together is one transaction.
import type { Clock } from '../../base/clock.ts'
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
import { type Claim, type Job, type Jobs, type Lane, laneOf, repeat } from './jobs.ts'
import { ATTEMPTS_OF, addAttempt, attemptOf, CODE_OF_LAST_ERROR, textOf } from './postgres-attempts.ts'
import { createIntake } from './postgres-intake.ts'
import { COUNTS, PLACES } from './postgres-waiting.ts'
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
  readonly #add: DeliveryQueue['add']
  readonly #claims = new Map<string, Claim>()
  readonly #endKeepingAlive: () => void

  constructor(parts: PostgresQueueParts) {
    this.#parts = parts
    this.#rows = createSealedRows(parts.sealing)
    this.#add = createIntake({ ...parts, rows: this.#rows })
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

  add(job: DeliveryJob, options: AddOptions): Promise<DeliveryRecord> {
    return this.#add(job, options)
  }

  async claim({ nowMs, count, except, ordered }: ClaimLimits): Promise<Claimed> {
    const places = (await this.#places(nowMs)).filter(({ action }) => !except.includes(action))
    const claimed = await this.#claimIn(new Set(places.map(({ lane }) => lane)), { count, except, ordered })
    const { records } = claimed
    for (const claim of claimed.claims) if (records.some(({ id }) => id === claim.id)) this.#claims.set(claim.id, claim)
    const nextMs = Math.min(...places.map(({ at }) => Number(at ?? Number.POSITIVE_INFINITY)))
    const soonMs = Math.min(Math.max(nextMs, nowMs + SOON_MS), nowMs + LOOK_AGAIN_MS)
    return { records, nextDueMs: records.length > 0 ? nowMs : soonMs }
  }

  /** What waits, by lane and action, and when the next of it is due. The jobs are asked only where something waits. */
  #places(nowMs: number): Promise<{ lane: Lane; action: string; at: string | null }[]> {
    const { database, sealing } = this.#parts
    return database.query(PLACES, [sealing.keyId, nowMs - 2 * SOON_MS, [...this.#claims.keys()]])
  }

  async #claimIn(lanes: ReadonlySet<Lane>, { count, except, ordered }: Omit<ClaimLimits, 'nowMs'>) {
    if (lanes.size === 0) return { claims: [], records: [] }
    return this.#transaction(async own => {
      const { jobs } = this.#parts
      const claims = lanes.has('ordered') ? await jobs.claim(own, 'ordered', { count, except }) : []
      if (claims.length === 0 && lanes.has('parallel'))
        claims.push(...(await jobs.claim(own, 'parallel', { count, except: [...except, ...ordered] })))
      return { claims, records: claims.length > 0 ? await this.#start(own, claims) : [] }
    })
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
          AND ($4::text[] IS NULL OR ${CODE_OF_LAST_ERROR} = ANY ($4)) RETURNING id`,
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
        `SELECT id, action FROM bearerd.delivery WHERE key_id = $1 AND state = 'pending' AND lane = $2
          AND action = ANY ($3::text[]) ORDER BY seq`,
        [this.#parts.sealing.keyId, laneOf(lane !== 'ordered'), order[lane]],
      )
      // Each for itself: a job is in line by the time of its transaction.
      for (const { id, action } of rows) await this.#move({ id: String(id), action: String(action), lane }, nowMs)
    }
  }

  #move(job: Job, nowMs: number): Promise<void> {
    return this.#transaction(async own => {
      const text = `UPDATE bearerd.delivery SET lane = $2, next_attempt_at = $3
        WHERE id = $1 AND state = 'pending' AND lane <> $2 RETURNING seq`
      const rows = await own.query(text, [job.id, job.lane, nowMs])
      if (rows.length === 0) return
      await this.#parts.jobs.remove(own, laneOf(job.lane !== 'ordered'), job.id)
      await this.#parts.jobs.add(own, [job])
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
    const rows = await this.#query(COUNTS, [this.#parts.sealing.keyId])
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
