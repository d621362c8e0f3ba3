/** What failed, for programs. Every code has its HTTP status in server/problem.ts. */
export type AppErrorCode = 'unknown_service' | 'unknown_action' | 'file_unavailable' | 'delivery_refused' | 'unknown_delivery' | 'storage_full' | 'body_too_large' | 'delivery_running' | 'no_configuration' | 'secret_unavailable' | 'state_unavailable' | 'state_refused' | 'invalid_template_value' | 'invalid_path' | 'not_allowed' | 'invalid_request' | 'invalid_parameter' | 'request_timeout' | 'too_busy' | 'unauthenticated' | 'forbidden' | 'invalid_input' | 'idempotency_key_reused' | 'token_timeout' | 'token_unreachable' | 'token_refused' | 'token_invalid_response' | 'token_redirect' | 'discovery_failed' | 'upstream_timeout' | 'upstream_unreachable' | 'upstream_reset';
export interface AppErrorDetails {
    account?: string;
    service?: string;
    /** Name of a caller of the daemon. */
    caller?: string;
    /** Host and path of the other side, without query and user information. */
    endpoint?: string;
    /** HTTP status of the other side. */
    status?: number;
    /** The `error` member of RFC 6749 section 5.2. */
    oauthError?: string;
    /** Cleaned and cut `error_description`. */
    description?: string;
    /** The account that failed, for one that it feeds. */
    feeder?: string;
    /** The header DPoP-Nonce of the answer (RFC 9449 section 8). */
    dpopNonce?: string;
    /** Content type of the answer. */
    contentType?: string;
    /** `Date` of the answer, Unix time in milliseconds. */
    dateMs?: number;
    /** Requests made so far. */
    attempts?: number;
    /** Unix time in milliseconds before which nothing is tried again. */
    retryAtMs?: number;
    /** Values of an input that do not fit, by JSON Pointer. */
    errors?: readonly {
        pointer: string;
        detail: string;
    }[];
    /** Whether the same request may succeed later without a change of the configuration. */
    transient?: boolean;
}
export declare class AppError extends Error {
    readonly name = "AppError";
    readonly code: AppErrorCode;
    readonly details: AppErrorDetails;
    constructor(code: AppErrorCode, message: string, details?: AppErrorDetails);
}
/** Nothing is kept, or found, in the state: for all of it, or for one record alone. */
export declare function isStateError(error: unknown): error is AppError;
/** The AppError that an error of a client came from, such as one of our own functions that it called. */
export declare function appErrorIn(error: unknown): AppError | undefined;
/** The `code` of a system error (ENOENT, ECONNREFUSED, …), also of the innermost cause; undefined for anything else. */
export declare function systemErrorCode(error: unknown): string | undefined;
/** An error that nobody expected, for the log. The text of a foreign one may hold headers and bodies: only its kind and its place are told. */
export declare function errorFacts(error: unknown): {
    error: string;
    errorCode?: string;
    stack: string[];
};
