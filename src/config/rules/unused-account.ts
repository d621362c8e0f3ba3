// An account that no service and no other account uses.

import { suggest } from '../../diagnostics/suggest.ts'
import { type Draft, namesOf } from '../definitions/draft.ts'
import type { Account } from '../model/model.ts'
import type { ConfigurationRule } from './rule.ts'

/** What a part does not know of its own: who else uses its accounts, and whose are those that it uses. */
interface Fact {
  unused: readonly Account[]
  foreign: readonly string[]
}

export const unusedAccount: ConfigurationRule<Fact> = {
  scope: 'configuration',
  codes: ['reference/unused-account'],
  severity: 'warning',
  gather: ({ accounts, services }) => {
    const [known, used] = [new Set(accounts.map(({ key }) => key)), new Set(services.map(({ account }) => account))]
    const unused = accounts.filter(({ key }) => !used.has(key))
    const foreign = [...used].filter(key => !known.has(key))
    return unused.length + foreign.length > 0 ? [{ unused, foreign }] : []
  },
  check(draft, report, facts) {
    if (!draft.complete || !facts.some(({ unused }) => unused.length > 0)) return
    const used = new Set([
      ...facts.flatMap(({ foreign }) => foreign),
      ...draft.bearers.map(({ value }) => value.reference.account),
    ])
    const unused = facts.flatMap(fact => fact.unused).filter(({ key }) => !used.has(key))
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
  const unknown = [...used].filter(name => !draft.accounts.has(name))
  if (unknown.length === 0 || unknown.length > MAX_SLIPS) return new Set()
  const known = namesOf(draft, 'account')
  return new Set(unknown.map(name => suggest(name, known)))
}
