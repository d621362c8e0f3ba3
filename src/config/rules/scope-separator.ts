// A list of scopes is taken literally: an item with a comma or a blank in it is one scope, which was hardly meant.
import type { PartRule } from './rule.ts'

export const scopeSeparator: PartRule = {
  scope: 'part',
  codes: ['oauth/scope-separator'],
  severity: 'warning',
  check(part, report) {
    for (const { place, authorization } of part.accounts) {
      if (authorization.kind !== 'oauth2') continue
      authorization.oauth2.scope.forEach((scope, index) => {
        const separator = /[ ,]/.exec(scope.replaceAll(/\{\{[^{}]*\}\}/g, ''))?.[0]
        if (!separator) return
        report({
          place: { document: place.document, path: [...place.path, 'scope', index] },
          message: `this item is one scope with a ${separator === ',' ? 'comma' : 'blank'} in it: a list is taken literally`,
          hint: 'write one item for each scope, or all of them as one text',
        })
      })
    }
  },
}
