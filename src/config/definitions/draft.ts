// The parts of a configuration -> draft: one configuration, before it is known whether it can run. Rules look at drafts; a
// draft that no rule refuses becomes a Config.
import { Grouped, type GroupIndex } from '../../base/grouped.ts'
import type { Remember } from '../../base/memory.ts'
import type { Account, Action, DaemonSettings, Service, Value, Variables } from '../model/model.ts'
import {
  type AccountParameters,
  type AccountUses,
  NO_PARAMETERS,
  type ParameterNames,
  parameterNames,
  parametersByAccount,
} from '../templates/parameter-names.ts'
import { definitionScopes, type Scopes } from '../templates/scope.ts'
import type { Declared } from './definitions.ts'
import { type Part, withoutOthers } from './part.ts'
import type { UsedBearer } from './value.ts'

export interface Draft {
  parts: readonly Part[]
  vars: Variables
  accounts: Grouped<Account>
  services: Grouped<Service>
  actions: Grouped<Action>
  daemon: DaemonSettings
  /** Of every name that is written. */
  ids: ReadonlySet<string>
  /** Some name is written twice. */
  hasTwice: boolean
  /** False when a file, or a top-level part of one, could not be read: a name may be meant that is not here. */
  allNamed: boolean
  /** False when a file could not be read or a definition was refused: what it uses is not known. */
  complete: boolean
  /** Values that are bearers of other accounts. */
  bearers: readonly UsedBearer[]
  parameters: ParameterNames
  /** What each value may name. */
  scopes: Scopes
  /**
   * Everything that the definitions of each part depend on: from the very same things, the same is found and made. What is
   * compiled of them depends on the compiled accounts besides, and on those that feed them.
   */
  from: readonly (readonly unknown[])[]
}

export function buildDraft(written: readonly Part[], allRead: boolean, remember: Remember): Draft {
  const texts = written.map(({ names }) => names)
  const { others, accounts, services, actions, ...names } = remember('names', '', texts, () => namesIn(written))
  const parts = written.map((part, index) => (others[index]!.length > 0 ? withoutOthers(part, others[index]!) : part))
  const vars = mergeVariables(
    parts.flatMap(part => part.vars),
    remember,
  )
  const definitions = {
    vars,
    accounts: new Grouped(
      accounts,
      parts.map(part => part.accounts),
    ),
    services: new Grouped(
      services,
      parts.map(part => part.services),
    ),
    actions: new Grouped(
      actions,
      parts.map(part => part.actions),
    ),
    bearers: parts.flatMap(part => part.bearers),
  }
  const byAccount = parametersIn(parts, definitions, remember)
  const parameters = parameterNames(definitions, byAccount)
  return {
    ...names,
    ...definitions,
    parts,
    daemon: parts.find(({ daemon }) => daemon)?.daemon ?? {},
    allNamed: allRead && parts.every(({ isNamed }) => isNamed),
    complete: allRead && parts.every(({ isComplete }) => isComplete),
    parameters,
    scopes: definitionScopes({ ...definitions, parameters }),
    from: parts.map(part => dependencies(part, { ...definitions, byAccount }, remember)),
  }
}

/** Where each name is, of two with one name the first. Depends on nothing but the names. */
function namesIn(parts: readonly Part[]) {
  const ids = new Set<string>()
  const others = parts.map(({ declared }) => {
    const earlier = declared.filter(({ id }) => ids.has(id))
    for (const { id } of declared) ids.add(id)
    return earlier
  })
  const index = (kind: 'accounts' | 'services' | 'actions'): GroupIndex => {
    const found = new Map<string, number>()
    for (const [number, part] of parts.entries())
      for (const name of part[kind].keys()) if (!found.has(name)) found.set(name, number)
    return found
  }
  const written = parts.reduce((sum, { declared }) => sum + declared.length, 0)
  const hasTwice = ids.size < written
  return { ids, others, hasTwice, accounts: index('accounts'), services: index('services'), actions: index('actions') }
}

/** The same object while no variable changes: every template may name one. */
function mergeVariables(all: readonly (readonly [string, Value])[], remember: Remember): Variables {
  const values = all.map(([, value]) => value)
  return remember('variables', '', values, () => Object.fromEntries(all))
}

function parametersIn(parts: readonly Part[], uses: AccountUses, remember: Remember): AccountParameters {
  if (!parts.some(part => part.hasParameters)) return NO_PARAMETERS
  const texts = parts.map(part => part.uses)
  return remember('parameters', '', texts, () => parametersByAccount(uses))
}

interface Surroundings extends Pick<Draft, 'vars' | 'accounts' | 'services'> {
  byAccount: AccountParameters
}

function dependencies(part: Part, around: Surroundings, remember: Remember): unknown[] {
  const { vars, accounts, services, byAccount } = around
  const from: unknown[] = [part, vars]
  const parameters = () => parametersText(part, byAccount)
  from.push(byAccount.size > 0 ? remember('parameters of a part', part.id, [part, byAccount], parameters) : '')
  for (const key of part.foreign.accounts) from.push(accounts.get(key))
  for (const name of part.foreign.services) {
    const service = services.get(name)
    from.push(service, service && accounts.get(service.account))
  }
  return from
}

/** Empty where no account has any, whatever others have. */
function parametersText({ accounts }: Part, byAccount: AccountParameters): string {
  const names = [...accounts.keys()].map(key => byAccount.get(key) ?? [])
  return names.every(({ length }) => length === 0) ? '' : JSON.stringify(names)
}

/** The names that a reference may mean. One in capitals is told where it is defined, not where it is used. */
export function namesOf(draft: Draft, kind: Declared['kind']): Set<string> {
  const names = new Set<string>()
  for (const declared of declaredIn(draft))
    if (declared.kind === kind) names.add(declared.name).add(declared.name.toLowerCase())
  return names
}

/** Every name that is written, in order. */
export function declaredIn({ parts }: Draft): Declared[] {
  return parts.flatMap(part => part.declared)
}
