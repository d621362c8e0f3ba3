// The definitions of all documents -> draft: one configuration, before it is known whether it can run. Rules look at drafts;
// a draft that no rule refuses becomes a Config.
import type { Remember } from '../../base/memory.ts'
import type { Account, Action, DaemonSettings, Service, Value, Variables } from '../model/model.ts'
import { definitionScopes, type Scopes } from '../templates/scope.ts'
import { type Declared, type Definitions, withoutDeclared } from './definitions.ts'
import type { UsedBearer } from './value.ts'

export interface Draft {
  /** Of each document; of two definitions with one name the first counts. */
  parts: readonly Definitions[]
  vars: Variables
  accountsByKey: ReadonlyMap<string, Account>
  services: readonly Service[]
  servicesByName: ReadonlyMap<string, Service>
  actions: readonly Action[]
  daemon: DaemonSettings
  declared: readonly Declared[]
  /** The `id` of each of them. */
  ids: ReadonlySet<string>
  /** False when a file, or a top-level part of one, could not be read: a name may be meant that is not here. */
  allNamed: boolean
  /** False when a file could not be read or a definition was refused: what it uses is not known. */
  complete: boolean
  /** Values that are bearers of other accounts. */
  bearers: readonly UsedBearer[]
  /** What each value may name. */
  scopes: Scopes
}

export function buildDraft(written: readonly Definitions[], allRead: boolean, remember: Remember): Draft {
  const ids = new Set<string>()
  const declared: Declared[] = []
  const parts = written.map(definitions => firstOnes(definitions, ids, declared))
  const { vars, ...all } = joined(parts)
  const definitions = { ...all, vars: mergeVariables(vars, remember) }
  return {
    ...definitions,
    parts,
    daemon: parts.find(({ daemon }) => daemon.place)?.daemon ?? {},
    declared,
    ids,
    allNamed: allRead && parts.every(({ isNamed }) => isNamed),
    complete: allRead && parts.every(({ isComplete }) => isComplete),
    scopes: definitionScopes(definitions),
  }
}

/** In one walk: there may be many documents, and each of them is looked at again in every reload. */
function joined(parts: readonly Definitions[]) {
  const accountsByKey = new Map<string, Account>()
  const servicesByName = new Map<string, Service>()
  const actions: Action[] = []
  const bearers: UsedBearer[] = []
  const vars: [string, Value][] = []
  for (const part of parts) {
    for (const account of part.accounts) accountsByKey.set(account.key, account)
    for (const service of part.services) servicesByName.set(service.name, service)
    for (const action of part.actions) actions.push(action)
    for (const bearer of part.bearers) bearers.push(bearer)
    for (const name in part.vars) vars.push([name, part.vars[name]!])
  }
  const services = [...servicesByName.values()]
  return { accountsByKey, servicesByName, services, actions, bearers, vars }
}

/** That there are two is a finding of its own. */
function firstOnes(definitions: Definitions, ids: Set<string>, all: Declared[]): Definitions {
  let others: Declared[] | undefined
  for (const declared of definitions.declared) {
    all.push(declared)
    const { size } = ids
    if (ids.add(declared.id).size === size) others = [...(others ?? []), declared]
  }
  return others ? withoutDeclared(definitions, others) : definitions
}

/** The same object while no variable changes: every template may name one. */
function mergeVariables(all: readonly [string, Value][], remember: Remember): Variables {
  const values = all.map(([, value]) => value)
  return remember('variables', values, () => Object.fromEntries(all))
}

/** The names that a reference may mean. One in capitals is told where it is defined, not where it is used. */
export function namesOf(draft: Draft, kind: Declared['kind']): Set<string> {
  const names = new Set<string>()
  for (const declared of draft.declared)
    if (declared.kind === kind) names.add(declared.name).add(declared.name.toLowerCase())
  return names
}
