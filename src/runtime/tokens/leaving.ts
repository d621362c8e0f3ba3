// The tokens that nobody needs any more, and when they are revoked: a moment after a reload removed their account, or when
// the process ends. Never one that the running generation has.
import type { OAuth2AccountPlan } from '../../compile/plan.ts'
import { type Generation, liveAccounts } from '../generation/generation.ts'
import type { AccountEffects, LiveAccount } from '../generation/live-account.ts'
import { type Remains, revokeTokens } from './revoke-tokens.ts'
import { createRow } from './row.ts'
import { nothingStays, type Staying, stayingIn } from './staying.ts'

/** Requests that are on their way with a token still arrive. */
const DELAY_MS = 1_000
/** For one account, and for all together when the process ends. */
const LIMIT_MS = 3_000
/** A server that has a client with many tenants must bear it. */
const AT_ONCE = 16

export interface Leaving {
  /** To be told before the old generation forgets what it holds. */
  replaced(old: Generation, next: Generation): void
  /** What waits is revoked at once, and what `on_shutdown` asks for. Resolves within three seconds. */
  ended(last: Generation | undefined): Promise<void>
}

export function createLeaving(effects: AccountEffects): Leaving {
  const { clock, log } = effects
  const row = createRow(AT_ONCE)
  const waiting = new Map<() => void, () => void>()
  let current: Generation | undefined
  let endsAtMs = Infinity
  let late = 0
  const revoke = (remains: readonly Remains[], staying: Staying) => {
    for (const one of remains)
      row.push(async () => {
        const limitMs = Math.min(LIMIT_MS, endsAtMs - clock.monotonicMs())
        if (limitMs > 0) await revokeTokens(one, { staying, effects, limitMs })
        else late++
      })
  }
  return {
    replaced(old, next) {
      current = next
      const remains = removed(old, next)
      if (remains.length === 0) return
      // The others still use what one of them removed.
      if (effects.fleet) return log.info({}, 'tokens of removed accounts are not revoked: replicas share them')
      const start = () => {
        waiting.delete(start)
        revoke(remains, stayingIn(current!, effects))
      }
      waiting.set(start, clock.schedule(DELAY_MS, start))
    },
    async ended(last) {
      endsAtMs = clock.monotonicMs() + LIMIT_MS
      for (const [start, cancel] of [...waiting]) {
        cancel()
        start()
      }
      revoke(last ? ending(last) : [], nothingStays)
      await withinLimit(row.ended(), effects)
      const accounts = late + row.waiting
      if (accounts > 0) log.warn({ accounts }, 'not revoked: the time for it was over')
    },
  }
}

/** A secret's program may take longer. */
async function withinLimit(work: Promise<void>, { clock }: AccountEffects): Promise<void> {
  const done = new AbortController()
  const limit = clock.sleep(LIMIT_MS, done.signal).catch(() => undefined)
  await Promise.race([work, limit])
  done.abort()
}

function removed(old: Generation, next: Generation): Remains[] {
  const identities = new Set([...next.plan.accounts.values()].map(({ tokenIdentity }) => tokenIdentity))
  return remainsOf(old, plan => {
    const key = plan.generalKey ?? plan.key
    const general = old.plan.accounts.get(key) ?? plan
    return plan.revoke !== 'never' && !next.accounts.has(key) && !identities.has(general.tokenIdentity)
  })
}

function ending(last: Generation): Remains[] {
  return remainsOf(last, plan => plan.revoke === 'on_shutdown')
}

/** Accounts with one token leave it once. */
function remainsOf(generation: Generation, isMeant: (plan: OAuth2AccountPlan) => boolean): Remains[] {
  const found = new Map<LiveAccount, Remains>()
  for (const { plan, owner } of liveAccounts(generation)) {
    if (plan.kind !== 'oauth2' || plan.needsValues || !isMeant(plan)) continue
    const { bearer, values } = owner.source.value ?? {}
    found.set(owner, { plan, bearer, values })
  }
  return [...found.values()]
}
