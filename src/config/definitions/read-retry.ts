// Written `retry` of a service that the schema accepted -> its rule, defaults filled in.
import { parseDuration } from '../../base/duration.ts'
import type { RetryRule } from '../model/model.ts'
import type { RawRetry } from './raw.ts'

const DEFAULT_ON: NonNullable<RawRetry['on']> = ['connection', 429, 502, 503, 504]
const DEFAULT_MAX_DELAY_MS = 10_000

export function readRetry({ attempts = 3, on = DEFAULT_ON, maxDelay = '' }: RawRetry): RetryRule {
  return {
    attempts,
    statuses: on.filter(when => typeof when === 'number'),
    connection: on.includes('connection'),
    maxDelayMs: parseDuration(maxDelay) ?? DEFAULT_MAX_DELAY_MS,
  }
}
