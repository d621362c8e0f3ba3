// What the running generation still has of tokens that are about to be revoked: those stay.
import type { Secret } from '../../base/secret.ts'
import type { OAuth2AccountPlan } from '../../compile/plan.ts'
import type { Values } from '../../compile/text.ts'
import { type Generation, liveAccounts } from '../generation/generation.ts'
import { digest, readValues } from '../secrets/values.ts'
import { type FetchEffects, familyOf } from './fetch-token.ts'

export interface Staying {
  /** Some servers issue the same token to whoever asks next. */
  hasBearer(bearer: Secret): boolean
  /** Whether an account has the same refresh token; when that cannot be known, it may. */
  hasFamily(plan: OAuth2AccountPlan, family: Secret): Promise<boolean>
}

export const nothingStays: Staying = { hasBearer: () => false, hasFamily: async () => false }

interface Held {
  plan: OAuth2AccountPlan
  bearer: Secret | undefined
  values: Values | undefined
}

/** As it is now; each account is looked at once, however many tokens are asked about. */
export function stayingIn(generation: Generation, effects: FetchEffects): Staying {
  const held = liveAccounts(generation).flatMap(({ plan, source }): Held[] => {
    if (plan.kind !== 'oauth2' || plan.needsValues) return []
    return [{ plan, bearer: source.value?.bearer, values: source.value?.values }]
  })
  const bearers = new Set(held.flatMap(({ bearer }) => (bearer ? digest(bearer) : [])))
  const families = new Map<string, Promise<Set<string> | 'unknown'>>()
  const familiesAt = (endpoint: string) => {
    const known = families.get(endpoint) ?? readFamilies(held, endpoint, effects)
    families.set(endpoint, known)
    return known
  }
  return {
    hasBearer: bearer => bearers.has(digest(bearer)),
    async hasFamily({ tokenEndpoint }, family) {
      const known = await familiesAt(tokenEndpoint.identity)
      return known === 'unknown' || known.has(digest(family))
    },
  }
}

async function readFamilies(
  held: readonly Held[],
  endpoint: string,
  { secrets, clock }: FetchEffects,
): Promise<Set<string> | 'unknown'> {
  const families = new Set<string>()
  for (const { plan, values } of held) {
    if (plan.tokenEndpoint.identity !== endpoint) continue
    const needed = plan.identify ? plan.references : []
    const known = values ?? (await readValues(needed, secrets, clock).catch(() => undefined))
    if (!known) return 'unknown'
    families.add(digest(familyOf(plan, known)))
  }
  return families
}
