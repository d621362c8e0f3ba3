import type { Plan } from '../../compile/plan.ts';
import type { AccountEffects } from '../generation/live-account.ts';
/** Never rejects: what is wrong now may be right when it is needed. */
export declare function checkConnections(plan: Plan, effects: AccountEffects): Promise<void>;
