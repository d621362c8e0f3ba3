// A variable of `scope` that is known now and is no part of one scope: several scopes are written as several.
import { fitsInScope } from '../definitions/read-scope.ts'
import { constantsOf } from '../templates/scope.ts'
import { parseTemplate } from '../templates/template.ts'
import type { PartRule } from './rule.ts'

export const scopeValue: PartRule = {
  scope: 'part',
  codes: ['oauth/scope-value'],
  severity: 'error',
  check({ accounts, scopes }, report) {
    for (const account of accounts) {
      if (account.authorization.kind !== 'oauth2') continue
      const { scopeTemplates, tokenRequest } = account.authorization.oauth2
      for (const value of scopeTemplates) {
        const parsed = value.kind === 'template' ? parseTemplate(value.text) : undefined
        if (!parsed?.ok || parsed.variables.some(({ name }) => !scopes.of(account).lookup(name))) continue
        const constantOf = constantsOf(scopes.of(account))
        const wrong = parsed.parts.find(part => {
          const text = part.kind === 'expression' ? constantOf(part.expression) : undefined
          return text !== undefined && (text === '' || !fitsInScope(text, tokenRequest.scopeSeparator))
        })
        if (wrong?.kind !== 'expression') continue
        report({
          place: value.place,
          within: wrong,
          message: 'the value of this expression is no part of one scope (RFC 6749 section 3.3)',
          hint: 'one expression stands for one scope or a part of it: write several scopes as several',
        })
      }
    }
  },
}
