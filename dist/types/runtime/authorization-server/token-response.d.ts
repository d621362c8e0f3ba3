import { type AppErrorDetails } from '../../base/error.ts';
import { type Secret } from '../../base/secret.ts';
import type { TokenResponse } from '../../compile/plan.ts';
import type { TokenResponseRule } from '../../config/model/model.ts';
export interface RawResponse {
    status: number;
    contentType: string;
    retryAfter: string | null;
    location: string | null;
    text: string;
    date?: string | null;
    header?(name: string): string | null;
}
/** When the answer came, and how the account reads it. */
export interface Reading {
    nowMs: number;
    rule?: TokenResponseRule;
}
/** What a success (any 2xx without an `error`) brought, or throws AppError `token_refused`, `token_redirect` or `token_invalid_response`. */
export declare function readTokenResponse(raw: RawResponse, details: AppErrorDetails, secrets: readonly Secret[], { nowMs, rule }: Reading): TokenResponse;
/** RFC 9110 section 10.2.3: seconds or a date. Nonsense and the past count as not said, more than an hour as an hour. */
export declare function parseRetryAfter(text: string | null, nowMs: number): number | undefined;
