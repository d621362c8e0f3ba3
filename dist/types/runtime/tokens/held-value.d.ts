import type { Moment } from '../../base/clock.ts';
import type { AppError } from '../../base/error.ts';
export interface Held<T> {
    value: T;
    since: Moment;
    lifeMs: number | null;
    renewAfterMs: number | null;
    isCurrent?: ((minTtlMs: number) => boolean) | undefined;
    used: boolean;
}
export interface Failure {
    error: AppError;
    count: number;
    since: Moment;
    retryAtMs: number;
    /** Not a fault: asked before the server renews. */
    tooEarly: boolean;
}
/** A life that no fresh value has, which `longestMs` tells, asks for no fetch before the renewal is due. */
export declare function livesFor(held: Held<unknown>, ageMs: number, minTtlMs?: number, longestMs?: number): boolean;
