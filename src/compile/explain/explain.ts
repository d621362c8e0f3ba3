// The pipeline of a service as a list of steps for people: what each does, takes and gives, and the line of YAML that says so.
import type { Config } from '../../config/model/config.ts'
import type { Plan } from '../plan.ts'
import { serviceSteps } from './explain-steps.ts'
import { type Explanation, originOf } from './explained-step.ts'

export { explainAction } from './explain-action.ts'
export { renderExplanationMermaid } from './explain-mermaid.ts'
export { renderExplanation } from './explain-text.ts'
export type { ExplainedStep, Explanation } from './explained-step.ts'

/** Undefined for a name that the configuration does not have. */
export function explainService(config: Config, plan: Plan, name: string): Explanation | undefined {
  const service = config.services.get(name)
  const account = service && config.accounts.get(service.account)
  if (!service || !account || !plan.services.has(name)) return undefined
  return {
    service: name,
    ...(service.title !== undefined && { title: service.title }),
    from: originOf(service.place),
    account: account.name,
    accountFrom: originOf(account.place),
    steps: serviceSteps(service, account, { config, told: new Set() }),
  }
}
