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
/** Lets whoever waits go first, so that long work holds up nobody. */
export declare function nextTurn(): Promise<void>;
export declare const systemClock: Clock;
export declare function createSystemClock({ nowMs, lookEveryMs }?: {
    lookEveryMs?: number | undefined;
    nowMs?: (() => number) | undefined;
}): Clock;
