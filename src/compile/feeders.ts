// Accounts that feed others: what a fed one is depends on its feeders.
import type { CompiledAccount } from './account.ts'
import { fingerprint } from './fingerprint.ts'
import type { AccountPlan } from './plan.ts'

/** Gives accounts without what feeds them. */
export type FeederOf = (name: string) => CompiledAccount

export function isFed({ plan }: CompiledAccount): boolean {
  return plan.references.some(({ kind }) => kind === 'account')
}

/** What the feeders make of an account: another identity, and perhaps one that runs only with values. */
export function withFeeders(account: CompiledAccount, feederOf: FeederOf): CompiledAccount {
  const plan = fedPlan(account.plan, feederOf)
  return { ...account, plan: needsValues(account.plan, feederOf) ? { ...plan, needsValues: true } : plan }
}

/** An account that another one feeds is a different one when that one is. The rules have refused circles. */
export function fedPlan(plan: AccountPlan, feederOf: FeederOf): AccountPlan {
  const feeders = feederIdentities(plan, feederOf)
  if (feeders.length === 0) return plan
  return {
    ...plan,
    fingerprint: fingerprint(plan.fingerprint, feeders),
    tokenIdentity: fingerprint(plan.tokenIdentity, feeders),
  }
}

/** Whether an account, or one that feeds it, runs only with values of parameters. */
function needsValues(plan: AccountPlan, feederOf: FeederOf): boolean {
  return plan.needsValues === true || feedersOf(plan).some(name => needsValues(feederOf(name).plan, feederOf))
}

function feederIdentities(plan: AccountPlan, feederOf: FeederOf): unknown[] {
  return feedersOf(plan).map(name => {
    const feeder = feederOf(name)
    return [feeder.own, feederIdentities(feeder.plan, feederOf)]
  })
}

function feedersOf({ references }: AccountPlan): string[] {
  return references.flatMap(reference => (reference.kind === 'account' ? [reference.account] : []))
}
