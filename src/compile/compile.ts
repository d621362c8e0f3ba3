// Config -> Plan. Pure and total: what could be wrong was found by the rules. Part by part: one is compiled again when it is
// another one, or something that it names.
import type { Grouped } from '../base/grouped.ts'
import { type Kept, keep, type Remember, rememberNothing } from '../base/memory.ts'
import { atOnce, mapValuesInSteps, type Steps } from '../base/steps.ts'
import type { Config } from '../config/model/config.ts'
import type { Service } from '../config/model/model.ts'
import type { ParameterValues, Params } from '../config/templates/scope.ts'
import { type CompiledAccount, compileAccount, compileGeneral } from './account.ts'
import { compileAction } from './actions/action.ts'
import type { ActionPlan } from './actions/action-plan.ts'
import { allFeeders, fedPlan, withFedTexts, withFeeders } from './feeders.ts'
import { type PlacelessConfig, withoutPlaces } from './placeless.ts'
import type { Plan, ServicePlan, SpecializedService } from './plan.ts'
import { secretFilesOf } from './secret-files.ts'
import { compileService } from './service.ts'
import { tokenOwners } from './token-owners.ts'

export function compilePlan(written: Config, remember: Remember = rememberNothing): Plan {
  return atOnce(compileInSteps(written, remember))
}

export function* compileInSteps(written: Config, remember: Remember): Steps<Plan> {
  const config = withoutPlaces(written, remember)
  const mapParts = partMapper(written, remember)
  const { compiled, own } = yield* compileAccounts(written, config, mapParts)
  const services = yield* compileServices(written, config, { compiled, own, mapParts })
  const actions = yield* compileActions(written, config, { own, mapParts })
  const accounts = yield* mapParts({
    what: 'plan',
    values: compiled,
    from: index => [compiled.groups[index]],
    make: ({ plan }) => plan,
  })
  return {
    accounts,
    services,
    actions,
    owners: tokenOwners(accounts, remember),
    specialize(name, values) {
      services.get(name)!.parameters!.check(values)
      return specializeService({ config, compiled }, config.service(name)!, values)
    },
    daemon: written.daemon,
    secretFiles: secretFilesOf(written.daemon, [accounts, services, actions], remember),
  }
}

interface MapParts<V, R> {
  what: string
  values: Grouped<V>
  /** From the very same things the same is made of the part with this index. */
  from(index: number): readonly unknown[]
  make(value: V): R
}

type PartMapper = <V, R>(map: MapParts<V, R>) => Steps<Grouped<R>>

function partMapper({ parts }: Config, remember: Remember): PartMapper {
  return function* <V, R>({ what, values, from, make }: MapParts<V, R>) {
    const made: ReadonlyMap<string, R>[] = []
    for (const [index, group] of values.groups.entries()) {
      const kept: Kept<ReadonlyMap<string, R>> = remember(what, parts[index]!.id, from(index), () => ({}))
      made.push(kept.made ?? (yield* keep(kept, mapValuesInSteps(group, make))))
    }
    return values.with(made)
  }
}

interface CompiledAccounts {
  compiled: Grouped<CompiledAccount>
  /** Without what feeds them. */
  own: Grouped<CompiledAccount>
}

function* compileAccounts(
  { accounts, from, bearers }: Config,
  { copy, scopes }: PlacelessConfig,
  mapParts: PartMapper,
): Steps<CompiledAccounts> {
  const own = yield* mapParts({
    what: 'account',
    values: accounts,
    from: index => from[index]!,
    make: account => compileGeneral(copy(account), scopes.of(copy(account))),
  })
  if (bearers.length === 0) return { own, compiled: own }
  const feederOf = (name: string) => own.get(name)!
  const compiled = yield* mapParts({
    what: 'fed account',
    values: own,
    from(index) {
      const group = own.groups[index]!
      const plans = [...group.values()].map(({ plan }) => plan)
      return [group, ...allFeeders(plans, feederOf)]
    },
    make: account => withFeeders(account, feederOf),
  })
  return { own, compiled }
}

interface ForServices extends CompiledAccounts {
  mapParts: PartMapper
}

function* compileServices(
  { services, parts, from, bearers }: Config,
  { copy, scopes }: PlacelessConfig,
  { compiled, own, mapParts }: ForServices,
): Steps<Grouped<ServicePlan>> {
  const unfed = yield* mapParts({
    what: 'service',
    values: services,
    from(index) {
      const foreign = parts[index]!.foreign.accounts.map(key => compiled.get(key))
      return [...from[index]!, compiled.groups[index], ...foreign]
    },
    make(service) {
      const plan = compileService(copy(service), compiled.get(service.account)!, scopes.of(copy(service)))
      return { ...plan, ...listening(service) }
    },
  })
  if (bearers.length === 0) return unfed
  const feederOf = (name: string) => own.get(name)!
  return yield* mapParts({
    what: 'fed service',
    values: unfed,
    from: index => [unfed.groups[index], ...allFeeders(unfed.groups[index]!.values(), feederOf)],
    make: service => withFedTexts(service, feederOf),
  })
}

function* compileActions(
  { actions, from, bearers }: Config,
  { copy, scopes }: PlacelessConfig,
  { own, mapParts }: Pick<ForServices, 'own' | 'mapParts'>,
): Steps<Grouped<ActionPlan>> {
  const unfed = yield* mapParts({
    what: 'action',
    values: actions,
    from: index => from[index]!,
    make: action => compileAction(copy(action), scopes),
  })
  if (bearers.length === 0) return unfed
  const feederOf = (name: string) => own.get(name)!
  return yield* mapParts({
    what: 'fed action',
    values: unfed,
    from: index => [unfed.groups[index], ...allFeeders(unfed.groups[index]!.values(), feederOf)],
    make: action => withFedTexts(action, feederOf),
  })
}

/** Of a service with an address of its own. */
function listening({ listen: address, place }: Service): Pick<ServicePlan, 'listen'> {
  if (address === undefined) return {}
  const { document, path } = place
  return { listen: { address, file: document.source.file, range: document.locate([...path, 'listen'], 'value').range } }
}

interface PlanParts {
  config: PlacelessConfig
  /** Without values. */
  compiled: ReadonlyMap<string, CompiledAccount>
}

/** An account that comes out the same with and without the values does not use them: its token is for all values. */
function specializeService(parts: PlanParts, service: Service, params: Params): SpecializedService {
  const { config, compiled } = parts
  const { scopes } = config
  const made = new Map<string, CompiledAccount>()
  const keys = new Keys(name => accountOf(name).plan.key)
  const accountOf = (key: string): CompiledAccount => {
    const known = made.get(key)
    if (known) return known
    const account = config.account(key)!
    const own = compileAccount(account, scopes.of(account, keys.values(params)))
    const plan = fedPlan(own.plan, accountOf)
    const general = compiled.get(key)!
    const same = plan.fingerprint === general.plan.fingerprint
    const special = { ...own, plan: { ...plan, key: `${key}#${plan.fingerprint}`, generalKey: key, params } }
    made.set(key, same ? { ...general, credential: own.credential } : special)
    return made.get(key)!
  }
  const account = accountOf(service.account)
  const plan = compileService(service, account, scopes.of(service, keys.values(params)))
  const accounts = [...made.values()].flatMap(({ plan: own }) => (own.params ? [own] : []))
  keys.end()
  return { service: { ...plan, account: account.plan.key, params }, accounts }
}

/** What is compiled keeps its scope, and must not keep the configuration of its time alive: this is what ends with it. */
class Keys {
  #keyOf: ((name: string) => string) | undefined

  constructor(keyOf: (name: string) => string) {
    this.#keyOf = keyOf
  }

  values(params: Params): ParameterValues {
    return { params, accountKey: name => this.#keyOf!(name) }
  }

  /** No scope is looked at any more. */
  end(): void {
    this.#keyOf = undefined
  }
}
