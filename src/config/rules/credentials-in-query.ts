// A credential in the query stands in access logs and histories.
import type { Rule } from './rule.ts'

export const credentialsInQuery: Rule = {
  codes: ['oauth/credentials-in-query'],
  severity: 'warning',
  check(draft, report) {
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
