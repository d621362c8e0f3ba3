// The documents of files that stand beside each other -> a part of the configuration: what is looked at and compiled again when one of them
// changes. What a part may name of the others is said here, so that it is known what of them it depends on.
import type { Account, Action, DaemonSettings, Service, Value } from '../model/model.ts'
import { type Declared, type Definitions, withoutDeclared } from './definitions.ts'
import type { UsedBearer, UsedValue } from './value.ts'

/** Of two definitions with one name the first counts. */
export interface Part {
  /** One within a configuration. */
  id: string
  definitions: readonly Definitions[]
  accounts: ReadonlyMap<string, Account>
  services: ReadonlyMap<string, Service>
  actions: ReadonlyMap<string, Action>
  vars: readonly (readonly [name: string, value: Value])[]
  bearers: readonly UsedBearer[]
  /** Every name that is written, in order, also of definitions that the schema refused, and of those that do not count. */
  declared: readonly Declared[]
  /** Parts with the same text have the same names. */
  names: string
  /** Who uses which account, and with which parameters, by name. */
  uses: string
  hasParameters: boolean
  /** Undefined where none is written. */
  daemon: DaemonSettings | undefined
  /** False when a top-level part could not be read: a name may be meant that is not here. */
  isNamed: boolean
  /** False when a definition was refused: what it uses is not known. */
  isComplete: boolean
  /** Names that its definitions use and it does not have. */
  foreign: { accounts: readonly string[]; services: readonly string[] }
}

export function partOf(id: string, written: readonly Definitions[]): Part {
  const ids = new Set<string>()
  const declared: Declared[] = []
  const definitions = written.map(one => firstOnes(one, ids, declared))
  return { ...joined(definitions), id, declared, names: namesIn(definitions, declared) }
}

/** Without these, which are somebody else's. */
export function withoutOthers(part: Part, others: readonly Declared[]): Part {
  return { ...part, ...joined(part.definitions.map(one => withoutDeclared(one, others))) }
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

function joined(definitions: readonly Definitions[]) {
  const accounts = new Map<string, Account>()
  const services = new Map<string, Service>()
  const actions = new Map<string, Action>()
  for (const one of definitions) {
    for (const account of one.accounts) accounts.set(account.key, account)
    for (const service of one.services) services.set(service.name, service)
    for (const action of one.actions) actions.set(action.name, action)
  }
  const vars = definitions.flatMap(one => Object.entries(one.vars))
  const bearers = definitions.flatMap(one => one.bearers)
  const owners = [...services.values()]
  return {
    definitions,
    accounts,
    services,
    actions,
    vars,
    bearers,
    uses: usesOf(owners, bearers),
    hasParameters: owners.some(({ parameters }) => parameters.length > 0),
    daemon: definitions.find(({ daemon }) => daemon.place)?.daemon,
    isNamed: definitions.every(one => one.isNamed),
    isComplete: definitions.every(one => one.isComplete),
    foreign: {
      accounts: unknownIn(
        accounts,
        owners.map(({ account }) => account),
      ),
      services: unknownIn(
        services,
        [...actions.values()].map(({ service }) => service),
      ),
    },
  }
}

function unknownIn(known: ReadonlyMap<string, unknown>, names: readonly (string | undefined)[]): string[] {
  return [...new Set(names)].filter(name => name !== undefined && !known.has(name)) as string[]
}

function namesIn(definitions: readonly Definitions[], declared: readonly Declared[]): string {
  const own = definitions.flatMap(({ accounts, services, actions }) => [
    ...accounts.map(({ key }) => `account ${key}`),
    ...services.map(({ name }) => `service ${name}`),
    ...actions.map(({ name }) => `action ${name}`),
  ])
  return JSON.stringify([declared.map(({ id }) => id), own])
}

function usesOf(services: readonly Service[], bearers: readonly UsedBearer[]): string {
  return JSON.stringify([
    services.map(({ name, account, parameters }) => [name, account, parameters.map(parameter => parameter.name)]),
    bearers.map(({ value, use, owner }) => [value.reference.account, use, owner && ownerId(owner)]),
  ])
}

function ownerId(owner: NonNullable<UsedValue['owner']>): string {
  if ('authorization' in owner) return `account ${owner.key}`
  return `${'target' in owner ? 'action' : 'service'} ${owner.name}`
}
