// Expressions that name a variable which does not exist at this place.
import { didYouMean } from '../../diagnostics/suggest.ts'
import type { Value } from '../model.ts'
import { definitionScopes, type Scope } from '../scope.ts'
import { parseTemplate } from '../template.ts'
import { allValues } from '../value.ts'
import type { Finding, Rule } from './rule.ts'

export const templateVariable: Rule = {
  codes: ['template/unknown-variable', 'template/unsupported'],
  severity: 'error',
  check(draft, report) {
    const scopes = definitionScopes(draft)
    for (const { value, use, owner } of allValues(draft)) {
      if (value.kind !== 'template' || !value.text.includes('{{')) continue
      if (use === 'variable') nestedTemplate(value).forEach(report)
      else if (owner) unknownVariables(value, scopes.of(owner)).forEach(report)
    }
  },
}

function unknownVariables(value: Value & { kind: 'template' }, scope: Scope): Finding[] {
  const parsed = parseTemplate(value.text)
  const unknown = parsed.ok ? parsed.variables.filter(variable => !scope.lookup(variable.name)) : []
  return unknown.map(variable => {
    const hint = hintFor(variable.name, scope.names())
    return { place: value.place, within: variable, message: `unknown variable \`${variable.name}\``, hint }
  })
}

function hintFor(name: string, names: readonly string[]): string {
  const full = names.find(known => known.endsWith(`.${name}`))
  if (full) return `did you mean \`${full}\`?`
  return didYouMean(name, names) ?? `in scope: ${[...new Set(names)].slice(0, 12).join(', ')}`
}

/** A variable's own text holds no expressions: what it stands for is seen where it is written. */
function nestedTemplate(value: Value & { kind: 'template' }): Finding[] {
  const parsed = parseTemplate(value.text)
  const first = parsed.ok ? parsed.variables[0] : undefined
  if (!first) return []
  const message = 'a variable cannot be made of other variables'
  const hint = 'name both variables where the value is used'
  return [{ code: 'template/unsupported', place: value.place, within: first, message, hint }]
}
