// Tokens by their identity: accounts that are equal, the values of their secrets included, share one request and its answer,
// whatever their secrets are called and wherever they are written.
import { type Clock, elapsedMs, type Moment } from '../../base/clock.ts'
import type { Secret } from '../../base/secret.ts'
import type { PickedBearer } from '../../compile/plan.ts'
import { renewalMargin } from './renewal-margin.ts'

/** A token, and when the answer came that it was in: its life begins then. */
export interface Issued {
  picked: PickedBearer
  since: Moment
}

/** What was fetched, and the identity that it belongs to: a secret may have changed while it was asked for. */
export interface Fresh extends Issued {
  identity: string
}

export interface TokenPool {
  /** The token that is there, unless it is the one that the asker holds or due for renewal; else fetched, once for all who ask meanwhile. */
  take(identity: string, held: Secret | undefined, fetch: () => Promise<Fresh>): Promise<Issued>
  /** It was refused, or is to be forgotten. */
  drop(bearer: Secret): void
}

/** An identity without a user leaves with time. */
const MAX_ENTRIES = 10_000

export function createTokenPool(clock: Clock): TokenPool {
  const entries = new Map<string, Issued>()
  const flights = new Map<string, Promise<Fresh>>()
  const put = ({ identity, ...issued }: Fresh) => {
    entries.delete(identity)
    entries.set(identity, issued)
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
      if (entry && bearer !== held && elapsedMs(clock, entry.since) < lifeMs - renewalMargin(lifeMs)) return entry
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
