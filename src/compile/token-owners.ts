// Plans of accounts -> who owns the token that some of them share.
import type { Grouped } from '../base/grouped.ts'
import type { Remember } from '../base/memory.ts'
import type { AccountPlan, TokenOwners } from './plan.ts'

/** The same while no account has another identity. */
export function tokenOwners(accounts: Grouped<AccountPlan>, remember: Remember): TokenOwners {
  const texts = accounts.groups.map((group, index) => remember('identities', index, [group], () => textOf(group)))
  return remember('token owners', '', texts, () => {
    const byIdentity = new Map<string, string>()
    const byAccount = new Map<string, string>()
    for (const { key, tokenIdentity } of accounts.values()) {
      const owner = byIdentity.get(tokenIdentity)
      if (owner === undefined) byIdentity.set(tokenIdentity, key)
      else byAccount.set(key, owner)
    }
    return { byIdentity, byAccount }
  })
}

/** Keys too: another name of the same identity is another owner. */
function textOf(group: ReadonlyMap<string, AccountPlan>): string {
  return [...group.values()].map(({ key, tokenIdentity }) => `${key} ${tokenIdentity}`).join('\n')
}
