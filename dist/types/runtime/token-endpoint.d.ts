import type { TokenRequest, TokenResponse } from '../compile/plan.ts';
export interface TokenRequestLimits {
    timeoutMs: number;
    /** Asked when the answer is there: `Retry-After` counts from then. */
    nowMs(): number;
}
export interface TokenEndpoint {
    /** Rejects with AppError: `token_timeout`, `token_unreachable` or what token-response.ts says. */
    send(account: string, request: TokenRequest, limits: TokenRequestLimits): Promise<TokenResponse>;
}
export declare const tokenEndpoint: TokenEndpoint;
