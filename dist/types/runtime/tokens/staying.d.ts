import type { Secret } from '../../base/secret.ts';
import type { OAuth2AccountPlan } from '../../compile/plan.ts';
import { type Generation } from '../generation/generation.ts';
import { type FetchEffects } from './fetch-token.ts';
export interface Staying {
    /** Some servers issue the same token to whoever asks next. */
    hasBearer(bearer: Secret): boolean;
    /** Whether an account has the same refresh token; when that cannot be known, it may. */
    hasFamily(plan: OAuth2AccountPlan, family: Secret): Promise<boolean>;
}
export declare const nothingStays: Staying;
/** As it is now; each account is looked at once, however many tokens are asked about. */
export declare function stayingIn(generation: Generation, effects: FetchEffects): Staying;
