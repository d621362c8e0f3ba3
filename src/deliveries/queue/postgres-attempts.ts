// The table of attempts, and the JSON of problems.
import type { Transaction } from '../../runtime/state/postgres.ts'
import type { AttemptRecord } from './delivery-queue.ts'
import type { Row } from './sealed-rows.ts'

/** Of a delivery that fails for days, the last ones are kept. */
const MAX_ATTEMPTS_KEPT = 100

/** Of a column of type int. */
const MAX_INT = 2 ** 31 - 1

export const ATTEMPTS_OF = 'SELECT * FROM bearerd.attempt WHERE delivery = $1 ORDER BY n'

export function attemptOf({ at, duration, status, problem }: Row): AttemptRecord {
  return {
    atMs: Number(at),
    durationMs: Number(duration),
    ...(status !== null && { status: Number(status) }),
    ...(problem !== null && { problem: problem as NonNullable<AttemptRecord['problem']> }),
  }
}

export async function addAttempt(own: Transaction, id: string, attempt: AttemptRecord): Promise<void> {
  const { atMs, durationMs, status, problem } = attempt
  await own.query('INSERT INTO bearerd.attempt (delivery, at, duration, status, problem) VALUES ($1, $2, $3, $4, $5)', [
    ...[id, atMs, Math.min(Math.round(durationMs), MAX_INT), status ?? null, textOf(problem ?? null)],
  ])
  await own.query(
    'DELETE FROM bearerd.attempt WHERE delivery = $1 AND n <= (SELECT n FROM bearerd.attempt WHERE delivery = $1 ORDER BY n DESC LIMIT 1 OFFSET $2)',
    [id, MAX_ATTEMPTS_KEPT],
  )
}

export function textOf(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value)
}

/** PostgreSQL itself fails on JSON in which some text holds NUL, or half a character. */
export const CODE_OF_LAST_ERROR = `substring(last_error::text FROM '"code":"([a-z_]+)"')`
