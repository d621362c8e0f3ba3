import type { ActionPlan } from '../../compile/actions/action-plan.ts';
import type { Values } from '../../compile/text.ts';
import { type AccountEffects } from './live-account.ts';
export interface LiveAction {
    plan: ActionPlan;
    /** Its secrets as they are now. Rejects with AppError `secret_unavailable`. */
    values(): Promise<Values>;
    checkSecrets(): Promise<void>;
    /** Calls back when one of its secrets has a new value, until the returned function is called. */
    onRenewed(listener: () => void): () => void;
    stop(): void;
}
export declare function createLiveAction(plan: ActionPlan, effects: AccountEffects): LiveAction;
