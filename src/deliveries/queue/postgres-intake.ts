// What is accepted -> rows and their jobs in PostgreSQL, for all that came at the same time in one transaction.
import { AppError } from '../../base/error.ts'
import type { Database } from '../../runtime/state/database.ts'
import type { Transaction } from '../../runtime/state/postgres.ts'
import type { Sealing } from '../../runtime/state/sealing.ts'
import type { DeliveryJob } from '../delivery.ts'
import type { AddOptions, DeliveryRecord } from './delivery-queue.ts'
import { createGathering } from './gathering.ts'
import { type Jobs, laneOf } from './jobs.ts'
import type { Row, SealedRows } from './sealed-rows.ts'

export interface IntakeParts {
  database: Database
  jobs: Jobs
  sealing: Sealing
  rows: SealedRows
}

interface Given {
  job: DeliveryJob
  options: AddOptions
  key: Buffer | undefined
}

/** Deliveries in one transaction. */
const MOST = 100

/** As `DeliveryQueue.add` has it. */
export function createIntake(parts: IntakeParts) {
  const add = createGathering<Given, DeliveryRecord>(
    given => parts.database.transaction(own => addAll(parts, own, given)),
    MOST,
  )
  return (job: DeliveryJob, options: AddOptions): Promise<DeliveryRecord> =>
    add({ job, options, key: options.key === undefined ? undefined : parts.rows.key(options.key) })
}

const INSERT = `
  INSERT INTO bearerd.delivery (id, key_id, action, lane, created_at, next_attempt_at, bytes, facts, input, caller_key)
  SELECT id, $1, action, lane, at, at, bytes, facts, input, key FROM unnest($2::uuid[], $3::text[], $4::text[], $5::bigint[],
    $6::bigint[], $7::bytea[], $8::bytea[], $9::bytea[])
    WITH ORDINALITY AS given (id, action, lane, at, bytes, facts, input, key, n) ORDER BY n
  ON CONFLICT (caller_key) WHERE caller_key IS NOT NULL DO NOTHING RETURNING *`

async function addAll(
  { jobs, sealing, rows }: IntakeParts,
  own: Transaction,
  given: readonly Given[],
): Promise<(DeliveryRecord | AppError)[]> {
  const all = given.map(({ job }) => job)
  const added = await own.query<Row>(INSERT, [
    sealing.keyId,
    all.map(({ id }) => id),
    all.map(({ action }) => action),
    given.map(({ options }) => laneOf(options.ordered)),
    all.map(({ createdAtMs }) => createdAtMs),
    all.map(({ files }) => files.reduce((sum, { size }) => sum + size, 0)),
    all.map(job => rows.facts(job)),
    all.map(job => rows.input(job)),
    given.map(({ key }) => key ?? null),
  ])
  const byId = new Map(added.map(row => [String(row.id), row]))
  const fresh = given.filter(({ job }) => byId.has(job.id))
  for (const { job, options } of fresh)
    if (options.content)
      await own.query('INSERT INTO bearerd.delivery_content (delivery, content) VALUES ($1, $2)', [
        ...[job.id, rows.content(job.id, options.content)],
      ])
  await jobs.add(
    own,
    fresh.map(({ job: { id, action }, options }) => ({ id, action, lane: laneOf(options.ordered) })),
  )
  const earlier = await earlierOf(own, given, byId)
  return given.map(({ job, key }) => {
    const row = byId.get(job.id) ?? earlier.get(key?.toString('hex') ?? '')
    const record = row && rows.record(row)
    return (
      record ??
      new AppError('state_unavailable', 'the earlier delivery with this key was just removed, or cannot be read')
    )
  })
}

/** What was there a moment ago, by its key. */
async function earlierOf(
  own: Transaction,
  given: readonly Given[],
  added: ReadonlyMap<string, Row>,
): Promise<Map<string, Row>> {
  const keys = given.flatMap(({ job, key }) => (added.has(job.id) || !key ? [] : [key]))
  if (keys.length === 0) return new Map()
  const found = await own.query<Row>('SELECT * FROM bearerd.delivery WHERE caller_key = ANY ($1::bytea[])', [keys])
  return new Map(found.map(row => [(row.caller_key as Buffer).toString('hex'), row]))
}
