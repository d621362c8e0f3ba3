import type { Authorized } from './live-service.ts';
export interface Authorization {
    headers: Record<string, string>;
    query: Record<string, string>;
    /** RFC 3339, or null for a credential that does not expire. */
    expiresAt: string | null;
}
export declare function toAuthorization({ injection, expiresAtMs }: Authorized): Authorization;
