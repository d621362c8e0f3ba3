// An account that no service and no other account uses.

import { suggest } from '../../diagnostics/suggest.ts'
import { type Draft, namesOf } from '../definitions/draft.ts'
import type { Account } from '../model/model.ts'
import type { ConfigurationRule } from './rule.ts'

export const unusedAccount: ConfigurationRule<Account> = {
  scope: 'configuration',
  codes: ['reference/unused-account'],
  severity: 'warning',
  gather: ({ accounts, services }) => {
    const own = new Set(services.map(({ account }) => account))
    return accounts.filter(({ key }) => !own.has(key))
  },
  check(draft, report, unusedThere) {
    if (!draft.complete || unusedThere.length === 0) return
    const used = new Set([
      ...draft.services.map(service => service.account),
      ...draft.bearers.map(({ value }) => value.reference.account),
    ])
    const unused = unusedThere.filter(({ key }) => !used.has(key))
    if (unused.length === 0) return
    const meant = meantBy(used, draft)
    for (const account of unused) {
      if (meant.has(account.key)) continue
      report({
        place: account.place,
        part: 'key',
        message: `account \`${account.name}\` is not used by any service`,
        hint: `remove it, or write \`account: ${account.name}\` in a service`,
      })
    }
  },
}

/** More unknown names than these are no slips. */
const MAX_SLIPS = 100

/** Whom misspelt names mean: they are told where they are misspelt. */
function meantBy(used: ReadonlySet<string>, draft: Draft): ReadonlySet<string | undefined> {
  const unknown = [...used].filter(name => !draft.accountsByKey.has(name))
  if (unknown.length === 0 || unknown.length > MAX_SLIPS) return new Set()
  const known = namesOf(draft, 'account')
  return new Set(unknown.map(name => suggest(name, known)))
}
