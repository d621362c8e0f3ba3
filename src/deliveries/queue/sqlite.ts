// The queue in one SQLite file (WAL, synchronous FULL), held by one process at a time. What ran when a process was killed is
// pending again when the next one opens it.
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { AppError } from '../../base/error.ts'
import type { DeliveryJob } from '../delivery.ts'
import type {
  AddOptions,
  AttemptRecord,
  Claimed,
  ClaimLimits,
  DeliveryQueue,
  DeliveryRecord,
  DeliveryState,
  ListFilter,
  Outcome,
} from './delivery-queue.ts'
import { createGroupCommit } from './group-commit.ts'
import { type Row, recordOf, textOf } from './sqlite-rows.ts'
import { ADD_KEYS, COUNTS, FIRST_OF_EACH, HAS_KEYS, SCHEMA } from './sqlite-schema.ts'

/** Of a delivery that fails for days, the last ones are kept. */
const MAX_ATTEMPTS_KEPT = 100

const SQLITE_BUSY = 5
const SQLITE_FULL = 13
const SQLITE_IOERR = 10

/** Throws AppError `state_unavailable` for a file that cannot be used, or that another process holds. */
export function openSqliteQueue(path: string): DeliveryQueue {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const database = new DatabaseSync(path)
    database.exec(SCHEMA)
    if (!database.prepare(HAS_KEYS).get()) database.exec(ADD_KEYS)
    return new SqliteQueue(database)
  } catch (error) {
    const held = (error as { errcode?: number }).errcode === SQLITE_BUSY
    const reason = held ? 'another bearerd uses it' : `it cannot be used: ${(error as Error).message}`
    throw new AppError('state_unavailable', `the queue of deliveries ${path}: ${reason}; see \`daemon.state.dir\``)
  }
}

class SqliteQueue implements DeliveryQueue {
  readonly shared = false
  readonly #database: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()
  readonly #group = createGroupCommit(work => this.#transaction(work))

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  /** Prepared once for each text. */
  #sql(text: string): StatementSync {
    let statement = this.#statements.get(text)
    if (!statement) {
      statement = this.#database.prepare(text)
      this.#statements.set(text, statement)
    }
    return statement
  }

  #all(text: string, ...values: SQLInputValue[]): Row[] {
    return this.#sql(text).all(...values) as Row[]
  }

  #run(text: string, ...values: SQLInputValue[]): number {
    try {
      return Number(this.#sql(text).run(...values).changes)
    } catch (error) {
      throw storageError(error)
    }
  }

  #transaction<T>(work: () => T): T {
    try {
      this.#database.exec('BEGIN IMMEDIATE')
      const result = work()
      this.#database.exec('COMMIT')
      return result
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      throw storageError(error)
    }
  }

  add(job: DeliveryJob, { key }: AddOptions): Promise<DeliveryRecord> {
    const { id, action, createdAtMs, params, input, files } = job
    return this.#group.commit(() => {
      const [earlier] = key === undefined ? [] : this.#all('SELECT * FROM deliveries WHERE caller_key = ?', key)
      if (earlier) return recordOf(earlier)
      const [row] = this.#all(
        "INSERT INTO deliveries (id, action, state, created_at, next_attempt_at, job, caller_key) VALUES (?, ?, 'pending', ?, ?, ?, ?) RETURNING *",
        ...[id, action, createdAtMs, createdAtMs, JSON.stringify({ params, input, files }), key ?? null],
      )
      return recordOf(row!)
    })
  }

  /** Files are in the folder. */
  async content(): Promise<undefined> {}

  async agree(_name: string, value: string): Promise<string> {
    return value
  }

  /** `claim` is told. */
  async arrange(): Promise<void> {}

  async claim({ nowMs, count, except, ordered }: ClaimLimits): Promise<Claimed> {
    const due = this.#all(FIRST_OF_EACH, count + 1, JSON.stringify([...except, ...ordered]))
    const heads = ordered.filter(action => !except.includes(action)).flatMap(action => this.#head(action))
    const rows = [...due, ...heads]
    const ready = rows.filter(row => Number(row.next_attempt_at) <= nowMs).slice(0, count)
    if (ready.length > 0) this.#start(ready)
    const rest = rows.filter(row => !ready.includes(row)).map(row => Number(row.next_attempt_at))
    const nextDueMs = rest.length > 0 ? Math.min(...rest) : undefined
    const records = ready.map(row => ({ ...recordOf(row), state: 'running' as const, nextAttemptAtMs: null }))
    return { records, ...(nextDueMs !== undefined && { nextDueMs }) }
  }

  /** The oldest open delivery of an action, unless one runs. */
  #head(action: string): Row[] {
    const first = (state: DeliveryState) =>
      this.#all('SELECT * FROM deliveries WHERE action = ? AND state = ? ORDER BY seq LIMIT 1', action, state)
    return first('running').length > 0 ? [] : first('pending')
  }

  #start(rows: readonly Row[]): void {
    this.#lightly(() => {
      for (const { seq } of rows)
        this.#run("UPDATE deliveries SET state = 'running', next_attempt_at = NULL WHERE seq = ?", seq!)
    })
  }

  /** Not waited for by the disk: what runs is pending after a crash anyway. */
  #lightly(work: () => void): void {
    this.#database.exec('PRAGMA synchronous = NORMAL')
    try {
      this.#transaction(work)
    } finally {
      this.#database.exec('PRAGMA synchronous = FULL')
    }
  }

  async progress(id: string, sent: number): Promise<void> {
    await this.#group.commit(() => this.#run('UPDATE deliveries SET sent = ? WHERE id = ?', sent, id))
  }

  async settle(id: string, outcome: Outcome, attempt: AttemptRecord | undefined): Promise<boolean> {
    const { state, attempts, nextAttemptAtMs, lastError, settledAtMs, response } = outcome
    const write = () => {
      if (attempt) this.#addAttempt(id, attempt)
      const { body = null, ...head } = response ?? {}
      this.#run(
        'UPDATE deliveries SET state = ?, attempts = ?, next_attempt_at = ?, last_error = ?, settled_at = ?, response = ?, response_body = ? WHERE id = ?',
        ...[state, attempts, nextAttemptAtMs, textOf(lastError), settledAtMs, response ? textOf(head) : null, body, id],
      )
    }
    if (state === 'pending' && !attempt) this.#lightly(write)
    else await this.#group.commit(write)
    return true
  }

  #addAttempt(id: string, { atMs, durationMs, status, problem }: AttemptRecord): void {
    this.#run(
      'INSERT INTO attempts (delivery, at, duration, status, problem) VALUES (?, ?, ?, ?, ?)',
      ...[id, atMs, Math.round(durationMs), status ?? null, textOf(problem ?? null)],
    )
    this.#run(
      'DELETE FROM attempts WHERE delivery = ? AND rowid <= (SELECT rowid FROM attempts WHERE delivery = ? ORDER BY rowid DESC LIMIT 1 OFFSET ?)',
      ...[id, id, MAX_ATTEMPTS_KEPT],
    )
  }

  async get(id: string): Promise<DeliveryRecord | undefined> {
    const [row] = this.#all('SELECT * FROM deliveries WHERE id = ?', id)
    return row && recordOf(row)
  }

  async attempts(id: string): Promise<AttemptRecord[]> {
    return this.#all('SELECT * FROM attempts WHERE delivery = ? ORDER BY rowid', id).map(row => ({
      atMs: Number(row.at),
      durationMs: Number(row.duration),
      ...(row.status !== null && { status: Number(row.status) }),
      ...(row.problem !== null && { problem: JSON.parse(String(row.problem)) }),
    }))
  }

  async list({ action, state, before, limit }: ListFilter): Promise<DeliveryRecord[]> {
    const conditions = ['seq < ?']
    const values: SQLInputValue[] = [before ?? Number.MAX_SAFE_INTEGER]
    for (const [column, wanted] of [
      ['action', action],
      ['state', state],
    ] as const) {
      if (!wanted) continue
      conditions.push(`${column} IN (${wanted.map(() => '?').join(',')})`)
      values.push(...wanted)
    }
    const text = `SELECT * FROM deliveries WHERE ${conditions.join(' AND ')} ORDER BY seq DESC LIMIT ?`
    return this.#all(text, ...values, limit).map(recordOf)
  }

  async revive(id: string, nowMs: number): Promise<boolean> {
    const text =
      "UPDATE deliveries SET state = 'pending', attempts = 0, next_attempt_at = ?, settled_at = NULL WHERE id = ? AND state = 'dead'"
    return this.#run(text, nowMs, id) > 0
  }

  async remove(id: string): Promise<boolean> {
    return this.#transaction(() => {
      const removed = this.#run("DELETE FROM deliveries WHERE id = ? AND state <> 'running'", id) > 0
      if (removed) this.#run('DELETE FROM attempts WHERE delivery = ?', id)
      return removed
    })
  }

  async expedite(actions: readonly string[], nowMs: number, codes?: readonly string[]): Promise<void> {
    const text = `UPDATE deliveries SET next_attempt_at = ?1 WHERE state = 'pending' AND next_attempt_at > ?1
      AND action IN (SELECT value FROM json_each(?2))
      AND (?3 IS NULL OR last_error ->> 'code' IN (SELECT value FROM json_each(?3)))`
    this.#run(text, nowMs, JSON.stringify(actions), codes ? JSON.stringify(codes) : null)
  }

  async settledBefore(atMs: number): Promise<string[]> {
    const text = "SELECT id FROM deliveries WHERE state = 'delivered' AND settled_at < ? ORDER BY settled_at LIMIT 1000"
    return this.#all(text, atMs).map(({ id }) => String(id))
  }

  async counts(): Promise<Map<string, number>> {
    return new Map(this.#all(COUNTS).map(({ action, n }) => [String(action), Number(n)]))
  }

  async openAmong(ids: readonly string[]): Promise<string[]> {
    return this.#among(ids, "state IN ('pending', 'running')")
  }

  async undeliveredAmong(ids: readonly string[]): Promise<string[]> {
    return this.#among(ids, "state <> 'delivered'")
  }

  #among(ids: readonly string[], condition: string): string[] {
    const text = `SELECT id FROM deliveries WHERE ${condition} AND id IN (SELECT value FROM json_each(?))`
    return this.#all(text, JSON.stringify(ids)).map(({ id }) => String(id))
  }

  async storedBytes(): Promise<number> {
    const text = `SELECT coalesce(sum(file.value ->> 'size'), 0) AS bytes
      FROM deliveries, json_each(job, '$.files') AS file WHERE state <> 'delivered'`
    return Number(this.#all(text)[0]!.bytes)
  }

  async close(): Promise<void> {
    this.#group.flush()
    this.#database.close()
  }
}

function storageError(error: unknown): unknown {
  const code = (error as { errcode?: number }).errcode ?? 0
  if (code === SQLITE_FULL || (code & 0xff) === SQLITE_IOERR)
    return new AppError('storage_full', 'the state folder is full or cannot be written to; nothing was accepted')
  return error
}
