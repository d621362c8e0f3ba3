// Defaults of parameters that are no part of one scope, where the scope of an account uses them.
import { fitsInScope } from '../definitions/read-scope.ts'
import { at } from '../definitions/value.ts'
import type { Account, Place, Service } from '../model/model.ts'
import { compilePattern } from '../templates/pattern.ts'
import { constantsOf, type Scopes } from '../templates/scope.ts'
import { type Expression, parseTemplate } from '../templates/template.ts'
import type { ConfigurationRule, Part } from './rule.ts'

export const parameterInScope: ConfigurationRule<UsedParameter> = {
  scope: 'configuration',
  codes: ['oauth/scope-value'],
  severity: 'error',
  gather: parametersInScopes,
  check(draft, report, uses) {
    const told = new Set<string>()
    for (const use of uses) {
      for (const service of draft.parameters.users(use.account)) {
        const key = `${service.name} ${use.name}`
        if (told.has(key) || !isUnfit(use, service, draft.scopes)) continue
        told.add(key)
        report({
          place: at(service.place, 'parameters', use.name, 'default'),
          message: 'this default is no part of one scope (RFC 6749 section 3.3)',
          hint: 'every request without a value would fail; several scopes are written as several',
          related: [{ place: use.place, message: 'stands here' }],
        })
      }
    }
  },
}

/** An expression of `scope` that is nothing but a parameter. */
interface UsedParameter {
  account: Account
  name: string
  expression: Expression
  place: Place
}

function parametersInScopes({ accounts }: Part): UsedParameter[] {
  return accounts.flatMap(account => {
    if (account.authorization.kind !== 'oauth2') return []
    return account.authorization.oauth2.scopeTemplates.flatMap(value => {
      const parsed = value.kind === 'template' ? parseTemplate(value.text) : undefined
      const parts = parsed?.ok ? parsed.parts : []
      return parts.flatMap(part => {
        if (part.kind !== 'expression' || part.expression.kind !== 'variable') return []
        const { expression } = part
        const [space, name] = expression.name.split('.')
        return space === 'params' && name ? [{ account, name, expression, place: value.place }] : []
      })
    })
  })
}

function isUnfit({ account, name, expression }: UsedParameter, { parameters }: Service, scopes: Scopes): boolean {
  const { pattern, default: value } = parameters.find(parameter => parameter.name === name) ?? {}
  const compiled = pattern === undefined ? undefined : compilePattern(pattern)
  // What is wrong with them is told elsewhere.
  if (value === undefined || !compiled || 'fault' in compiled || !compiled.pattern.matches(value)) return false
  if (account.authorization.kind !== 'oauth2') return false
  const scope = scopes.of(account, { params: { [name]: value }, accountKey: key => key })
  const text = constantsOf(scope)(expression)
  return (
    text === '' || (text !== undefined && !fitsInScope(text, account.authorization.oauth2.tokenRequest.scopeSeparator))
  )
}
