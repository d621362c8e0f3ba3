export interface Clock {
    /** Unix time in milliseconds; may jump in both directions. */
    nowMs(): number;
    /** Milliseconds since an arbitrary start; never goes back, may stand still while the machine sleeps. */
    monotonicMs(): number;
    /**
     * Calls back once after the delay, by either clock, so that a machine that slept is at most half a minute late; returns the
     * cancellation. Never keeps the process alive.
     */
    schedule(delayMs: number, callback: () => void): () => void;
    /** Rejects with the signal's reason when it aborts. Keeps the process alive. */
    sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}
/** By both clocks: the monotonic one may sleep with the machine, the other one may be set back. */
export interface Moment {
    /** Unix time in milliseconds. */
    atMs: number;
    atMonotonicMs: number;
}
export declare function momentOf(clock: Clock, agoMs?: number): Moment;
/** Milliseconds from a moment until now: the larger of what both clocks say. */
export declare function elapsedMs(clock: Clock, { atMs, atMonotonicMs }: Moment): number;
/** Lets whoever waits go first, so that long work holds up nobody. */
export declare function nextTurn(): Promise<void>;
export declare const systemClock: Clock;
export declare function createSystemClock({ nowMs, lookEveryMs }?: {
    lookEveryMs?: number | undefined;
    nowMs?: (() => number) | undefined;
}): Clock;
