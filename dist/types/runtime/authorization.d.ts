import type { Authorized } from './live-service.ts';
/** Frozen: callers share it while nothing changes. */
export interface Authorization {
    readonly headers: Readonly<Record<string, string>>;
    readonly query: Readonly<Record<string, string>>;
    /** RFC 3339, or null for a credential that does not expire. */
    readonly expiresAt: string | null;
}
export declare function toAuthorization(authorized: Authorized): Authorization;
