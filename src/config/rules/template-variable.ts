// Expressions that name a variable which does not exist at this place.
import { didYouMean } from '../../diagnostics/suggest.ts'
import type { Draft } from '../definitions/draft.ts'
import { templateOf, type UsedValue } from '../definitions/value.ts'
import type { Place, Value } from '../model/model.ts'
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
    const refused = refusedOf(draft)
    for (const { value, use, owner, part, inject, refresh } of draft.values) {
      const template = templateOf(value)
      if (!template?.text.includes('{{')) continue
      if (use === 'variable' && value.kind === 'template') nestedTemplate(value).forEach(report)
      else if (owner) {
        const scope = 'target' in owner ? scopes.ofAction(owner, part) : scopes.of(owner)
        unknownVariables(template, {
          owner,
          scope: inject && !('target' in owner) ? injectScope(scope, owner) : refresh ? refreshScope(scope) : scope,
          parameters,
          isRefused: name => isRefused(name, owner, draft, refused),
        }).forEach(report)
      }
    }
  },
}

/** What the schema refused and its variables: they are not in the draft, and what is wrong with them is told elsewhere. */
interface Refused {
  accounts: ReadonlySet<string>
  has(kind: 'account' | 'service', name: string | undefined, variable: string): boolean
}

function refusedOf({ declared, accounts, services }: Draft): Refused {
  const read = new Set([...accounts, ...services].map(({ place }) => place.path.join(' ')))
  const refused = declared.filter(({ place }) => !read.has(place.path.join(' ')))
  const variables = new Map(refused.map(({ kind, name, place }) => [`${kind} ${name}`, variablesAt(place)]))
  return {
    accounts: new Set(refused.filter(({ kind }) => kind === 'account').map(({ name }) => name)),
    has: (kind, name, variable) => variables.get(`${kind} ${name}`)?.includes(variable) ?? false,
  }
}

function variablesAt({ document, path: [section, name] }: Place): string[] {
  const definitions = (document.value as Record<string, Record<string, { vars?: unknown } | null>>)[String(section)]
  return Object.keys(definitions?.[String(name)]?.vars ?? {})
}

/** Whether a variable may be one of a definition or a file that is missing or was refused. */
function isRefused(name: string, owner: Owner, draft: Draft, refused: Refused): boolean {
  if (name.startsWith('token.')) return 'account' in owner && refused.accounts.has(owner.account)
  if (!name.startsWith('vars.')) return false
  const key = name.slice('vars.'.length)
  if (!draft.allNamed || draft.names.has(`variable ${key}`)) return true
  if ('account' in owner) return refused.has('account', owner.account, key)
  if (!('target' in owner)) return false
  const service = draft.services.find(one => one.name === owner.service)
  if (owner.service !== undefined && !draft.names.has(`service ${owner.service}`)) return true
  return refused.has('service', owner.service, key) || refused.has('account', service?.account, key)
}

interface Use {
  owner: Owner
  scope: Scope
  parameters: ParameterNames
  isRefused(name: string): boolean
}

function unknownVariables({ text, place }: Pick<Finding, 'place'> & { text: string }, use: Use): Finding[] {
  const parsed = parseTemplate(text)
  const unknown = parsed.ok ? parsed.variables.filter(({ name }) => !use.scope.lookup(name)) : []
  return unknown
    .filter(({ name }) => !use.isRefused(name))
    .map(variable => {
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
