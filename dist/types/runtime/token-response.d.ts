import { type AppErrorDetails } from '../base/error.ts';
import { type Secret } from '../base/secret.ts';
import type { TokenResponse } from '../compile/plan.ts';
export interface RawResponse {
    status: number;
    contentType: string;
    retryAfter: string | null;
    location: string | null;
    text: string;
}
/** Members of a success (any 2xx without an `error`), or throws AppError `token_refused`, `token_redirect` or `token_invalid_response`. */
export declare function readTokenResponse(raw: RawResponse, details: AppErrorDetails, secrets: readonly Secret[], nowMs: number): TokenResponse;
/** RFC 9110 section 10.2.3: seconds or a date. Nonsense and the past count as not said, more than an hour as an hour. */
export declare function parseRetryAfter(text: string | null, nowMs: number): number | undefined;
