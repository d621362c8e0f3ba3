// Certificates and keys that cannot be used are told when a configuration starts, not when the first request needs them.
import { AppError } from '../../base/error.ts'
import { selecting } from '../../base/grouped.ts'
import { mapLimited } from '../../base/map-limited.ts'
import type { AccountPlan, Connection, Plan, ServicePlan } from '../../compile/plan.ts'
import type { Values } from '../../compile/text.ts'
import type { AccountEffects } from '../generation/live-account.ts'
import { readValues } from '../secrets/values.ts'

/** Of the files that a process may have open, few. */
const FILES_AT_ONCE = 16

function hasConnection(plan: AccountPlan | ServicePlan): boolean {
  return 'connect' in plan && plan.connect !== undefined
}

const accountsWithConnection = selecting<AccountPlan>(hasConnection)
const servicesWithConnection = selecting<ServicePlan>(hasConnection)

/** Never rejects: what is wrong now may be right when it is needed. */
export async function checkConnections(plan: Plan, effects: AccountEffects): Promise<void> {
  await mapLimited(accountsWithConnection(plan.accounts), FILES_AT_ONCE, account => checkAccount(account, effects))
  await mapLimited(servicesWithConnection(plan.services), FILES_AT_ONCE, service =>
    checkService(service, plan, effects),
  )
}

async function checkAccount(plan: AccountPlan, effects: AccountEffects): Promise<void> {
  if (plan.kind !== 'oauth2' || !plan.connect || plan.needsValues) return
  await check({ account: plan.name }, plan, effects)
}

async function checkService(plan: ServicePlan, { accounts }: Plan, effects: AccountEffects): Promise<void> {
  const account = accounts.get(plan.account)
  if (!plan.connect || plan.parameters || !account) return
  const references = [...plan.references, ...account.references]
  await check({ service: plan.name }, { references, connect: plan.connect }, effects)
}

async function check(
  owner: { account: string } | { service: string },
  { references, connect }: { references: AccountPlan['references']; connect?(values: Values): Connection },
  { secrets, clock, log }: AccountEffects,
): Promise<void> {
  const files = references.filter(({ kind }) => kind === 'file')
  try {
    connect?.(await readValues(files, secrets, clock))
  } catch (error) {
    if (error instanceof AppError) log.error({ ...owner, code: error.code }, error.message)
  }
}
