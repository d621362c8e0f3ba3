import type { Log } from '../base/log.ts';
import type { OAuth2AccountPlan } from '../compile/plan.ts';
import { type FetchedBearer, type PipelineEffects } from './run-pipeline.ts';
import type { TokenStore } from './state/token-store.ts';
export interface FetchEffects extends PipelineEffects {
    tokens: TokenStore;
    log: Log;
    random(): number;
}
/** What an account learned about its refreshes: futile when this client may not refresh, or gets no such bearer by it. */
export interface RefreshExperience {
    futile: boolean;
}
/** Rejects with AppError. The refresh token of the answer is kept before the bearer is given out. */
export declare function fetchToken(plan: OAuth2AccountPlan, effects: FetchEffects, experience: RefreshExperience): Promise<FetchedBearer>;
