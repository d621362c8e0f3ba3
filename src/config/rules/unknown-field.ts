// A secret that asks for a member of another account's token response which that account does not publish.
import { didYouMean } from '../../diagnostics/suggest.ts'
import { at } from '../definitions/value.ts'
import type { Account } from '../model/model.ts'
import type { ConfigurationRule } from './rule.ts'

export const unknownField: ConfigurationRule = {
  scope: 'configuration',
  codes: ['reference/unknown-field'],
  severity: 'error',
  check(draft, report) {
    const accounts = draft.accounts
    for (const { value } of draft.bearers) {
      const { account, field } = value.reference
      const feeder = accounts.get(account)
      const names = feeder && publishedNames(feeder)
      if (field === undefined || !names || names.includes(field)) continue
      report({
        place: at(value.place, 'field'),
        message: `account \`${account}\` publishes no \`${field}\``,
        hint: didYouMean(field, names) ?? hintFor(names),
        related: [{ place: feeder.place, part: 'key', message: `account \`${account}\`` }],
      })
    }
  },
}

/** Undefined for an account without a token response, which is told elsewhere. */
function publishedNames({ authorization }: Account): string[] | undefined {
  if (authorization.kind !== 'oauth2') return undefined
  return (authorization.oauth2.tokenResponse?.publish ?? []).map(({ name }) => name)
}

function hintFor(names: readonly string[]): string {
  if (names.length === 0) return 'say below `tokenResponse.publish` of that account where the member stands'
  return `it publishes ${names.join(', ')}`
}
