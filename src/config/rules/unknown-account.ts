// A service, or a secret, that names an account which does not exist.
import { didYouMean } from '../../diagnostics/suggest.ts'
import { type Draft, namesOf } from '../definitions/draft.ts'
import type { Place } from '../model/model.ts'
import type { ConfigurationRule } from './rule.ts'

export const unknownAccount: ConfigurationRule = {
  scope: 'configuration',
  codes: ['reference/unknown-account'],
  severity: 'error',
  check(draft, report) {
    const known = namesOf(draft, 'account')
    for (const { name, place } of accountUses(draft)) {
      if (known.has(name)) continue
      // A file that could not be read may define it.
      if (!draft.allNamed && didYouMean(name, known) === undefined) continue
      report({
        place,
        message: `no account \`${name}\``,
        hint: didYouMean(name, known) ?? 'define it below `accounts`',
      })
    }
  },
}

function accountUses(draft: Draft): { name: string; place: Place }[] {
  const uses = draft.services
    .filter(service => !service.account.startsWith('services.'))
    .map(service => ({ name: service.account, place: below(service.place, 'account') }))
  const fed = draft.bearers.map(({ value }) => ({
    name: value.reference.account,
    place: below(value.place, 'account'),
  }))
  return [...uses, ...fed]
}

function below(place: Place, key: string): Place {
  return { document: place.document, path: [...place.path, key] }
}
