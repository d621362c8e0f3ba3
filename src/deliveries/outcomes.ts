// What an attempt makes of a delivery: delivered, dead, or waiting for the next one.
import type { DeliveryProblem, DeliveryRecord, Outcome } from './queue/delivery-queue.ts'
import type { DeliveredRequest } from './send-delivery.ts'

/** Nothing was sent: there was no credential. No attempt is counted. */
export const ACCOUNT_CODES = [
  ...['token_timeout', 'token_unreachable', 'token_refused', 'token_invalid_response', 'token_redirect'],
  ...['discovery_failed', 'secret_unavailable', 'no_configuration', 'state_unavailable'],
]

export function waiting(record: DeliveryRecord): Outcome {
  const { attempts, lastError } = record
  return { state: 'pending', attempts, lastError, nextAttemptAtMs: null, settledAtMs: null }
}

export function deliveredOutcome(
  record: DeliveryRecord,
  delivered: DeliveredRequest | undefined,
  nowMs: number,
): Outcome {
  const response = delivered?.response
  const attempts = record.attempts + 1
  return {
    state: 'delivered',
    attempts,
    lastError: null,
    nextAttemptAtMs: null,
    settledAtMs: nowMs,
    ...(response && { response }),
  }
}

export function dead(record: DeliveryRecord, lastError: DeliveryProblem, nowMs: number, made = 1): Outcome {
  return { state: 'dead', attempts: record.attempts + made, lastError, nextAttemptAtMs: null, settledAtMs: nowMs }
}
