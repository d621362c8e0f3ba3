import { type Clock } from '../base/clock.ts';
import type { ServicePlan } from '../compile/plan.ts';
import type { RetryRule } from '../config/model/model.ts';
/** Why a request is sent again: the status of its answer, or that there was none. */
export type RepeatCause = number | 'connection';
export interface RepeatEffects {
    clock: Clock;
    random(): number;
}
export declare const REAL_EFFECTS: RepeatEffects;
/** Undefined for a request that is never repeated. */
export declare function repeatsOf({ retry, timeoutMs }: ServicePlan, method: string, replayable: boolean, effects: RepeatEffects): Repeats | undefined;
/** Its time starts when it is made, and is for all attempts together. */
export declare class Repeats {
    #private;
    /** Requests sent so far; those with a new token, or for a nonce, do not count. */
    attempts: number;
    constructor(rule: RetryRule, timeoutMs: number, effects: RepeatEffects);
    /** Milliseconds for what is still to come; not below 0. */
    leftMs(): number;
    /** Counts the next attempt and says how long to wait for it; undefined when what came is the end. */
    next(cause: RepeatCause, retryAfter?: string): number | undefined;
    /** For a connection that the service had closed while it was idle: counts an attempt without a pause, where one is left. */
    nextAtOnce(): boolean;
}
export declare function isConnectionFailure(code: string | undefined): boolean;
