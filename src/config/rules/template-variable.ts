// Expressions that name a variable which does not exist at this place.
import { didYouMean } from '../../diagnostics/suggest.ts'
import { templateOf, type UsedValue } from '../definitions/value.ts'
import type { Value } from '../model/model.ts'
import { type ParameterNames, parameterNames } from '../templates/parameter-names.ts'
import { injectScope, refreshScope, type Scope } from '../templates/scope.ts'
import { parseTemplate } from '../templates/template.ts'
import type { Finding, Rule } from './rule.ts'

type Owner = NonNullable<UsedValue['owner']>

export const templateVariable: Rule = {
  codes: ['template/unknown-variable', 'template/unsupported'],
  severity: 'error',
  check(draft, report) {
    const { scopes } = draft
    const parameters = parameterNames(draft)
    const services = new Set(draft.services.map(({ name }) => name))
    for (const { value, use, owner, part, inject, refresh } of draft.values) {
      const template = templateOf(value)
      if (!template?.text.includes('{{')) continue
      if (use === 'variable' && value.kind === 'template') nestedTemplate(value).forEach(report)
      else if (owner) {
        const lacking = lacksService(owner, services)
        const scope = 'target' in owner ? scopes.ofAction(owner, part) : scopes.of(owner)
        const found = unknownVariables(template, {
          owner,
          scope: inject && !('target' in owner) ? injectScope(scope, owner) : refresh ? refreshScope(scope) : scope,
          parameters,
        })
        found.filter(({ message }) => !lacking || !message.includes('`vars.')).forEach(report)
      }
    }
  },
}

/** Its variables may stand at the service that is missing. */
function lacksService(owner: Owner, services: ReadonlySet<string>): boolean {
  return 'target' in owner && owner.service !== undefined && !services.has(owner.service)
}

interface Use {
  owner: Owner
  scope: Scope
  parameters: ParameterNames
}

function unknownVariables({ text, place }: Pick<Finding, 'place'> & { text: string }, use: Use): Finding[] {
  const parsed = parseTemplate(text)
  const unknown = parsed.ok ? parsed.variables.filter(variable => !use.scope.lookup(variable.name)) : []
  return unknown.map(variable => {
    const hint = hintFor(variable.name, use.scope.names())
    const finding = { place, within: variable, message: `unknown variable \`${variable.name}\``, hint }
    return didYouMean(variable.name, use.scope.names())
      ? finding
      : { ...finding, ...lackingService(variable.name, use) }
  })
}

/** An account has a parameter only when every service that it opens has it. */
function lackingService(variable: string, { owner, parameters }: Use): Partial<Finding> {
  if (!('authorization' in owner) || !variable.startsWith('params.')) return {}
  const name = variable.slice('params.'.length)
  const service = parameters.lacking(owner, name)
  if (!service) return { hint: 'no service uses this account, so nothing gives it a value' }
  return {
    message: `service \`${service.name}\` uses account \`${owner.name}\` and has no parameter \`${name}\``,
    hint: `declare it below \`parameters\` of the service, or give the service an account of its own`,
    related: [{ place: service.place, part: 'key', message: `service \`${service.name}\`` }],
  }
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
