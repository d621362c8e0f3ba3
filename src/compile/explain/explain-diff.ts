// Two configurations -> what the change from one to the other means: for callers, for token endpoints, or for nobody.
import { relative } from 'node:path'
import type { Config } from '../../config/model/config.ts'
import type { Account, Action, Service } from '../../config/model/model.ts'
import { compilePlan } from '../compile.ts'
import type { AccountPlan, Plan, ServicePlan } from '../plan.ts'
import { actionFacts } from './action-facts.ts'
import { type Origin, originOf } from './explained-step.ts'
import { accountFacts, daemonFacts, type Fact, serviceFacts } from './facts.ts'
import { relocate } from './relocate.ts'

/** A checked configuration. Its files and relative paths are compared by their position. */
export interface Side {
  config: Config
  /** Absolute path of the folder where positions start. */
  folder: string
  /** It is one file, whose name says nothing. */
  singleFile: boolean
}

/** `old` or `new` is absent for what is written on one side only. */
export interface FactChange {
  field: string
  old?: string
  new?: string
}

export interface Presence {
  name: string
  from: Origin
}

export interface Moved {
  name: string
  old: Origin
  new: Origin
  /** False when only lines before it came or went. */
  otherFile: boolean
}

export interface ChangedService extends Presence {
  changes: FactChange[]
  /** When it changes, too, because its account does. */
  account?: { name: string; newToken: boolean }
}

export interface ChangedAction extends Presence {
  changes: FactChange[]
  /** When it changes, too, because the service that it is sent to does. */
  service?: string
}

export interface ChangedAccount extends Presence {
  inPlace: boolean
  changes: FactChange[]
  /** Names of the services that use it. */
  services: string[]
}

export interface NewAccount extends Presence {
  /** The account that had the same token before: none is asked for. */
  sameTokenAs?: string
}

export interface Comparison<Changed, New extends Presence = Presence> {
  removed: Presence[]
  changed: Changed[]
  new: New[]
  moved: Moved[]
  untouched: string[]
}

export interface ConfigDiff {
  services: Comparison<ChangedService>
  accounts: Comparison<ChangedAccount, NewAccount> & {
    /** Of those that were there before: the token that they hold is of no use any more. */
    newToken: ChangedAccount[]
  }
  actions: Comparison<ChangedAction>
  daemon: FactChange[]
}

interface View extends Side {
  plan: Plan
  /** Who has which token. */
  tokens: ReadonlyMap<string, string>
}

export function explainDiff(old: Side, next: Side): ConfigDiff {
  const [before, after] = [viewOf(old), viewOf(next)]
  const services = compare(before.config.services, after.config.services, [before, after], (was, is) =>
    serviceChange(was, is, before, after),
  )
  const named = (view: View) => new Map([...view.config.accounts].filter(([, account]) => !isInPlace(account)))
  const listed = compare(named(before), named(after), [before, after], (was, is) =>
    accountChange(was, is, before, after),
  )
  const accounts = [...listed.changed, ...changedInPlace(before, after)].sort(byName)
  const asksAnew = ({ name, inPlace }: ChangedAccount) => wantsToken(inPlace ? `services.${name}` : name, before, after)
  return {
    services,
    accounts: {
      ...listed,
      new: listed.new.map(account => ({ ...account, ...sameToken(account.name, before, after) })),
      newToken: accounts.filter(asksAnew),
      changed: accounts.filter(account => !asksAnew(account)),
    },
    actions: compare(before.config.actions, after.config.actions, [before, after], (was, is) =>
      actionChange([was, is], [before, after], services.changed),
    ),
    daemon: changesOf(daemonFacts(before.config.daemon), daemonFacts(after.config.daemon)),
  }
}

function viewOf(side: Side): View {
  const config = relocate(side.config, side.folder)
  const plan = compilePlan(config)
  const tokens = new Map([...plan.accounts.values()].map(({ tokenIdentity, name }) => [tokenIdentity, name]))
  return { ...side, config, plan, tokens }
}

function isInPlace({ key, name }: Account): boolean {
  return key !== name
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0
}

type Definition = Service | Account | Action

/** `changeOf` is undefined for two definitions that behave the same. */
function compare<T extends Definition, Changed extends Presence>(
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
  [old, next]: readonly [Side, Side],
  changeOf: (was: T, is: T) => Changed | undefined,
): Comparison<Changed> {
  const result: Comparison<Changed> = { removed: [], changed: [], new: [], moved: [], untouched: [] }
  for (const [key, was] of before) if (!after.has(key)) result.removed.push(presenceOf(was))
  for (const [key, is] of after) {
    const was = before.get(key)
    if (!was) {
      result.new.push(presenceOf(is))
      continue
    }
    const changed = changeOf(was, is)
    const moved = changed ? undefined : movedOf(was, is, old, next)
    if (changed) result.changed.push(changed)
    else if (moved) result.moved.push(moved)
    else result.untouched.push(is.name)
  }
  for (const list of [result.removed, result.changed, result.new, result.moved]) list.sort(byName)
  result.untouched.sort()
  return result
}

function presenceOf({ name, place }: Definition): Presence {
  return { name, from: originOf(place) }
}

/** Undefined for a definition at the same line of the same file of its folder. */
function movedOf(was: Definition, is: Definition, old: Side, next: Side): Moved | undefined {
  const [from, to] = [originOf(was.place), originOf(is.place)]
  const otherFile = fileWithin(was, old) !== fileWithin(is, next)
  const sameLine = from !== 'default' && to !== 'default' && from.line === to.line
  return otherFile || !sameLine ? { name: is.name, old: from, new: to, otherFile } : undefined
}

function fileWithin({ place }: Definition, { folder, singleFile }: Side): string {
  return singleFile ? '' : relative(folder, place.document.source.path)
}

function serviceChange(was: Service, is: Service, before: View, after: View): ChangedService | undefined {
  const [old, next] = [before.plan.services.get(was.name)!, after.plan.services.get(is.name)!]
  const facts = changesOf(factsOfService(was, before), factsOfService(is, after))
  const changes = [...facts, ...feederChanges(next, before, after)]
  const account = accountEffect([was.account, is.account], before, after)
  if (changes.length === 0 && !account && old.fingerprint === next.fingerprint) return undefined
  return { ...presenceOf(is), changes: orUnnamed(changes, account !== undefined), ...(account && { account }) }
}

function actionChange(
  [was, is]: readonly [Action, Action],
  [before, after]: readonly [View, View],
  services: readonly ChangedService[],
): ChangedAction | undefined {
  const facts = (action: Action, { config }: View) => actionFacts(action, config.scopes.ofAction(action))
  const changes = changesOf(facts(was, before), facts(is, after))
  const service = services.find(({ name }) => name === is.service)?.name
  if (changes.length === 0 && service === undefined) return undefined
  return { ...presenceOf(is), changes, ...(service !== undefined && { service }) }
}

function factsOfService(service: Service, { config }: View): Fact[] {
  return serviceFacts(service, config.accounts.get(service.account)!, config.scopes.of(service))
}

/** Another account says so itself; what it means for the token is told here. */
function accountEffect([old, next]: readonly [string, string], before: View, after: View): ChangedService['account'] {
  const [was, is] = [before.plan.accounts.get(old)!, after.plan.accounts.get(next)!]
  const newToken = is.kind === 'oauth2' && !before.tokens.has(is.tokenIdentity)
  const changed = old === next ? was.fingerprint !== is.fingerprint : newToken
  return changed ? { name: is.name, newToken } : undefined
}

/** The daemon hands a token over to any account with the same identity, whatever its name. */
function wantsToken(key: string, before: View, after: View): boolean {
  const is = after.plan.accounts.get(key)
  return is?.kind === 'oauth2' && !before.tokens.has(is.tokenIdentity)
}

function sameToken(key: string, before: View, after: View): { sameTokenAs?: string } {
  const is = after.plan.accounts.get(key)
  const holder = is?.kind === 'oauth2' ? before.tokens.get(is.tokenIdentity) : undefined
  return holder === undefined ? {} : { sameTokenAs: holder }
}

function accountChange(was: Account, is: Account, before: View, after: View): ChangedAccount | undefined {
  const [old, next] = [before.plan.accounts.get(was.key)!, after.plan.accounts.get(is.key)!]
  if (old.fingerprint === next.fingerprint) return undefined
  const changes = changesOf(
    accountFacts(was, before.config.scopes.of(was)),
    accountFacts(is, after.config.scopes.of(is)),
  )
  const feeders = feederChanges(next, before, after)
  const users = [...after.config.services.values()].filter(service => service.account === is.key)
  return {
    ...presenceOf(is),
    inPlace: isInPlace(is),
    changes: orUnnamed([...changes, ...feeders], false),
    services: users.map(({ name }) => name).sort(),
  }
}

function changedInPlace(before: View, after: View): ChangedAccount[] {
  return [...after.config.accounts.values()].filter(isInPlace).flatMap(is => {
    const was = before.config.accounts.get(is.key)
    return (was && accountChange(was, is, before, after)) ?? []
  })
}

/** The accounts that feed this one and get another token themselves. */
function feederChanges({ references }: AccountPlan | ServicePlan, before: View, after: View): FactChange[] {
  const names = references.flatMap(reference => (reference.kind === 'account' ? [reference.account] : []))
  return [...new Set(names)].flatMap(name => {
    const [was, is] = [before.plan.accounts.get(name), after.plan.accounts.get(name)]
    if (!was || !is || was.tokenIdentity === is.tokenIdentity) return []
    return [{ field: `bearer of account ${name}`, old: 'as it was', new: 'a new one' }]
  })
}

function changesOf(before: readonly Fact[], after: readonly Fact[]): FactChange[] {
  const fields = [...new Set([...before, ...after].map(({ field }) => field))]
  return fields.flatMap(field => {
    const was = before.find(fact => fact.field === field)
    const is = after.find(fact => fact.field === field)
    return was?.identity === is?.identity ? [] : [changeOf(field, was, is)]
  })
}

function changeOf(field: string, was: Fact | undefined, is: Fact | undefined): FactChange {
  // Two literal secrets are said the same way.
  const shown = is && is.shown === was?.shown ? `${is.shown} (another one)` : is?.shown
  return { field, ...(was && { old: was.shown }), ...(shown !== undefined && { new: shown }) }
}

/** A behaviour that changes by something without a word here must not look untouched. */
function orUnnamed(changes: FactChange[], explained: boolean): FactChange[] {
  return changes.length > 0 || explained ? changes : [{ field: 'definition', old: 'as it was', new: 'another one' }]
}
