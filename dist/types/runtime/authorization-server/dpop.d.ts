import type { Clock } from '../../base/clock.ts';
import type { OAuth2AccountPlan, Prover, TokenRequest, TokenResponse } from '../../compile/plan.ts';
import type { Values } from '../../compile/text.ts';
export interface Provers {
    /** The same one for the same key; undefined for an account without DPoP. Throws AppError `secret_unavailable`. */
    of(plan: OAuth2AccountPlan, values: Values): Prover | undefined;
}
export declare function createProvers(clock: Clock): Provers;
/** Sends with a proof, and once more when the server wants a nonce that it gives (RFC 9449 section 8). */
export declare function sendProven(prover: Prover | undefined, request: TokenRequest, send: (request: TokenRequest) => Promise<TokenResponse>): Promise<TokenResponse>;
/** Whether a 401 asks for a nonce (RFC 9449 section 9). */
export declare function wantsNonce(status: number, challenge: string | null | undefined): boolean;
