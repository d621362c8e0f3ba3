// A plan at work: one complete, immutable set of accounts and services. Built beside the running one; what did not change
// is carried over with its tokens.
import { AppError } from '../../base/error.ts'
import { mapLimited } from '../../base/map-limited.ts'
import { unknownParameter } from '../../compile/parameters.ts'
import type { AccountPlan, Plan } from '../../compile/plan.ts'
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
  accounts: ReadonlyMap<string, LiveAccount>
  /** One for each definition. One with parameters only says what it is; `variants` has those that run. */
  services: ReadonlyMap<string, LiveService>
  variants: Variants
  actions: ReadonlyMap<string, LiveAction>
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
  const services = new Map<string, LiveService>()
  for (const service of plan.services.values()) {
    const account = accounts.get(service.account)!
    const old = previous?.services.get(service.name)
    const unchanged = old && isSame(old.plan, service) && old.account === account
    services.set(service.name, unchanged ? old : createLiveService(service, account, effects))
  }
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

function carryActions(plan: Plan, effects: AccountEffects, previous: Generation | undefined): Map<string, LiveAction> {
  const actions = new Map<string, LiveAction>()
  for (const action of plan.actions.values()) {
    const old = previous?.actions.get(action.name)
    actions.set(action.name, old && isSame(old.plan, action) ? old : createLiveAction(action, effects))
  }
  return actions
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

/** Once it runs: the tokens that are always kept, and those that callers prove themselves with. */
export function warmGeneration({ accounts, callers }: Generation): void {
  void callers?.preload()
  for (const { plan, owner } of accounts.values())
    if (plan.kind === 'oauth2' && plan.keepWarm && !plan.needsValues) owner.source.keepWarm()
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
function carryAccounts(
  plan: Plan,
  effects: AccountEffects,
  previous: Generation | undefined,
): Map<string, LiveAccount> {
  const sameToken = sameTokenIn(previous)
  const owners = new Map<string, LiveAccount>()
  const accounts = new Map<string, LiveAccount>()
  for (const account of plan.accounts.values()) {
    const owner = owners.get(account.tokenIdentity)
    const old = previous?.accounts.get(account.key)
    const unchanged = old && isSame(old.plan, account) && old.owner === (owner ?? old)
    const kept = unchanged ? old : undefined
    const live = kept ?? (owner ? shareLiveAccount(account, owner) : startAccount(account, effects, sameToken))
    if (!owner) owners.set(account.tokenIdentity, live)
    accounts.set(account.key, live)
  }
  return accounts
}

/** Few start, so they are looked up by identity only then. */
function sameTokenIn(previous: Generation | undefined): (identity: string) => LiveAccount | undefined {
  let byIdentity: Map<string, LiveAccount> | undefined
  return identity => {
    if (!byIdentity) {
      byIdentity = new Map()
      for (const live of previous?.accounts.values() ?? []) byIdentity.set(live.plan.tokenIdentity, live)
    }
    return byIdentity.get(identity)
  }
}

function startAccount(
  plan: AccountPlan,
  effects: AccountEffects,
  sameToken: (identity: string) => LiveAccount | undefined,
): LiveAccount {
  const live = createLiveAccount(plan, effects)
  const earlier = sameToken(plan.tokenIdentity)
  if (earlier) adoptToken(live, earlier)
  return live
}

/** Ends the background work of what the next generation did not take over, and forgets the tokens of what is gone. Requests in flight finish on what they hold. */
export function retireGeneration(old: Generation, next: Generation | undefined): void {
  let kept: ReadonlySet<LiveAccount> | undefined
  for (const owner of leavingOwners(old, next)) {
    kept ??= new Set(next && ownersIn(next))
    if (kept.has(owner)) continue
    owner.source.stop()
    if (!next?.accounts.has(owner.plan.key)) owner.source.forget()
  }
  const variants = new Set(next?.variants.services())
  for (const service of old.services.values()) if (next?.services.get(service.plan.name) !== service) service.stop()
  for (const service of old.variants.services()) if (!variants.has(service)) service.stop()
  for (const action of old.actions.values()) if (next?.actions.get(action.plan.name) !== action) action.stop()
}

/** Those of which the next generation may have none: nearly all accounts stay as they are. */
function leavingOwners(old: Generation, next: Generation | undefined): Set<LiveAccount> {
  const owners = new Set(old.variants.owners())
  for (const [key, live] of old.accounts) if (next?.accounts.get(key) !== live) owners.add(live.owner)
  return owners
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
