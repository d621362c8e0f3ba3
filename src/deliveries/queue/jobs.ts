// The door of pg-boss: which delivery may be sent now, who sends it, and that another replica takes over when its heartbeat
// ends. A job has the id of its delivery and no content of its own; what belongs together is done in one transaction.
import { systemClock } from '../../base/clock.ts'
import { AppError, systemErrorCode } from '../../base/error.ts'
import type { Log } from '../../base/log.ts'
import type { Database } from '../../runtime/state/database.ts'
import type { Transaction } from '../../runtime/state/postgres.ts'

/** `ordered`: one at a time of each action, the oldest first. */
export type Lane = 'parallel' | 'ordered'

/** The right to send a delivery; it ends when another replica has taken the delivery over. */
export interface Claim {
  id: string
  retryCount: number
  lane: Lane
}

/** Of a delivery that is to be sent. */
export interface Job {
  id: string
  action: string
  lane: Lane
}

export const laneOf = (ordered: boolean): Lane => (ordered ? 'ordered' : 'parallel')

export interface Jobs {
  /** Those of one call are in line as they are given. */
  add(own: Transaction, jobs: readonly Job[]): Promise<void>
  /** They are this replica's from now on, as long as it says so. */
  claim(own: Transaction, lane: Lane, limits: { count: number; except: readonly string[] }): Promise<Claim[]>
  /** Each is false when the claim has ended: nothing was changed then. */
  putBack(own: Transaction, claim: Claim, delayMs: number): Promise<boolean>
  finish(own: Transaction, claim: Claim): Promise<boolean>
  /** Kept, and not sent before it is revived. */
  park(own: Transaction, claim: Claim): Promise<boolean>
  revive(own: Transaction, job: Job): Promise<void>
  remove(own: Transaction, lane: Lane, id: string): Promise<void>
  /** Those of these that wait are due. */
  hurry(own: Transaction, ids: readonly string[]): Promise<void>
  /** These claims go on. */
  keepAlive(claims: readonly Claim[]): Promise<void>
  close(): Promise<void>
}

export interface JobsParts {
  database: Database
  /** Jobs of another key are not seen: nobody here could read their content. */
  keyId: string
  log: Log
}

const LANES = ['parallel', 'ordered'] as const satisfies Lane[]

export const JOBS_SCHEMA = 'bearerd_jobs'
const LOCK = 7_117_002
/** Together with the pause between two looks this stays below 60 s. */
const HEARTBEAT_S = 20
const SUPERVISE_S = 10
export const KEEP_ALIVE_MS = 5_000

/** What ends a delivery is decided by its action; pg-boss only carries on. */
const QUEUE_OPTIONS = {
  heartbeatSeconds: HEARTBEAT_S,
  retryLimit: 2_000_000_000,
  retryDelay: 0,
  retentionSeconds: 10 * 365 * 86_400,
  deleteAfterSeconds: 0,
}
/** However long an attempt takes: who sends it says so. pg-boss itself takes no more than a day for it. */
const NEVER_EXPIRES = `UPDATE ${JOBS_SCHEMA}.queue SET expire_seconds = 2000000000 WHERE name = ANY ($1::text[])`

/** The package changes one at a time, or all of an action. */
const DUE_NOW = `UPDATE ${JOBS_SCHEMA}.job SET start_after = now() WHERE name = ANY ($1::text[]) AND id = ANY ($2::uuid[])
  AND state < 'active'`

/** The package gives those of one transaction the same time. */
const IN_LINE = `UPDATE ${JOBS_SCHEMA}.job SET created_on = created_on + n * interval '1 microsecond'
  FROM unnest($2::uuid[]) WITH ORDINALITY AS line (added, n) WHERE name = $1 AND id = added`

/** Rejects with AppError `state_unavailable`. Several that open at once wait for each other, and its tables are made once. */
export async function openJobs({ database, keyId, log }: JobsParts): Promise<Jobs> {
  const { PgBoss } = await import('pg-boss')
  const boss = new PgBoss({
    db: { executeSql: database.execute },
    schema: JOBS_SCHEMA,
    schedule: false,
    registerInstance: false,
    superviseIntervalSeconds: SUPERVISE_S,
    monitorIntervalSeconds: SUPERVISE_S,
    openTelemetry: { enabled: false },
  })
  boss.on('error', error => {
    if (!(error instanceof AppError)) log.debug({ code: systemErrorCode(error) }, 'maintenance of the jobs failed')
  })
  const close = () => boss.stop({ graceful: false, close: false })
  try {
    // pg-boss alone fails now and then when several make its schema at once.
    await database.transaction(async own => {
      await own.query('SELECT pg_advisory_xact_lock($1)', [LOCK])
      await boss.start()
      await boss.createQueue(queueOf('parallel', keyId), QUEUE_OPTIONS)
      await boss.createQueue(queueOf('ordered', keyId), { ...QUEUE_OPTIONS, policy: 'key_strict_fifo' })
      await own.query(NEVER_EXPIRES, [LANES.map(lane => queueOf(lane, keyId))])
    })
  } catch (error) {
    await close().catch(() => undefined)
    throw error
  }
  return createJobs(boss, lane => queueOf(lane, keyId), close)
}

const queueOf = (lane: Lane, keyId: string): string => `${lane}-${keyId}`

type Boss = InstanceType<typeof import('pg-boss').PgBoss>

/** What the package answers and does not declare. */
const changed = (response: object): boolean => (response as { affected: number }).affected > 0

function createJobs(boss: Boss, queueOf: (lane: Lane) => string, close: () => Promise<void>): Jobs {
  const within = ({ execute }: Transaction) => ({ db: { executeSql: execute } })
  const addTo = async (own: Transaction, lane: Lane, jobs: readonly Job[]): Promise<void> => {
    if (jobs.length === 0) return
    const given = jobs.map(({ id, action }) => ({ id, singletonKey: action, group: { id: action } }))
    await boss.insert(queueOf(lane), given, within(own))
    if (lane === 'ordered' && jobs.length > 1) await own.query(IN_LINE, [queueOf(lane), jobs.map(({ id }) => id)])
  }
  const add: Jobs['add'] = async (own, jobs) => {
    for (const lane of LANES)
      await addTo(
        own,
        lane,
        jobs.filter(job => job.lane === lane),
      )
  }
  return {
    add,
    async claim(own, lane, { count, except }) {
      const options = { batchSize: count, ignoreGroups: [...except], ...within(own) }
      const jobs = await boss.fetch(queueOf(lane), options)
      return jobs.map(({ id, retryCount }) => ({ id, retryCount, lane }))
    },
    async putBack(own, claim, delayMs) {
      const queue = queueOf(claim.lane)
      if (!changed(await boss.fail(queue, attemptOf(claim), null, within(own)))) return false
      await boss.update(queue, undefined, { id: claim.id, startAfter: delayMs / 1000, ...within(own) })
      return true
    },
    finish: async (own, claim) => changed(await boss.deleteJob(queueOf(claim.lane), attemptOf(claim), within(own))),
    park: async (own, claim) => changed(await boss.cancel(queueOf(claim.lane), attemptOf(claim), within(own))),
    async revive(own, job) {
      if (!changed(await boss.resume(queueOf(job.lane), job.id, within(own)))) await add(own, [job])
    },
    async remove(own, lane, id) {
      await boss.deleteJob(queueOf(lane), id, within(own))
    },
    async hurry(own, ids) {
      if (ids.length > 0) await own.query(DUE_NOW, [LANES.map(queueOf), ids])
    },
    async keepAlive(claims) {
      for (const lane of LANES) {
        const own = claims.filter(claim => claim.lane === lane).map(attemptOf)
        if (own.length > 0) await boss.touch(queueOf(lane), own)
      }
    },
    close,
  }
}

const attemptOf = ({ id, retryCount }: Claim) => ({ id, retryCount })

/** Calls again and again until it is ended. Other processes do not live by our clock, so real time counts here. */
export function repeat(work: () => Promise<void>): () => void {
  let cancel = () => {}
  let ended = false
  const later = (): void => {
    cancel = systemClock.schedule(KEEP_ALIVE_MS, () => void work().then(next, next))
  }
  const next = (): void => {
    if (!ended) later()
  }
  later()
  return () => {
    ended = true
    cancel()
  }
}
