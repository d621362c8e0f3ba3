// A variable of `scope` that is known now and is no part of one scope: several scopes are written as several.
import { fitsInScope } from '../definitions/read-scope.ts'
import type { Value } from '../model/model.ts'
import { constantsOf, type Scope } from '../templates/scope.ts'
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
      for (const value of scopeTemplates)
        for (const within of unfitParts(value, scopes.of(account), tokenRequest.scopeSeparator))
          report({ place: value.place, within, ...UNFIT })
    }
  },
}

const UNFIT = {
  message: 'the value of this expression is no part of one scope (RFC 6749 section 3.3)',
  hint: 'one expression stands for one scope or a part of it: write several scopes as several',
}

function unfitParts(value: Value, scope: Scope, separator: string) {
  const parsed = value.kind === 'template' ? parseTemplate(value.text) : undefined
  if (!parsed?.ok || parsed.variables.some(({ name }) => !scope.lookup(name))) return []
  const constantOf = constantsOf(scope)
  return parsed.parts.flatMap(part => {
    const text = part.kind === 'expression' ? constantOf(part.expression) : undefined
    if (part.kind === 'text' || text === undefined) return []
    return text !== '' && fitsInScope(text, separator) ? [] : [part]
  })
}
