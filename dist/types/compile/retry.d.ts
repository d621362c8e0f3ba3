import type { RetryRule } from '../config/model/model.ts';
/** Methods are case-sensitive (RFC 9110 section 9.1). */
export declare function isIdempotent(method: string): boolean;
/**
 * Milliseconds from the `attempt`th attempt (from 1) to the next one; undefined when there is none, because all were made or
 * `Retry-After` asks for more than the longest pause. `random` (0 to 1) chooses within a range that doubles each time, so that
 * callers that failed together do not come back together.
 */
export declare function retryDelay({ attempts, maxDelayMs }: RetryRule, attempt: number, retryAfterMs: number, random: number): number | undefined;
/** For explanations. */
export declare function retryWords({ attempts, statuses, connection, maxDelayMs }: RetryRule): string;
