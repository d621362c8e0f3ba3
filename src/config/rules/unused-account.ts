// An account that no service and no other account uses.
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
    for (const account of unusedThere) {
      if (used.has(account.key)) continue
      report({
        place: account.place,
        part: 'key',
        message: `account \`${account.name}\` is not used by any service`,
        hint: `remove it, or write \`account: ${account.name}\` in a service`,
      })
    }
  },
}
