// A list of scopes is taken literally: an item with a comma in it is one scope, which was hardly meant. (The schema refuses blanks.)
import type { DocumentRule } from './rule.ts'

export const scopeSeparator: DocumentRule = {
  scope: 'document',
  codes: ['oauth/scope-separator'],
  severity: 'warning',
  check(part, report) {
    for (const { place, authorization } of part.accounts) {
      if (authorization.kind !== 'oauth2') continue
      authorization.oauth2.scope.forEach((scope, index) => {
        if (!scope.includes(',')) return
        report({
          place: { document: place.document, path: [...place.path, 'scope', index] },
          message: 'this item is one scope with a comma in it: a list is taken literally',
          hint: 'write one item for each scope, or all of them as one text',
        })
      })
    }
  },
}
