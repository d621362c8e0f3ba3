// A secret that asks for the bearer of an account which has none: only oauth2 accounts have one.
import type { Service } from '../model/model.ts'
import type { ConfigurationRule } from './rule.ts'

export const accountWithoutBearer: ConfigurationRule<Service> = {
  scope: 'configuration',
  codes: ['reference/no-bearer'],
  severity: 'error',
  gather: ({ services }) => services.filter(({ inject }) => inject),
  check(draft, report, injecting) {
    const accounts = draft.accounts
    for (const { value } of draft.bearers) {
      const kind = accounts.get(value.reference.account)?.authorization.kind
      if (kind === undefined || kind === 'oauth2') continue
      const place = { document: value.place.document, path: [...value.place.path, 'account'] }
      report({
        place,
        message: `account \`${value.reference.account}\` has no bearer: its authorization is \`${kind}\``,
        hint: 'only an account with `authorization: oauth2` has one',
      })
    }
    for (const { inject, account } of injecting) {
      const kind = accounts.get(account)?.authorization.kind
      if (!inject || kind === undefined || kind === 'oauth2') continue
      report({
        place: inject.place,
        part: 'key',
        message: `\`inject\` takes a bearer, and the account has none: its authorization is \`${kind}\``,
        hint: 'remove it: such an account says itself what is sent',
      })
    }
  },
}
