// Rows of the SQLite queue <-> deliveries.
import type { SQLInputValue } from 'node:sqlite'
import type { DeliveryJob } from '../delivery.ts'
import type { DeliveryRecord, DeliveryState } from './delivery-queue.ts'

export type Row = Record<string, SQLInputValue>

export function textOf(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value)
}

export function recordOf(row: Row): DeliveryRecord {
  const { params, input, files } = JSON.parse(String(row.job)) as Pick<DeliveryJob, 'params' | 'input' | 'files'>
  const number = (value: SQLInputValue | undefined) => (value === null ? null : Number(value))
  const response = row.response === null ? null : JSON.parse(String(row.response))
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
    lastError: row.last_error === null ? null : JSON.parse(String(row.last_error)),
    response: response && { ...response, body: Buffer.from((row.response_body ?? []) as Uint8Array) },
  }
}
