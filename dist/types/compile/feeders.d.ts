import type { CompiledAccount } from './account.ts';
import type { AccountPlan } from './plan.ts';
/** Gives accounts without what feeds them. */
export type FeederOf = (name: string) => CompiledAccount;
/** An account that another one feeds is a different one when that one is. The rules have refused circles. */
export declare function fedPlan(plan: AccountPlan, feederOf: FeederOf): AccountPlan;
/** Whether an account, or one that feeds it, runs only with values of parameters. */
export declare function needsValues(plan: AccountPlan, feederOf: FeederOf): boolean;
