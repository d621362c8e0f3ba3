// The tokens that nobody needs any more, and when they are revoked: a moment after a reload removed their account, or when
// the process ends. Never one that moved to the next generation.
import type { OAuth2AccountPlan } from '../../compile/plan.ts'
import type { Generation } from '../generation.ts'
import type { AccountEffects, LiveAccount } from '../live-account.ts'
import { type Remains, revokeTokens } from './revoke-tokens.ts'

/** Requests that are on their way with a token still arrive. */
const DELAY_MS = 1_000
/** For all tokens together, when the process ends. */
const LIMIT_MS = 3_000

export interface Leaving {
  /** To be told before the old generation forgets what it holds. */
  replaced(old: Generation, next: Generation): void
  /** What waits is revoked at once, and what `on_shutdown` asks for. Resolves within three seconds. */
  ended(last: Generation | undefined): Promise<void>
}

export function createLeaving(effects: AccountEffects): Leaving {
  const waiting = new Map<Remains, () => void>()
  const running = new Set<Promise<void>>()
  const revoke = (remains: Remains) => {
    waiting.delete(remains)
    const work = revokeTokens(remains, effects, LIMIT_MS).finally(() => running.delete(work))
    running.add(work)
  }
  return {
    replaced(old, next) {
      for (const remains of removed(old, next))
        waiting.set(
          remains,
          effects.clock.schedule(DELAY_MS, () => revoke(remains)),
        )
    },
    async ended(last) {
      for (const [remains, cancel] of [...waiting]) {
        cancel()
        revoke(remains)
      }
      for (const remains of last ? ending(last) : []) revoke(remains)
      await Promise.all(running)
    },
  }
}

function removed(old: Generation, next: Generation): Remains[] {
  const staying = [...next.plan.accounts.values()]
  const identities = new Set(staying.map(({ tokenIdentity }) => tokenIdentity))
  const bearers = new Set([...next.accounts.values()].map(({ source }) => source.value?.bearer))
  return remainsOf(old, plan => plan.revoke !== 'never' && !next.accounts.has(plan.key))
    .filter(({ plan }) => !identities.has(plan.tokenIdentity))
    .map(remains => ({
      ...remains,
      bearer: bearers.has(remains.bearer) ? undefined : remains.bearer,
      staying,
    }))
}

function ending(last: Generation): Remains[] {
  return remainsOf(last, plan => plan.revoke === 'on_shutdown')
}

/** Accounts with one token leave it once. */
function remainsOf({ accounts }: Generation, isMeant: (plan: OAuth2AccountPlan) => boolean): Remains[] {
  const found = new Map<LiveAccount, Remains>()
  for (const { plan, owner } of accounts.values()) {
    if (plan.kind !== 'oauth2' || plan.needsValues || !isMeant(plan)) continue
    const { bearer, values } = owner.source.value ?? {}
    found.set(owner, { plan, bearer, values, staying: [] })
  }
  return [...found.values()]
}
