import { type Secret } from '../../base/secret.ts';
import type { AccountPlan, OAuth2AccountPlan } from '../../compile/plan.ts';
import type { Values } from '../../compile/text.ts';
import { type FetchEffects } from './fetch-token.ts';
/** What an account leaves behind. */
export interface Remains {
    plan: OAuth2AccountPlan;
    /** Undefined when it holds no token. */
    bearer: Secret | undefined;
    values: Values | undefined;
    /** Accounts that stay: what is theirs too is not revoked. */
    staying: Iterable<AccountPlan>;
}
/** Never rejects, and takes no longer than the limit. */
export declare function revokeTokens(remains: Remains, effects: FetchEffects, limitMs: number): Promise<void>;
