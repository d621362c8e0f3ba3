import type { Authorized, LiveService } from './live-service.ts';
/** Frozen: callers share it while nothing changes. */
export interface Authorization {
    readonly headers: Readonly<Record<string, string>>;
    readonly query: Readonly<Record<string, string>>;
    /** RFC 3339, or null for a credential that does not expire. */
    readonly expiresAt: string | null;
}
/** The one request that a proof is for. */
export interface AuthorizedRequest {
    method: string;
    url: string;
}
/**
 * Throws AppError `invalid_request` for an account with DPoP without a request, `invalid_path` for a request to another
 * origin than the service's.
 */
export declare function toAuthorization({ plan }: LiveService, authorized: Authorized, request?: AuthorizedRequest): Promise<Authorization>;
type Pair = readonly [string, string];
/** What a request needs besides its injection: nothing without DPoP. */
export declare function proofHeaders({ credential }: Authorized, method: string, url: URL): Promise<Pair[]>;
export {};
