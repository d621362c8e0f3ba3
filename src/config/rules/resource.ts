// `resource` is an absolute URI without a fragment (RFC 8707 section 2). What a provider wants otherwise is a parameter.
import { constantsOf, type Scope } from '../templates/scope.ts'
import { parseTemplate } from '../templates/template.ts'
import type { PartRule } from './rule.ts'

export const resource: PartRule = {
  scope: 'part',
  codes: ['uri/invalid'],
  severity: 'error',
  check(part, report) {
    const { scopes } = part
    for (const account of part.accounts) {
      if (account.authorization.kind !== 'oauth2') continue
      for (const value of account.authorization.oauth2.resource) {
        if (value.kind !== 'template' || isResource(value.text, scopes.of(account))) continue
        report({
          place: value.place,
          message: '`resource` is an absolute URI without a fragment (RFC 8707 section 2)',
          hint: 'what is none goes into `tokenRequest: { params: { resource: … } }`',
        })
      }
    }
  },
}

/** Where a value is known only at run time, anything may stand. */
function isResource(text: string, scope: Scope): boolean {
  const parsed = parseTemplate(text)
  if (!parsed.ok) return true
  const constantOf = constantsOf(scope)
  const filled = parsed.parts.map(part => (part.kind === 'text' ? part.text : (constantOf(part.expression) ?? 'x:x')))
  return /^[A-Za-z][A-Za-z0-9+.-]*:[^\s#]+$/.test(filled.join(''))
}
