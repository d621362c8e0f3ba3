// The tokens that nobody needs any more, and when they are revoked: a moment after a reload removed their account or
// `parameterLimit` let their values go, or when the process ends. Never one that the running generation has.

import { selecting } from '../../base/grouped.ts'
import type { AccountPlan, OAuth2AccountPlan } from '../../compile/plan.ts'
import { type Generation, liveAccounts } from '../generation/generation.ts'
import type { AccountEffects, LiveAccount } from '../generation/live-account.ts'
import { type Remains, revokeTokens } from './revoke-tokens.ts'
import { createRow } from './row.ts'
import { nothingStays, type Staying, stayingIn } from './staying.ts'

/** Requests that are on their way with a token still arrive. */
const DELAY_MS = 1_000
/** For one account, and for all together when the process ends. */
const LIMIT_MS = 3_000
/** Nobody answers in less; and a timer may end a moment early, so that something always seems to be left. */
const LEAST_MS = 20
/** A server that has a client with many tenants must bear it. */
const AT_ONCE = 16

/** Of values that leave one after the other: more than these end by themselves. */
const MAX_LEFT = 200

export interface Leaving {
  /** To be told before the old generation forgets what it holds. */
  replaced(old: Generation | undefined, next: Generation): void
  /** Values that `parameterLimit` let go; to be told before their token is forgotten. */
  left(account: LiveAccount): void
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
  let left: Remains[] = []
  let tooMany = 0
  const revoke = (remains: readonly Remains[], staying: Staying) => {
    for (const one of remains)
      row.push(async () => {
        const limitMs = Math.min(LIMIT_MS, endsAtMs - clock.monotonicMs())
        if (limitMs > LEAST_MS) await revokeTokens(one, { staying, effects, limitMs })
        else late++
      })
  }
  const revokeSoon = (take: () => readonly Remains[]) => {
    const start = () => {
      waiting.delete(start)
      revoke(take(), stayingIn(current!, effects))
    }
    waiting.set(start, clock.schedule(DELAY_MS, start))
  }
  const takeLeft = () => {
    if (tooMany > 0) log.warn({ accounts: tooMany }, 'not revoked: too many left at once')
    const taken = left
    left = []
    tooMany = 0
    return taken
  }
  return {
    replaced(old, next) {
      current = next
      const remains = old ? removed(old, next) : []
      if (remains.length === 0) return
      // The others still use what one of them removed.
      if (effects.fleet) return log.info({}, 'tokens of removed accounts are not revoked: replicas share them')
      revokeSoon(() => remains)
    },
    left({ plan, source }) {
      const { bearer, values } = source.value ?? {}
      if (effects.fleet || !bearer || !leavesAlone(plan)) return
      if (left.length + tooMany === 0) revokeSoon(takeLeft)
      if (left.length + row.waiting < MAX_LEFT) left.push({ plan, bearer, values, keepsFamily: true })
      else tooMany++
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

function identitiesIn(next: Generation) {
  return {
    identities: next.plan.owners.byIdentity,
    live: new Set(liveAccounts(next).map(({ plan }) => plan.tokenIdentity)),
  }
}

/** What is left of an account: everything, or the bearer alone; undefined for nothing. */
type Leave = (plan: OAuth2AccountPlan) => 'all' | 'bearer' | undefined

function removed(old: Generation, next: Generation): Remains[] {
  // Most configurations revoke nothing.
  let known: ReturnType<typeof identitiesIn> | undefined
  return remainsOf(old, plan => {
    if (plan.revoke === 'never') return undefined
    known ??= identitiesIn(next)
    const { identities, live } = known
    const key = plan.generalKey ?? plan.key
    const general = old.plan.accounts.get(key) ?? plan
    const stays = next.accounts.has(key)
    if (identities.has(general.tokenIdentity))
      return stays && plan !== general && !live.has(plan.tokenIdentity) && leavesAlone(plan) ? 'bearer' : undefined
    return stays ? undefined : 'all'
  })
}

/** Values that leave an account which stays. */
function leavesAlone(plan: AccountPlan): plan is OAuth2AccountPlan {
  return plan.kind === 'oauth2' && plan.revoke !== 'never' && !plan.onlyRefreshes
}

function ending(last: Generation): Remains[] {
  return remainsOf(last, plan => (plan.revoke === 'on_shutdown' ? 'all' : undefined))
}

const revocable = selecting<LiveAccount>(({ plan }) => plan.kind === 'oauth2' && plan.revoke !== 'never')

/** Accounts with one token leave it once. */
function remainsOf(generation: Generation, leave: Leave): Remains[] {
  const found = new Map<LiveAccount, Remains>()
  for (const { plan, owner } of [...revocable(generation.accounts), ...generation.variants.accounts()]) {
    const left = plan.kind === 'oauth2' && !plan.needsValues ? leave(plan) : undefined
    if (!left || plan.kind !== 'oauth2') continue
    const { bearer, values } = owner.source.value ?? {}
    found.set(owner, { plan, bearer, values, ...(left === 'bearer' && { keepsFamily: true }) })
  }
  return [...found.values()]
}
