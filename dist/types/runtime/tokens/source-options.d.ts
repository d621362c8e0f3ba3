import type { Clock, Moment } from '../../base/clock.ts';
import type { AppError } from '../../base/error.ts';
export interface Fetched<T> {
    value: T;
    /** Null lives until it is renewed or forgotten. */
    lifeMs: number | null;
    /** When its life began; default now. */
    since?: Moment;
    /** When to renew in the background; default by the margin rule. Null never renews by itself. */
    renewAfterMs?: number | null;
    /** False when what the value was made of is another one by now, or lives too short; default true. */
    isCurrent?(minTtlMs: number): boolean;
}
export interface SourceOptions<T> {
    /** `minTtlMs` is what the caller that it is for asks for. */
    fetch(minTtlMs: number): Promise<Fetched<T>>;
    clock: Clock;
    random(): number;
    /** At most so long before its end a value is renewed. */
    refreshBeforeMs?: number;
    /** No value is renewed that is younger, not even a refused one. */
    minIntervalMs?: number;
    onRenewed?(value: T, expiresAtMs: number | null): void;
    onFailure?(error: AppError, retryAtMs: number): void;
    /** A renewal was refused while the value lives on, and no fault is seen in that. */
    onTooEarly?(error: AppError, retryAtMs: number): void;
    /** The value was refused, or is to be forgotten. */
    onDropped?(value: T): void;
}
