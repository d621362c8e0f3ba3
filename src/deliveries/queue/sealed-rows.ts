// What a delivery holds -> columns that only the fleet's key opens, and back. What says how it goes stays readable.
import { Secret } from '../../base/secret.ts'
import type { Sealing } from '../../runtime/state/sealing.ts'
import type { DeliveryJob } from '../delivery.ts'
import type { DeliveryRecord, DeliveryState, DeliverySummary } from './delivery-queue.ts'

export type Row = Record<string, unknown>

export interface SealedRows {
  facts(job: Pick<DeliveryJob, 'id' | 'params' | 'files'>): Buffer
  input(job: Pick<DeliveryJob, 'id' | 'input'>): Buffer
  response(id: string, response: NonNullable<DeliveryRecord['response']>): Buffer
  content(id: string, content: Buffer): Buffer
  /** Equal for equal keys. */
  key(text: string): Buffer
  openContent(id: string, sealed: Buffer): Buffer | undefined
  /** Of a row with all columns. Undefined for one that was changed. */
  record(row: Row): DeliveryRecord | undefined
  /** Of a row with all columns but `input` and `response`. */
  summary(row: Row): DeliverySummary | undefined
}

export const SUMMARY_COLUMNS =
  'seq, id, action, state, attempts, sent, created_at, next_attempt_at, settled_at, last_error, facts'

/** What is sealed in one column of one row does not open in another. */
const place = (column: string, id: string): string => `delivery ${column} ${id}`

export function createSealedRows(sealing: Sealing): SealedRows {
  const seal = (column: string, id: string, value: unknown) =>
    sealing.sealBytes(Buffer.from(JSON.stringify(value)), place(column, id))
  const open = <Value>(column: string, row: Row): Value | undefined => {
    const bytes = sealing.openBytes(row[column] as Buffer, place(column, String(row.id)))
    return bytes && (JSON.parse(bytes.toString('utf8')) as Value)
  }
  const summary = (row: Row): DeliverySummary | undefined => {
    const facts = open<Pick<DeliveryJob, 'params' | 'files'>>('facts', row)
    return facts && { ...readableOf(row), ...facts }
  }
  return {
    facts: ({ id, params, files }) => seal('facts', id, { params, files }),
    // A value that JSON cannot say, such as none at all, is said as no member.
    input: ({ id, input }) => seal('input', id, { input }),
    response: (id, { body, ...head }) => seal('response', id, { ...head, body: body.toString('base64') }),
    key: text => sealing.name(new Secret(text)),
    content: (id, content) => sealing.sealBytes(content, place('content', id)),
    openContent: (id, sealed) => sealing.openBytes(sealed, place('content', id)),
    summary,
    record(row) {
      const known = summary(row)
      const given = open<Pick<DeliveryJob, 'input'>>('input', row)
      if (!known || !given) return undefined
      const kept =
        row.response === null ? undefined : open<{ status: number; cut: boolean; body: string }>('response', row)
      const response = kept ? { ...kept, body: Buffer.from(kept.body, 'base64') } : null
      return { ...known, input: given.input, response }
    },
  }
}

function readableOf(row: Row): Omit<DeliverySummary, 'params' | 'files'> {
  const number = (value: unknown) => (value === null ? null : Number(value))
  return {
    seq: Number(row.seq),
    id: String(row.id),
    action: String(row.action),
    state: String(row.state) as DeliveryState,
    attempts: Number(row.attempts),
    sent: Number(row.sent),
    createdAtMs: Number(row.created_at),
    nextAttemptAtMs: number(row.next_attempt_at),
    settledAtMs: number(row.settled_at),
    lastError: row.last_error as DeliverySummary['lastError'],
  }
}
