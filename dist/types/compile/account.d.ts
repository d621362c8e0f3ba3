import type { Account } from '../config/model/model.ts';
import { type Scope } from '../config/templates/scope.ts';
import type { AccountPlan } from './plan.ts';
import type { Credential } from './steps/inject.ts';
export interface CompiledAccount {
    plan: AccountPlan;
    /** Without the accounts that feed it. */
    own: Pick<AccountPlan, 'fingerprint' | 'tokenIdentity'>;
    credential: Credential;
}
/** What it is whatever the values of parameters are, without what feeds it. */
export declare function compileGeneral(account: Account, scope: Scope): CompiledAccount;
export declare function compileAccount(account: Account, scope: Scope): CompiledAccount;
