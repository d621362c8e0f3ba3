// A credential in the query stands in access logs and histories.
import type { Rule } from './rule.ts'

export const credentialsInQuery: Rule = {
  codes: ['oauth/credentials-in-query'],
  severity: 'warning',
  check(draft, report) {
    const rules = [
      ...draft.accounts.map(({ authorization }) =>
        authorization.kind === 'oauth2' ? authorization.oauth2.inject : undefined,
      ),
      ...draft.services.map(({ inject }) => inject),
    ]
    for (const rule of rules) {
      if (rule?.in !== 'query') continue
      report({
        place: { document: rule.place.document, path: [...rule.place.path, 'in'] },
        message: 'a bearer in the query is written to access logs on its way',
        hint: 'use `in: header` if the service takes a header too',
      })
    }
    for (const { place, authorization } of draft.accounts) {
      if (authorization.kind !== 'query') continue
      report({
        place: { document: place.document, path: [...place.path, 'authorization'] },
        message: 'a credential in the query is written to access logs on its way',
        hint: 'use `authorization: header` if the service takes a header too',
      })
    }
  },
}
