// Tokens by their identity: accounts that are equal, the values of their secrets included, share one request and its answer,
// whatever their secrets are called and wherever they are written.
import type { Clock } from '../../base/clock.ts'
import type { Secret } from '../../base/secret.ts'
import type { PickedBearer } from '../../compile/plan.ts'
import { renewalMargin } from './renewal-margin.ts'

/** What was fetched, and the identity that it belongs to: a secret may have changed while it was asked for. */
export interface Fresh {
  picked: PickedBearer
  identity: string
  /** How old it is already, in milliseconds. */
  ageMs: number
}

/** A token, and for how long it has been there. */
export interface Issued {
  picked: PickedBearer
  ageMs: number
}

export interface TokenPool {
  /** The token that is there, unless it is the one that the asker holds or due for renewal; else fetched, once for all who ask meanwhile. */
  take(identity: string, held: Secret | undefined, fetch: () => Promise<Fresh>): Promise<Issued>
  /** It was refused, or is to be forgotten. */
  drop(bearer: Secret): void
}

interface Entry {
  picked: PickedBearer
  atMs: number
  atMonotonicMs: number
}

/** An identity without a user leaves with time. */
const MAX_ENTRIES = 10_000

export function createTokenPool(clock: Clock): TokenPool {
  const entries = new Map<string, Entry>()
  const flights = new Map<string, Promise<Fresh>>()
  const ageOf = ({ atMs, atMonotonicMs }: Entry) =>
    Math.max(clock.monotonicMs() - atMonotonicMs, clock.nowMs() - atMs, 0)
  const put = ({ identity, picked, ageMs }: Fresh) => {
    entries.delete(identity)
    entries.set(identity, { picked, atMs: clock.nowMs() - ageMs, atMonotonicMs: clock.monotonicMs() - ageMs })
    if (entries.size > MAX_ENTRIES) entries.delete(entries.keys().next().value!)
  }
  const request = async (identity: string, fetch: () => Promise<Fresh>): Promise<Issued> => {
    const flight = fetch()
    flights.set(identity, flight)
    try {
      const fresh = await flight
      put(fresh)
      return fresh
    } finally {
      flights.delete(identity)
    }
  }
  return {
    async take(identity, held, fetch) {
      const entry = entries.get(identity)
      const { bearer, lifeMs = 0 } = entry?.picked ?? {}
      const ageMs = entry ? ageOf(entry) : 0
      if (entry && bearer !== held && ageMs < lifeMs - renewalMargin(lifeMs)) return { picked: entry.picked, ageMs }
      const flight = flights.get(identity)
      if (!flight) return request(identity, fetch)
      const fresh = await flight
      return fresh.identity === identity ? fresh : request(identity, fetch)
    },
    drop(bearer) {
      for (const [identity, { picked }] of entries) if (picked.bearer === bearer) entries.delete(identity)
    },
  }
}
