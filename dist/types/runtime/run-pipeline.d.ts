import { type Clock, type Moment } from '../base/clock.ts';
import { AppError } from '../base/error.ts';
import type { Log } from '../base/log.ts';
import type { Secret } from '../base/secret.ts';
import type { OAuth2AccountPlan, PickedBearer } from '../compile/plan.ts';
import { type Values } from '../compile/text.ts';
import type { Discovery } from './authorization-server/discovery.ts';
import { type Provers } from './authorization-server/dpop.ts';
import type { TokenEndpoint } from './authorization-server/token-endpoint.ts';
import { type Trace } from './pipeline-trace.ts';
import type { SecretStore } from './secrets/secret-store.ts';
import type { ClientSecrets } from './tokens/client-secrets.ts';
export interface PipelineEffects {
    secrets: SecretStore;
    tokenEndpoint: TokenEndpoint;
    discovery: Discovery;
    provers: Provers;
    clock: Clock;
    log?: Log;
    /** Told of each step. */
    trace?: Trace;
    /** Called once for each token request. */
    onTokenRequest?(account: string, outcome: 'success' | 'failure', durationMs: number): void;
    /** An attempt failed, and is made again within the same call. */
    onRepeat?(error: AppError): void;
}
export interface FetchedBearer extends PickedBearer {
    values: Values;
    /** The life begins with the answer, whatever is looked up after it. */
    since: Moment;
}
/** How a bearer is asked for: by the account's grant, or by a refresh token. */
export interface BearerRequest {
    /** Of the monotonic clock. */
    deadlineMs: number;
    refreshToken?: Secret;
    /** The present one, for a refresh. */
    bearer?: Secret | undefined;
    /** What was read just now, for the first attempt. */
    values?: Values;
    /** Of an account that may have several. */
    clientSecrets?: ClientSecrets;
}
/** One run, one token request, which ends at the deadline. */
export declare function runPipeline(plan: OAuth2AccountPlan, effects: PipelineEffects, { deadlineMs, refreshToken, bearer, values: known }: BearerRequest): Promise<FetchedBearer>;
export declare function readSecrets(plan: OAuth2AccountPlan, effects: PipelineEffects): Promise<Values>;
/** Repeats what may succeed later, with backoff and jitter, as long as the account's time limit allows. */
export declare function fetchBearer(plan: OAuth2AccountPlan, effects: PipelineEffects, random: () => number, request?: BearerRequest): Promise<FetchedBearer>;
