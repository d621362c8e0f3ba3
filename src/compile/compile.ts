// Config -> Plan. Pure and total: what could be wrong was found by the rules.
import { type Remember, rememberNothing } from '../base/memory.ts'
import { atOnce, mapValuesInSteps, type Steps } from '../base/steps.ts'
import { callerSecrets } from '../config/definitions/value.ts'
import type { Config } from '../config/model/config.ts'
import type { Account, Action, SecretReference, Service } from '../config/model/model.ts'
import type { Params } from '../config/templates/scope.ts'
import { type CompiledAccount, compileAccount, compileGeneral } from './account.ts'
import { compileAction } from './actions/action.ts'
import { fedPlan, fedService, isFed, withFeeders } from './feeders.ts'
import { watchedPath } from './file-reference.ts'
import { type PlacelessConfig, withoutPlaces } from './placeless.ts'
import type { Plan, ServicePlan, SpecializedService } from './plan.ts'
import { compileService } from './service.ts'

export function compilePlan(written: Config, remember: Remember = rememberNothing): Plan {
  return atOnce(compileInSteps(written, remember))
}

export function* compileInSteps(written: Config, remember: Remember): Steps<Plan> {
  const config = withoutPlaces(written)
  const { scopes } = config
  const compile = <T extends Account | Service | Action, C>(owner: T, made: (copy: T) => C, ...from: unknown[]): C => {
    written.scopes.addSources(owner, from)
    return remember(owner, from, () => made(config.copy(owner)))
  }
  const own = yield* mapValuesInSteps(written.accounts, account =>
    compile(account, copy => compileGeneral(copy, scopes.of(copy))),
  )
  const feederOf = (name: string) => own.get(name)!
  const compiled =
    written.bearers.length === 0
      ? own
      : yield* mapValuesInSteps(own, account => (isFed(account) ? withFeeders(account, feederOf) : account))
  const services = yield* mapValuesInSteps(written.services, service => {
    const [account, unfed] = [compiled.get(service.account)!, own.get(service.account)]
    const made = (copy: Service) => ({
      ...compileService(copy, account, scopes.of(copy)),
      ...listening(written, service.name),
    })
    return fedService(compile(service, made, unfed, account.plan.fingerprint), feederOf)
  })
  const actions = yield* mapValuesInSteps(written.actions, action =>
    compile(action, copy => compileAction(copy, scopes)),
  )
  const accounts = yield* mapValuesInSteps(compiled, ({ plan }) => plan)
  return {
    accounts,
    services,
    actions,
    specialize(name, values) {
      services.get(name)!.parameters!.check(values)
      return specializeService({ config, compiled }, config.service(name)!, values)
    },
    daemon: written.daemon,
    secretFiles: secretFilesOf(written, [accounts.values(), services.values(), actions.values()]),
  }
}

/** Of a service with an address of its own. */
function listening({ services }: Config, name: string): Pick<ServicePlan, 'listen'> {
  const { listen: address, place } = services.get(name)!
  if (address === undefined) return {}
  const { document, path } = place
  return { listen: { address, file: document.source.file, range: document.locate([...path, 'listen'], 'value').range } }
}

function secretFilesOf(config: Config, plans: Iterable<{ references: readonly SecretReference[] }>[]): string[] {
  const files = new Set(Object.values(config.daemon.tls ?? {}))
  const add = (references: readonly SecretReference[]) => {
    for (const reference of references) {
      const path = watchedPath(reference)
      if (path !== undefined) files.add(path)
    }
  }
  for (const some of plans) for (const { references } of some) add(references)
  add(callerReferences(config))
  return [...files].sort()
}

function callerReferences({ daemon }: Config): SecretReference[] {
  const values = (daemon.callers ?? []).flatMap(callerSecrets)
  return values.flatMap(value => (value.kind === 'secret' ? [value.reference] : []))
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
  const values = { params, accountKey: (name: string) => accountOf(name).plan.key }
  const accountOf = (key: string): CompiledAccount => {
    const known = made.get(key)
    if (known) return known
    const account = config.account(key)!
    const own = compileAccount(account, scopes.of(account, values))
    const plan = fedPlan(own.plan, accountOf)
    const general = compiled.get(key)!
    const same = plan.fingerprint === general.plan.fingerprint
    const special = { ...own, plan: { ...plan, key: `${key}#${plan.fingerprint}`, generalKey: key, params } }
    made.set(key, same ? { ...general, credential: own.credential } : special)
    return made.get(key)!
  }
  const account = accountOf(service.account)
  const plan = compileService(service, account, scopes.of(service, values))
  const accounts = [...made.values()].flatMap(({ plan: own }) => (own.params ? [own] : []))
  return { service: { ...plan, account: account.plan.key, params }, accounts }
}
