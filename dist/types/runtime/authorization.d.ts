import { AppError } from '../base/error.ts';
import type { Authorized, LiveService } from './generation/live-service.ts';
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
 * Throws AppError `invalid_request` for an account with DPoP without a request, `invalid_path` for one that does not lie under
 * the service's URL, `not_allowed` for one that the proxy would not let pass either.
 */
export declare function toAuthorization({ plan }: LiveService, authorized: Authorized, request?: AuthorizedRequest): Promise<Authorization>;
type Pair = readonly [string, string];
/** For a request that `allow` of a service does not name. */
export declare function notAllowed(service: string): AppError;
/** What a request needs besides its injection: nothing without DPoP. */
export declare function proofHeaders({ credential }: Authorized, method: string, url: URL): Promise<Pair[]>;
export {};
