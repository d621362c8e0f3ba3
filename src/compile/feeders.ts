// Accounts that feed others: what a fed one is depends on its feeders.
import type { CompiledAccount } from './account.ts'
import type { ActionPlan } from './actions/action-plan.ts'
import { fingerprint } from './fingerprint.ts'
import type { AccountPlan, ServicePlan } from './plan.ts'

type Fed = Pick<AccountPlan | ServicePlan | ActionPlan, 'references'>

/** Gives accounts without what feeds them. */
export type FeederOf = (name: string) => CompiledAccount

/** What the feeders make of an account: another identity, and perhaps one that runs only with values. */
export function withFeeders(account: CompiledAccount, feederOf: FeederOf): CompiledAccount {
  const plan = fedPlan(account.plan, feederOf)
  return { ...account, plan: needsValues(account.plan, feederOf) ? { ...plan, needsValues: true } : plan }
}

/**
 * An account that another one feeds is a different one when that one is, and has another token when that one has. The rules
 * have refused circles.
 */
export function fedPlan(plan: AccountPlan, feederOf: FeederOf): AccountPlan {
  if (feedersOf(plan).length === 0) return plan
  const joined = (member: keyof CompiledAccount['own']) =>
    fingerprint(plan[member], feederPrints(plan, feederOf, member))
  return { ...plan, fingerprint: joined('fingerprint'), tokenIdentity: joined('tokenIdentity') }
}

/** So is a service or an action whose own texts an account feeds. */
export function withFedTexts<P extends ServicePlan | ActionPlan>(plan: P, feederOf: FeederOf): P {
  if (feedersOf(plan).length === 0) return plan
  return { ...plan, fingerprint: fingerprint(plan.fingerprint, feederPrints(plan, feederOf, 'fingerprint')) }
}

/** Whether an account, or one that feeds it, runs only with values of parameters. */
function needsValues(plan: AccountPlan, feederOf: FeederOf): boolean {
  return plan.needsValues === true || feedersOf(plan).some(name => needsValues(feederOf(name).plan, feederOf))
}

function feederPrints(plan: Fed, feederOf: FeederOf, member: keyof CompiledAccount['own']): unknown[] {
  return feedersOf(plan).map(name => {
    const feeder = feederOf(name)
    return [feeder.own[member], feederPrints(feeder.plan, feederOf, member)]
  })
}

/** The feeders of some plans, with those that feed them, each once. */
export function allFeeders(plans: Iterable<Fed>, feederOf: FeederOf): Set<CompiledAccount> {
  const found = new Set<CompiledAccount>()
  const ahead = [...plans].flatMap(feedersOf)
  for (let name = ahead.pop(); name !== undefined; name = ahead.pop()) {
    const feeder = feederOf(name)
    if (!found.has(feeder)) ahead.push(...feedersOf(feeder.plan))
    found.add(feeder)
  }
  return found
}

function feedersOf({ references }: Fed): string[] {
  return references.flatMap(reference => (reference.kind === 'account' ? [reference.account] : []))
}
