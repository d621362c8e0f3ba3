// A plan at work: one complete, immutable set of accounts and services. Built beside the running one; what did not change
// is carried over with its tokens.
import { AppError } from '../../base/error.ts'
import { entriesApart, type Grouped, mapValues, selecting } from '../../base/grouped.ts'
import { mapLimited } from '../../base/map-limited.ts'
import type { ActionPlan } from '../../compile/actions/action-plan.ts'
import { unknownParameter } from '../../compile/parameters.ts'
import type { AccountPlan, Plan, ServicePlan } from '../../compile/plan.ts'
import type { Params } from '../../config/templates/scope.ts'
import { suggest } from '../../diagnostics/suggest.ts'
import { isSecretFile } from '../secrets/values.ts'
import {
  type AccountEffects,
  adoptToken,
  createLiveAccount,
  type LiveAccount,
  shareLiveAccount,
} from './live-account.ts'
import { createLiveAction, type LiveAction } from './live-action.ts'
import { createLiveCallers, type LiveCallers } from './live-callers.ts'
import { createLiveService, type LiveService } from './live-service.ts'
import { Variants } from './variants.ts'

export interface Generation {
  id: number
  activatedAtMs: number
  plan: Plan
  accounts: Grouped<LiveAccount>
  /** One for each definition. One with parameters only says what it is; `variants` has those that run. */
  services: Grouped<LiveService>
  variants: Variants
  actions: Grouped<LiveAction>
  /** Undefined: everyone who can connect may use the daemon. */
  callers: LiveCallers | undefined
  /** The service for these values. Throws AppError `unknown_service` or `invalid_parameter`. */
  service(name: string, params?: Params): LiveService
  /** Throws AppError `unknown_action`. */
  action(name: string): LiveAction
  /** Throws AppError `unknown_service`. */
  definition(name: string): LiveService
  /** Throws AppError `secret_unavailable` for an account that this generation does not have. */
  account(name: string): LiveAccount
  checkSecrets(): Promise<void>
}

export function buildGeneration(plan: Plan, effects: AccountEffects, previous: Generation | undefined): Generation {
  const accounts = carryAccounts(plan, effects, previous)
  const services = carryServices(plan, { accounts, effects }, previous)
  const variants = new Variants(effects, accounts, plan, previous?.variants)
  const definition = (name: string): LiveService => services.get(name) ?? unknownService(name, services.keys())
  const actions = carryActions(plan, effects, previous)
  const callers = carryCallers(plan, effects, previous)
  return {
    id: (previous?.id ?? 0) + 1,
    activatedAtMs: effects.clock.nowMs(),
    plan,
    accounts,
    services,
    variants,
    actions,
    callers,
    definition,
    action: name => actions.get(name) ?? unknownAction(name, actions.keys()),
    service(name, params = {}) {
      const service = definition(name)
      if (service.plan.parameters) return variants.service(service.plan, params)
      const [unknown] = Object.keys(params)
      if (unknown !== undefined) throw unknownParameter(name, unknown, [])
      return service
    },
    account(name) {
      // A request of the generation before may still name what is gone.
      const account = accounts.get(name)
      if (!account) throw new AppError('secret_unavailable', `account \`${name}\` is gone`, { account: name })
      return account
    },
    async checkSecrets() {
      const parts = [...ownersIn(this), ...servicesIn(this), ...actions.values()].filter(hasSecretFiles)
      await mapLimited([...parts, ...(callers ? [callers] : [])], FILES_AT_ONCE, part => part.checkSecrets())
    },
  }
}

/** Of the files that a process may have open, few. */
const FILES_AT_ONCE = 16

function hasSecretFiles({ plan }: LiveAccount | LiveService | LiveAction): boolean {
  return plan.references.some(isSecretFile)
}

/** Most are the very same. */
function isSame<P extends { fingerprint: string }>(a: P, b: P): boolean {
  return a === b || a.fingerprint === b.fingerprint
}

function carryServices(
  plan: Plan,
  { accounts, effects }: { accounts: Grouped<LiveAccount>; effects: AccountEffects },
  previous: Generation | undefined,
): Grouped<LiveService> {
  const make = (service: ServicePlan): LiveService => {
    const account = accounts.get(service.account)!
    const old = previous?.services.get(service.name)
    const unchanged = old && isSame(old.plan, service) && old.account === account
    return unchanged ? old : createLiveService(service, account, effects)
  }
  // The same plan of a service has the same plan of its account, but another one may own its token now.
  const moved = new Set(
    sharingGroups(plan, previous).flatMap(number =>
      [...accounts.groups[number]!].flatMap(([key, live]) => (previous?.accounts.get(key) === live ? [] : [key])),
    ),
  )
  const isKept = (live: ReadonlyMap<string, LiveService>) =>
    moved.size === 0 || ![...live.values()].some(service => moved.has(service.plan.account))
  return carryGroups(plan.services, previous && { plans: previous.plan.services, live: previous.services }, {
    isKept,
    make,
  })
}

function carryActions(plan: Plan, effects: AccountEffects, previous: Generation | undefined): Grouped<LiveAction> {
  const make = (action: ActionPlan): LiveAction => {
    const old = previous?.actions.get(action.name)
    return old && isSame(old.plan, action) ? old : createLiveAction(action, effects)
  }
  return carryGroups(plan.actions, previous && { plans: previous.plan.actions, live: previous.actions }, {
    isKept: () => true,
    make,
  })
}

interface Running<P, L> {
  plans: Grouped<P>
  live: Grouped<L>
}

function knownGroups<P, L>(running: Running<P, L> | undefined): Map<ReadonlyMap<string, P>, ReadonlyMap<string, L>> {
  return new Map(running?.plans.groups.map((group, index) => [group, running.live.groups[index]!]))
}

interface Carrying<P, L> {
  isKept(live: ReadonlyMap<string, L>): boolean
  make(plan: P): L
}

/** Group by group: what is made of the very same plans is taken over without looking at each. */
function carryGroups<P, L>(
  plans: Grouped<P>,
  before: Running<P, L> | undefined,
  { isKept, make }: Carrying<P, L>,
): Grouped<L> {
  const known = knownGroups(before)
  const groups = plans.groups.map(group => {
    const live = known.get(group)
    return live && isKept(live) ? live : mapValues(group, make)
  })
  return plans.with(groups)
}

function unknownAction(name: string, known: Iterable<string>): never {
  const nearest = suggest(name, known)
  throw new AppError('unknown_action', `no action \`${name}\`${nearest ? `; did you mean \`${nearest}\`?` : ''}`)
}

function carryCallers(plan: Plan, effects: AccountEffects, previous: Generation | undefined): LiveCallers | undefined {
  const callers = plan.daemon.callers && createLiveCallers(plan.daemon.callers, effects)
  if (previous?.callers) callers?.adopt(previous.callers)
  return callers
}

const warmAccounts = selecting<LiveAccount>(({ plan }) => plan.kind === 'oauth2' && plan.keepWarm && !plan.needsValues)

/** Once it runs: the tokens that are always kept, and those that callers prove themselves with. */
export function warmGeneration({ accounts, callers }: Generation): void {
  void callers?.preload()
  for (const { owner } of warmAccounts(accounts)) owner.source.keepWarm()
}

function unknownService(name: string, known: Iterable<string>): never {
  const nearest = suggest(name, known)
  throw new AppError('unknown_service', `no service \`${name}\`${nearest ? `; did you mean \`${nearest}\`?` : ''}`, {
    service: name,
  })
}

function ownersOf(accounts: ReadonlyMap<string, LiveAccount>): Set<LiveAccount> {
  return new Set([...accounts.values()].map(({ owner }) => owner))
}

/** Accounts that are issued the same token share one source within a generation, and hand the token over across a reload. */
function carryAccounts(plan: Plan, effects: AccountEffects, previous: Generation | undefined): Grouped<LiveAccount> {
  const { accounts: plans, owners } = plan
  const groups: ReadonlyMap<string, LiveAccount>[] = []
  const ownerOf = ({ key }: AccountPlan): LiveAccount | undefined => {
    const owner = owners.byAccount.get(key)
    // The first with a token owns it: it is there already.
    return owner === undefined ? undefined : groups[plans.index.get(owner)!]!.get(owner)
  }
  const make = (account: AccountPlan): LiveAccount => {
    const owner = ownerOf(account)
    const old = previous?.accounts.get(account.key)
    if (old && isSame(old.plan, account) && old.owner === (owner ?? old)) return old
    return owner ? shareLiveAccount(account, owner) : startAccount(account, effects, previous)
  }
  const sharing = new Set(sharingGroups(plan, previous))
  const known = knownGroups(previous && { plans: previous.plan.accounts, live: previous.accounts })
  for (const [number, group] of plans.groups.entries()) {
    const kept = sharing.has(number) ? undefined : known.get(group)
    if (kept) groups.push(kept)
    else {
      const live = new Map<string, LiveAccount>()
      groups.push(live)
      for (const account of group.values()) live.set(account.key, make(account))
    }
  }
  return plans.with(groups)
}

/** Where an account has its token of another one, or had it. */
function sharingGroups({ owners, accounts }: Plan, previous: Generation | undefined): number[] {
  const keys = [...owners.byAccount.keys(), ...(previous?.plan.owners.byAccount.keys() ?? [])]
  return [...new Set(keys.flatMap(key => accounts.index.get(key) ?? []))]
}

function startAccount(plan: AccountPlan, effects: AccountEffects, previous: Generation | undefined): LiveAccount {
  const live = createLiveAccount(plan, effects)
  const earlier = previous && ownerIn(previous, plan.tokenIdentity)
  if (earlier) adoptToken(live, earlier)
  return live
}

/** Of a token, whose values are not for certain values. */
function ownerIn({ accounts, plan }: Generation, tokenIdentity: string): LiveAccount | undefined {
  return accounts.get(plan.owners.byIdentity.get(tokenIdentity) ?? '')
}

/** Ends the background work of what the next generation did not take over, and forgets the tokens of what is gone. Requests in flight finish on what they hold. */
export function retireGeneration(old: Generation, next: Generation | undefined): void {
  for (const owner of leavingOwners(old, next)) {
    owner.source.stop()
    if (!next?.accounts.has(owner.plan.key)) owner.source.forget()
  }
  const variants = new Set(next?.variants.services())
  for (const [name, service] of entriesApart(old.services, next?.services))
    if (next?.services.get(name) !== service) service.stop()
  for (const service of old.variants.services()) if (!variants.has(service)) service.stop()
  for (const [name, action] of entriesApart(old.actions, next?.actions))
    if (next?.actions.get(name) !== action) action.stop()
}

/** Those of which the next generation has none: nearly all accounts stay as they are. */
function leavingOwners(old: Generation, next: Generation | undefined): Set<LiveAccount> {
  const owners = new Set(old.variants.owners())
  for (const [key, live] of entriesApart(old.accounts, next?.accounts))
    if (next?.accounts.get(key) !== live) owners.add(live.owner)
  const kept = new Set(next?.variants.owners())
  const stays = (owner: LiveAccount) => kept.has(owner) || next?.accounts.get(owner.plan.key) === owner
  return new Set([...owners].filter(owner => !stays(owner)))
}

/** Each account that has a token of its own or shares one, those for values of parameters included. */
export function liveAccounts({ accounts, variants }: Generation): LiveAccount[] {
  return [...accounts.values(), ...variants.accounts()]
}

function ownersIn({ accounts, variants }: Generation): Iterable<LiveAccount> {
  return new Set([...ownersOf(accounts), ...variants.owners()])
}

function servicesIn({ services, variants }: Generation): LiveService[] {
  return [...services.values(), ...variants.services()]
}
