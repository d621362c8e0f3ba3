import type { CompiledAccount } from './account.ts';
import type { ActionPlan } from './actions/action-plan.ts';
import type { AccountPlan, ServicePlan } from './plan.ts';
type Fed = Pick<AccountPlan | ServicePlan | ActionPlan, 'references'>;
/** Gives accounts without what feeds them. */
export type FeederOf = (name: string) => CompiledAccount;
/** What the feeders make of an account: another identity, and perhaps one that runs only with values. */
export declare function withFeeders(account: CompiledAccount, feederOf: FeederOf): CompiledAccount;
/**
 * An account that another one feeds is a different one when that one is, and has another token when that one has. The rules
 * have refused circles.
 */
export declare function fedPlan(plan: AccountPlan, feederOf: FeederOf): AccountPlan;
/** So is a service or an action whose own texts an account feeds. */
export declare function withFedTexts<P extends ServicePlan | ActionPlan>(plan: P, feederOf: FeederOf): P;
/** The feeders of some plans, with those that feed them, each once. */
export declare function allFeeders(plans: Iterable<Fed>, feederOf: FeederOf): Set<CompiledAccount>;
export {};
