// The scopes of an account -> what its token requests ask for. A value fills its place within one scope and can never add a
// second one.
import { AppError } from '../../base/error.ts'
import { fitsInScope } from '../../config/definitions/read-scope.ts'
import type { OAuth2 } from '../../config/model/model.ts'
import type { Scope } from '../../config/templates/scope.ts'
import { parseTemplate, type TemplatePart } from '../../config/templates/template.ts'
import { compileExpression, compileText, describeExpression, type TextPlan, type Values } from '../text.ts'

export interface ScopesPlan {
  /** Those that are known only at run time, for references and identity. */
  texts: readonly TextPlan[]
  /** All others, each at its place. */
  words: readonly (string | null)[]
  /** Throws AppError `invalid_template_value` for a value that is no part of one scope. */
  render(values: Values): readonly string[]
}

/** Throws AppError `invalid_parameter` where the value of a parameter is no part of one scope. */
export function compileScopes(account: string, oauth2: OAuth2, scope: Scope): ScopesPlan {
  const { scope: written, scopeTemplates } = oauth2
  const place = scopeTemplates[0]?.place
  if (!place) return { texts: [], words: written, render: () => written }
  const wholes = written.map(text => compileText({ kind: 'template', text, place }, scope))
  const items = written.map(text => compileItem(text, { account, oauth2, scope }))
  return {
    texts: wholes.filter(({ constant }) => constant === undefined),
    words: wholes.map(({ constant }) => constant ?? null),
    render: values => items.map(render => render(values)),
  }
}

interface Context {
  account: string
  oauth2: OAuth2
  scope: Scope
}

function compileItem(text: string, context: Context): (values: Values) => string {
  const parsed = parseTemplate(text)
  if (!parsed.ok) throw new Error('compiling a scope that the rules refused')
  const parts = parsed.parts.map(part => compilePart(part, context))
  return values => parts.map(render => render(values)).join('')
}

function compilePart(part: TemplatePart, { account, oauth2, scope }: Context) {
  if (part.kind === 'text') return () => part.text
  const { constant, render } = compileExpression(part.expression, scope)
  const checked = (text: string, code: 'invalid_parameter' | 'invalid_template_value') => {
    if (text !== '' && fitsInScope(text, oauth2.tokenRequest.scopeSeparator)) return text
    const name = describeExpression(part.expression)
    const message = `the value of {{${name}}} is no part of one scope, as \`scope\` of account \`${account}\` wants it`
    throw new AppError(code, message, { account })
  }
  if (constant === undefined) return (values: Values) => checked(render(values), 'invalid_template_value')
  // Rules have passed: of what is known now, only a caller's value can be at fault.
  checked(constant, 'invalid_parameter')
  return () => constant
}
