// One short text per definition, equal only for definitions that mean the same: what a reload compares.
import { createHash } from 'node:crypto'

/** Parts are texts, numbers, booleans and lists of them, never secrets. */
export function fingerprint(...parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
}
