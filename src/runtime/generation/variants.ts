// The live services of one generation for values of their parameters: made at first use, each with tokens of its own, at
// most the service's limit of them. The least recently used leaves, and what only it used ends with it.
import { AppError } from '../../base/error.ts'
import { type Grouped, selecting } from '../../base/grouped.ts'
import type { Steps } from '../../base/steps.ts'
import type { AccountPlan, Plan, ServicePlan, SpecializedService } from '../../compile/plan.ts'
import type { Params } from '../../config/templates/scope.ts'
import type { SecretStore } from '../secrets/secret-store.ts'
import {
  type AccountEffects,
  adoptToken,
  createLiveAccount,
  fedSecret,
  feed,
  type LiveAccount,
  shareLiveAccount,
} from './live-account.ts'
import { createLiveService, type LiveService } from './live-service.ts'

interface Variant {
  values: Params
  /** Fingerprint of the service's plan without values, from which its plans were made. */
  general: string
  plans: SpecializedService
  service: LiveService
}

/** Counted by those who use it. */
interface Used<T> {
  value: T
  users: number
}

/** Then those are left out for whom nobody waits any more. */
const MANY = 1_000

const variedServices = selecting<ServicePlan>(({ parameters }) => parameters !== undefined)

export class Variants {
  readonly #effects: AccountEffects
  /** Those without values; they outlive every variant. */
  readonly #accounts: Grouped<LiveAccount>
  readonly #general: (tokenIdentity: string) => LiveAccount | undefined
  readonly #previous: Variants | undefined
  readonly #specialize: Plan['specialize']
  /** By service, then by values, the least recently used first. */
  readonly #services = new Map<string, Map<string, Variant>>()
  readonly #own = new Map<string, Used<LiveAccount>>()
  readonly #owners = new Map<string, Used<LiveAccount>>()
  /** Who still waits for a token of values that left, by its identity, or for their service's own secrets. */
  readonly #waiting = new Map<string, Set<() => void>>()

  /** Takes over what is live in `previous` and still fits, with its tokens. */
  constructor(effects: AccountEffects, accounts: Grouped<LiveAccount>, plan: VariedPlan, previous?: Variants) {
    this.#effects = effects
    this.#accounts = accounts
    this.#specialize = plan.specialize
    this.#previous = previous
    this.#general = identity => accounts.get(plan.owners.byIdentity.get(identity) ?? '')
    for (const service of variedServices(plan.services)) this.#carry(service)
    this.#previous = undefined
  }

  /** What a service with another fingerprint must be compiled for anew. */
  *outdated({ name, fingerprint, parameters }: ServicePlan): Iterable<Params> {
    const before = [...(this.#services.get(name)?.values() ?? [])].slice(-parameters!.limit)
    for (const { values, general } of before) if (general !== fingerprint) yield values
  }

  /** Throws AppError `invalid_parameter`; nothing is kept then. */
  service(plan: ServicePlan, given: Params): LiveService {
    const values = plan.parameters!.fill(given)
    const id = JSON.stringify(Object.values(values))
    const variants = this.#variantsOf(plan)
    const variant = variants.get(id) ?? this.#create(plan, values)
    variants.delete(id)
    variants.set(id, variant)
    if (variants.size > plan.parameters!.limit) this.#remove(variants, variants.keys().next().value!)
    return variant.service
  }

  /** What is live of a service. */
  live(service: string): LiveService[] {
    return [...(this.#services.get(service)?.values() ?? [])].map(variant => variant.service)
  }

  account(key: string): LiveAccount | undefined {
    return this.#own.get(key)?.value
  }

  /** Those for values. */
  accounts(): LiveAccount[] {
    return [...this.#own.values()].map(({ value }) => value)
  }

  owner(tokenIdentity: string): LiveAccount | undefined {
    return this.#general(tokenIdentity) ?? this.#owners.get(tokenIdentity)?.value
  }

  /** Those that no account without values owns. */
  owners(): LiveAccount[] {
    return [...this.#owners.values()].map(({ value }) => value)
  }

  services(): LiveService[] {
    return [...this.#services.keys()].flatMap(name => this.live(name))
  }

  #variantsOf({ name }: ServicePlan): Map<string, Variant> {
    const variants = this.#services.get(name) ?? new Map<string, Variant>()
    this.#services.set(name, variants)
    return variants
  }

  #create(plan: ServicePlan, values: Params, before?: Variant): Variant {
    const plans = before?.plans ?? this.#specialize(plan.name, values)
    const accounts = new Map(plans.accounts.map(account => [account.key, account]))
    const live = new Map<string, LiveAccount>()
    const effects = withFeeders(this.#effects, live)
    for (const [key, account] of accounts) live.set(key, this.#acquire(account, effects))
    const account = live.get(plans.service.account) ?? this.#accounts.get(plans.service.account)!
    const kept = before?.service.account === account ? before.service : undefined
    const service = kept ?? createLiveService(plans.service, account, effects)
    if (!kept && service.own) this.#inherit(ownOf(plan.name, values), service.own)
    return { values, general: plan.fingerprint, plans, service }
  }

  #acquire(plan: AccountPlan, effects: AccountEffects): LiveAccount {
    const known = this.#own.get(plan.key)
    if (known) {
      known.users++
      return known.value
    }
    const before = this.#previous?.account(plan.key)
    const general = this.#general(plan.tokenIdentity)
    const shared = this.#owners.get(plan.tokenIdentity)
    const owner = general ?? shared?.value ?? before?.owner ?? this.#start(plan, effects)
    const live = before?.owner === owner ? before : owner.plan === plan ? owner : shareLiveAccount(plan, owner)
    if (shared) shared.users++
    else if (!general) this.#owners.set(plan.tokenIdentity, { value: owner, users: 1 })
    this.#own.set(plan.key, { value: live, users: 1 })
    return live
  }

  #start(plan: AccountPlan, effects: AccountEffects): LiveAccount {
    const live = createLiveAccount(plan, effects)
    const earlier = this.#previous?.owner(plan.tokenIdentity)
    if (earlier) adoptToken(live, earlier)
    this.#inherit(plan.tokenIdentity, live.source)
    if (plan.kind === 'oauth2' && plan.keepWarm) live.source.keepWarm()
    return live
  }

  #inherit(identity: string, source: LiveAccount['source']): void {
    const waiting = this.#waiting.get(identity)
    if (waiting) source.inherit(waiting)
    this.#waiting.delete(identity)
  }

  #remove(variants: Map<string, Variant>, id: string): void {
    const { values, plans, service } = variants.get(id)!
    variants.delete(id)
    service.stop()
    if (service.own) this.#keepWaiting(ownOf(service.plan.name, values), service.own.listeners)
    for (const plan of plans.accounts) this.#release(plan)
  }

  #release({ key, tokenIdentity }: AccountPlan): void {
    const account = this.#own.get(key)!
    if (--account.users > 0) return
    this.#own.delete(key)
    const owner = this.#owners.get(tokenIdentity)
    if (!owner || --owner.users > 0) return
    this.#owners.delete(tokenIdentity)
    this.#keepWaiting(tokenIdentity, owner.value.source.listeners)
    owner.value.source.stop()
    this.#effects.onLeft?.(owner.value)
    owner.value.source.forget()
  }

  #keepWaiting(identity: string, listeners: Set<() => void>): void {
    if (listeners.size === 0) return
    if (this.#waiting.size >= MANY)
      for (const [left, { size }] of this.#waiting) if (size === 0) this.#waiting.delete(left)
    this.#waiting.set(identity, listeners)
  }

  #carry(plan: ServicePlan): void {
    if (!this.#previous || !plan.parameters) return
    const before = this.#previous.#services.get(plan.name) ?? new Map<string, Variant>()
    const variants = this.#variantsOf(plan)
    for (const variant of [...before.values()].slice(-plan.parameters.limit)) {
      const carried = this.#recreate(plan, variant)
      if (carried) variants.set(JSON.stringify(Object.values(carried.values)), carried)
    }
  }

  /** Undefined for values that the new definition does not take. */
  #recreate(plan: ServicePlan, before: Variant): Variant | undefined {
    if (before.general === plan.fingerprint) return this.#create(plan, before.values, before)
    try {
      return this.#create(plan, plan.parameters!.fill(before.values))
    } catch (error) {
      if (error instanceof AppError) return undefined
      throw error
    }
  }
}

/** Of a plan, what variants are made of. */
export type VariedPlan = Pick<Plan, 'services' | 'owners' | 'specialize'>

/**
 * The same plan, of which those values that are live now are compiled already: there may be thousands of them, and a
 * generation is built in one step.
 */
export function* specializeAhead(plan: Plan, previous: Variants | undefined): Steps<Plan> {
  const ahead = new Map<string, SpecializedService>()
  for (const service of previous ? variedServices(plan.services) : [])
    for (const before of previous!.outdated(service)) {
      const values = valuesFor(service, before)
      if (values) ahead.set(ownOf(service.name, values), plan.specialize(service.name, values))
      yield
    }
  if (ahead.size === 0) return plan
  const specialize: Plan['specialize'] = (name, values) => {
    const id = ownOf(name, values)
    const made = ahead.get(id)
    ahead.delete(id)
    return made ?? plan.specialize(name, values)
  }
  return { ...plan, specialize }
}

/** Undefined for values that the definition does not take. */
function valuesFor({ parameters }: ServicePlan, given: Params): Params | undefined {
  try {
    const values = parameters!.fill(given)
    parameters!.check(values)
    return values
  } catch (error) {
    if (error instanceof AppError) return undefined
    throw error
  }
}

function ownOf(service: string, values: Params): string {
  return JSON.stringify([service, values])
}

/** Accounts of the same values come first: only here they are known. */
function withFeeders(effects: AccountEffects, live: ReadonlyMap<string, LiveAccount>): AccountEffects {
  const feeder: AccountEffects['feeder'] = reference => live.get(reference.key ?? '') ?? effects.feeder(reference)
  const read: SecretStore['read'] = async reference =>
    reference.kind === 'account' ? fedSecret(await feed(feeder(reference)), reference) : effects.secrets.read(reference)
  return { ...effects, feeder, secrets: { read } }
}
