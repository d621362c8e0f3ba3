// An account that no service and no other account uses.
import type { ConfigurationRule } from './rule.ts'

export const unusedAccount: ConfigurationRule = {
  scope: 'configuration',
  codes: ['reference/unused-account'],
  severity: 'warning',
  check(draft, report) {
    if (!draft.complete) return
    const used = new Set([
      ...draft.services.map(service => service.account),
      ...draft.bearers.map(({ value }) => value.reference.account),
    ])
    for (const account of draft.accounts) {
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
