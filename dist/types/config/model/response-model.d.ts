import type { Place, Value } from './written-value.ts';
export type ExpiryUnit = 'seconds' | 'milliseconds' | 'unix' | 'unix_ms' | 'datetime';
/** A member of the token response that templates may name. */
export interface Published {
    name: string;
    /** JSON pointer. */
    at: string;
    /** Which hosts it may be, or have in it; empty: it is no host. */
    hosts?: readonly string[];
}
/** What stands at a JSON pointer, and what it must be. */
export interface MemberTest {
    at: string;
    equals: string | number | boolean;
}
/** How a token response differs from RFC 6749 section 5. Places are JSON pointers. */
export interface TokenResponseRule {
    token?: {
        kind: 'members';
        pointers: readonly string[];
    } | {
        kind: 'header';
        name: string;
    } | {
        kind: 'text';
    };
    expires?: {
        at: string;
        as: ExpiryUnit;
    };
    success?: MemberTest;
    error?: string;
    publish: readonly Published[];
}
export interface Lifetime {
    /** Where nobody tells one. */
    defaultMs?: number;
    maxMs?: number;
    refreshBeforeMs?: number;
    minIntervalMs?: number;
}
/** Where a bearer goes in a request to a service. */
export interface InjectRule {
    in: 'header' | 'query';
    name: string;
    prefix: string;
    /** A written prefix says how the token is used, whatever its `token_type` is. */
    prefixWritten: boolean;
    value: Value;
    place: Place;
}
/** What may pass; everything where a list is missing. */
export interface AllowRule {
    methods?: readonly string[];
    /** Globs. */
    paths?: readonly string[];
}
