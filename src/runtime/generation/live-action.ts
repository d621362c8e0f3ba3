// An action at work: its plan and the secrets of its own texts.
import type { ActionPlan } from '../../compile/actions/action-plan.ts'
import type { Values } from '../../compile/text.ts'
import { valuesWithout } from '../secrets/values.ts'
import { type AccountEffects, createSecretSource, onAnyRenewed } from './live-account.ts'

export interface LiveAction {
  plan: ActionPlan
  /** Its secrets as they are now. Rejects with AppError `secret_unavailable`. */
  values(): Promise<Values>
  checkSecrets(): Promise<void>
  /** Calls back when one of its secrets has a new value, until the returned function is called. */
  onRenewed(listener: () => void): () => void
  stop(): void
}

export function createLiveAction(plan: ActionPlan, effects: AccountEffects): LiveAction {
  const own = plan.references.length > 0 ? createSecretSource(plan.references, effects) : undefined
  return {
    plan,
    values: async () => (own ? (await own.source.get()).values : valuesWithout(effects.clock)),
    async checkSecrets() {
      await own?.checkSecrets()
    },
    onRenewed: listener => onAnyRenewed(own?.sources() ?? [], listener),
    stop() {
      own?.source.stop()
    },
  }
}
