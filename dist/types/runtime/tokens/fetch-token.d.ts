import type { Moment } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import { Secret } from '../../base/secret.ts';
import type { OAuth2AccountPlan, PickedBearer } from '../../compile/plan.ts';
import type { Values } from '../../compile/text.ts';
import { type PipelineEffects } from '../run-pipeline.ts';
import type { TokenStore } from '../state/token-store.ts';
import { ClientSecrets } from './client-secrets.ts';
import type { Fleet } from './fleet.ts';
import type { TokenPool } from './token-pool.ts';
export interface FetchEffects extends PipelineEffects {
    pool: TokenPool;
    tokens: TokenStore;
    /** The other replicas; undefined for a process alone. */
    fleet?: Fleet | undefined;
    log: Log;
    random(): number;
}
/** What an account knows of its tokens so far. */
export interface TokenHistory {
    /** The bearer that it has now. */
    held?: Secret | undefined;
    /** Whether that one still counts. */
    heldLives?: boolean;
    /** This client may not refresh, or gets no such bearer by it. */
    refreshIsFutile?: boolean;
    /** Of which several may make use at the same time; without a value, the definition's own. */
    reusable?: {
        family: string;
        refreshToken: Secret | undefined;
    } | undefined;
    clientSecrets?: ClientSecrets;
}
export interface FetchedToken extends PickedBearer {
    values: Values;
    since: Moment;
}
/** Rejects with AppError. The refresh token of the answer is kept before the bearer is given out. */
export declare function fetchToken(plan: OAuth2AccountPlan, effects: FetchEffects, history: TokenHistory): Promise<FetchedToken>;
/** Whose refresh tokens these are: of an account that another one feeds, by what is written. */
export declare function familyOf(plan: OAuth2AccountPlan, values: Values): Secret;
