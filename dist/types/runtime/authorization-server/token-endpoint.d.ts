import type { Connection, TokenRequest, TokenResponse } from '../../compile/plan.ts';
import type { TokenResponseRule } from '../../config/model/model.ts';
import { type RawResponse } from './token-response.ts';
export interface TokenRequestLimits {
    timeoutMs: number;
    /** Asked when the answer is there: `Retry-After` counts from then. */
    nowMs(): number;
    /** How the account reads the answer. */
    rule?: TokenResponseRule | undefined;
}
export interface TokenEndpoint {
    /** Rejects with AppError: `token_timeout`, `token_unreachable` or what token-response.ts says. */
    send(account: string, request: TokenRequest, limits: TokenRequestLimits): Promise<TokenResponse>;
    /** As it was answered, whatever the status; for what is no token request. Rejects as `send` does. */
    post(account: string, request: TokenRequest, timeoutMs: number): Promise<RawResponse>;
    /** A document about a server, such as its metadata: any status, no redirect followed. Rejects as `send` does. */
    read(account: string, document: {
        url: URL;
        connection?: Connection | undefined;
    }, timeoutMs: number): Promise<RawResponse>;
}
export declare const tokenEndpoint: TokenEndpoint;
