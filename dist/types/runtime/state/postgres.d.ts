import type { Secret } from '../../base/secret.ts';
export interface Postgres {
    /** Rejects with AppError `state_unavailable`. */
    query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
    end(): Promise<void>;
}
export declare const MAX_CONNECTIONS = 5;
/** Nothing connects before the first query. Throws AppError `state_unavailable` for what is no URL of PostgreSQL. */
export declare function openPostgres(url: Secret): Promise<Postgres>;
