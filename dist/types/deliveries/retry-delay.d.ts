import type { Clock } from '../base/clock.ts';
import type { AppError } from '../base/error.ts';
export interface PauseLimits {
    min: number;
    max: number;
}
/** Milliseconds from now; `attempt` is the number of the one that failed. */
export declare function retryDelay(error: AppError, attempt: number, pauseMs: PauseLimits, { clock, random }: {
    clock: Clock;
    random(): number;
}): number;
