import { type Secret } from '../../base/secret.ts';
import type { OAuth2AccountPlan } from '../../compile/plan.ts';
import type { Values } from '../../compile/text.ts';
import { type FetchEffects } from './fetch-token.ts';
import type { Staying } from './staying.ts';
/** What an account leaves behind. */
export interface Remains {
    plan: OAuth2AccountPlan;
    /** Undefined when it holds no token. */
    bearer: Secret | undefined;
    values: Values | undefined;
    /** Whoever comes back goes on with the refresh token. */
    keepsFamily?: true;
}
export interface Revoking {
    staying: Staying;
    effects: FetchEffects;
    limitMs: number;
}
/** Never rejects, and takes no longer than the limit. */
export declare function revokeTokens(remains: Remains, revoking: Revoking): Promise<void>;
