// A service, or a secret, that names an account which does not exist.
import { createDidYouMean } from '../../diagnostics/suggest.ts'
import { namesOf } from '../definitions/draft.ts'
import { at } from '../definitions/value.ts'
import type { Place } from '../model/model.ts'
import type { ConfigurationRule } from './rule.ts'

/** The definition or the value that names one below `account`. */
interface Use {
  name: string
  place: Place
}

export const unknownAccount: ConfigurationRule<Use> = {
  scope: 'configuration',
  codes: ['reference/unknown-account'],
  severity: 'error',
  gather: ({ accounts, services }) => {
    const own = new Set(accounts.map(({ key }) => key))
    return services.filter(({ account }) => !own.has(account)).map(({ account, place }) => ({ name: account, place }))
  },
  check(draft, report, foreign) {
    const fed = draft.bearers.map(({ value }) => ({ name: value.reference.account, place: value.place }))
    const unknown = [...foreign, ...fed].filter(({ name }) => !draft.accounts.has(name))
    if (unknown.length === 0) return
    const known = namesOf(draft, 'account')
    const didYouMean = createDidYouMean()
    for (const { name, place } of unknown) {
      if (known.has(name)) continue
      const meant = didYouMean(name, known)
      // A file that could not be read may define it.
      if (!draft.allNamed && meant === undefined) continue
      report({
        place: at(place, 'account'),
        message: `no account \`${name}\``,
        hint: meant ?? 'define it below `accounts`',
      })
    }
  },
}
