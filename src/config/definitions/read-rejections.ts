// Written `reauthenticateOn` that the schema accepted -> rules in the product's own words.
import { parseDuration } from '../../base/duration.ts'
import type { RejectionRule } from '../model/model.ts'
import type { RawRejection } from './raw.ts'

export const DEFAULT_REJECTIONS: readonly RejectionRule[] = [{ statuses: [401] }]

export function readRejections(raw: RawRejection | RawRejection[]): RejectionRule[] {
  return (Array.isArray(raw) ? raw : [raw]).map(({ status, at, equals, minAge }) => {
    const minAgeMs = parseDuration(minAge ?? '')
    return {
      statuses: status,
      ...(at !== undefined && { member: { at, ...(equals !== undefined && { equals }) } }),
      ...(minAgeMs !== undefined && { minAgeMs }),
    }
  })
}
