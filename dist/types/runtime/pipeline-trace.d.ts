import type { Clock } from '../base/clock.ts';
import { AppError } from '../base/error.ts';
import type { PickedBearer, TokenRequest, TokenResponse } from '../compile/plan.ts';
import type { AuthorizationServer } from '../compile/text.ts';
import type { ServerMetadata } from './authorization-server/server-metadata.ts';
/** Harmless texts and numbers by name. */
export type TraceFacts = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
/** Those of a pipeline, with what is only there when it runs: the metadata of an issuer, and the pause before one more attempt. */
export type TraceStepName = 'resolve-secrets' | 'discover' | 'expand-template' | 'request-token' | 'pause' | 'pick-bearer';
export interface TraceStep {
    account: string;
    step: TraceStepName;
    durationMs: number;
    facts: TraceFacts;
    error?: AppError;
}
export type Trace = (step: TraceStep) => void;
export interface TraceEffects {
    clock: Clock;
    trace?: Trace;
}
/** Runs a step and tells how it went. */
export declare function traced<T>({ clock, trace }: TraceEffects, { account, step }: Pick<TraceStep, 'account' | 'step'>, run: () => T | Promise<T>, facts: (result: T) => TraceFacts): Promise<T>;
export declare function serverFacts(server: AuthorizationServer | undefined, metadata: ServerMetadata | undefined): TraceFacts;
export declare function requestFacts({ url, method, headers, body, secrets }: TokenRequest): TraceFacts;
export declare function responseFacts(response: TokenResponse): TraceFacts;
export declare function bearerFacts({ bearer, lifeMs, lifeFrom, narrowedScope }: PickedBearer): TraceFacts;
