// Expressions that name a variable which does not exist at this place.
import { didYouMean, suggest } from '../../diagnostics/suggest.ts'
import { type Draft, declaredIn } from '../definitions/draft.ts'
import { templateOf, type UsedValue } from '../definitions/value.ts'
import type { Place } from '../model/model.ts'
import type { ParameterNames } from '../templates/parameter-names.ts'
import { injectScope, refreshScope, type Scope, type Scopes } from '../templates/scope.ts'
import { parseTemplate } from '../templates/template.ts'
import type { ConfigurationRule, Finding } from './rule.ts'

type Owner = NonNullable<UsedValue['owner']>

/** A variable that the scope of its place does not have. */
interface Unknown {
  owner: Owner
  place: Place
  variable: { name: string; start: number; end: number }
  scope: Scope
}

/** Names that are looked at for hints: there are more where no hand wrote the file. */
const MAX_NAMES = 1_000_000

export const templateVariable: ConfigurationRule<Unknown> = {
  scope: 'configuration',
  codes: ['template/unknown-variable'],
  severity: 'error',
  gather: ({ values, scopes }) => values.flatMap(value => unknownVariables(value, scopes)),
  check(draft, report, unknown) {
    if (unknown.length === 0) return
    const refused = refusedOf(draft)
    let left = MAX_NAMES
    for (const one of unknown) {
      if (isRefused(one.variable.name, one.owner, draft, refused)) continue
      const names = left > 0 ? one.scope.names() : []
      left -= names.length
      report(findingOf(one, names, draft.parameters))
    }
  },
}

function unknownVariables(used: UsedValue, scopes: Scopes): Unknown[] {
  const { value, use, owner } = used
  const template = templateOf(value)
  if (!owner || !template?.text.includes('{{') || (use === 'variable' && value.kind === 'template')) return []
  const scope = scopeOf(used, owner, scopes)
  const parsed = parseTemplate(template.text)
  const unknown = parsed.ok ? parsed.variables.filter(({ name }) => !scope.lookup(name)) : []
  return unknown.map(variable => ({ owner, place: template.place, variable, scope }))
}

function scopeOf({ part, inject, refresh }: UsedValue, owner: Owner, scopes: Scopes): Scope {
  if ('target' in owner) return scopes.ofAction(owner, part)
  const scope = scopes.of(owner)
  return inject ? injectScope(scope, owner) : refresh ? refreshScope(scope) : scope
}

/** What the schema refused and its variables: they are not in the draft, and what is wrong with them is told elsewhere. */
interface Refused {
  accounts: ReadonlySet<string>
  has(kind: 'account' | 'service', name: string | undefined, variable: string): boolean
}

function refusedOf(draft: Draft): Refused {
  const read = new Set(
    [...draft.accounts.values(), ...draft.services.values()].map(({ place }) => place.path.join(' ')),
  )
  const refused = declaredIn(draft).filter(({ place }) => !read.has(place.path.join(' ')))
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
  if (!draft.allNamed || draft.ids.has(`variable ${key}`)) return true
  if ('account' in owner) return refused.has('account', owner.account, key)
  if (!('target' in owner)) return false
  const service = draft.services.get(owner.service ?? '')
  if (owner.service !== undefined && !draft.ids.has(`service ${owner.service}`)) return true
  return refused.has('service', owner.service, key) || refused.has('account', service?.account, key)
}

function findingOf({ owner, place, variable }: Unknown, names: readonly string[], parameters: ParameterNames): Finding {
  const { name } = variable
  const finding = { place, within: variable, message: `unknown variable \`${name}\`` }
  if (names.length === 0) return finding
  const hinted = { ...finding, hint: hintFor(name, names) }
  return nearestOf(name, names) ? hinted : { ...hinted, ...lackingService(name, owner, parameters) }
}

/** An account has a parameter only when every service that it opens has it. */
function lackingService(variable: string, owner: Owner, parameters: ParameterNames): Partial<Finding> {
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
  if (name.startsWith('env.'))
    return `an environment variable is a reference: \`{ env: ${name.slice(4)} }\`, here or below \`vars\``
  return nearestOf(name, names) ?? otherHead(name, names) ?? `in scope: ${[...new Set(names)].slice(0, 12).join(', ')}`
}

function nearestOf(name: string, names: readonly string[]): string | undefined {
  return didYouMean(
    name,
    names.filter(known => !known.endsWith('.*')),
  )
}

/** First words that mean something, here or elsewhere. */
const HEADS = new Set(['vars', 'params', 'token', 'input', 'file', 'service', 'account'])

/** `inpt.number` means `input.number`, also when an action takes any input. */
function otherHead(name: string, names: readonly string[]): string | undefined {
  const [head = '', ...rest] = name.split('.')
  const heads = names.map(known => known.split('.')[0]!).filter(known => HEADS.has(known))
  const meant = rest.length > 0 && !HEADS.has(head) ? suggest(head, heads) : undefined
  if (meant === undefined) return undefined
  const known = names.filter(other => other.startsWith(`${meant}.`))
  if (known.includes(`${meant}.*`)) return `did you mean \`${[meant, ...rest].join('.')}\`?`
  return `did you mean \`${meant}.\`, as in ${known.slice(0, 6).join(', ')}?`
}
