import type { Secret } from '../../base/secret.ts';
/** Of one statement, or of several in one text. */
export interface SqlResult {
    rows: Record<string, unknown>[];
    command?: string;
}
/** One connection in a transaction. */
export interface Transaction {
    query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
    /** As the package answers, with its own errors: for a package that builds on it. */
    execute(text: string, values?: readonly unknown[]): Promise<SqlResult>;
}
/** All reject with AppError: `state_unavailable`, the code for a full disk, or `state_refused` for what can never be kept as it is. */
export interface Postgres {
    query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
    /** All or nothing. Made again when another one was in its way. */
    transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
    /** As the package answers, with its own errors. */
    execute(text: string, values?: readonly unknown[]): Promise<SqlResult>;
    /** How many the URL names; one of them is used. */
    readonly servers: number;
    /** To the next one. */
    turn(): void;
    end(): Promise<void>;
}
export interface PostgresUse {
    /** The server's limit ends the statement, ours, a little later, what never answers. `statement_timeout` in the URL goes first. */
    statementMs: number;
    /** The one in the URL counts where it is longer; default false. */
    onlyLonger?: boolean;
    connections: number;
    /** What it means that the disk of the database is full. */
    fullCode: 'state_unavailable' | 'storage_full';
}
/** Nothing connects before the first query. Throws AppError `state_unavailable` for what is no URL of PostgreSQL. */
export declare function openPostgres(url: Secret, use: PostgresUse): Promise<Postgres>;
