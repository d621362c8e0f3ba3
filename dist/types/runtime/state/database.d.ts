import type { Log } from '../../base/log.ts';
import type { Postgres } from './postgres.ts';
export interface DatabaseStatus {
    ok: boolean;
    lastError: string | undefined;
}
/** All reject with AppError: `state_unavailable` at once while it is away, `state_refused` for what it does not take. */
export interface Database extends Pick<Postgres, 'query' | 'transaction'> {
    /** As the package answers, with its own errors: for a package that builds on it. */
    execute: Postgres['execute'];
    readonly status: DatabaseStatus;
    close(): Promise<void>;
}
/** What the log says when it goes away, and when it is back. */
export interface Words {
    away: string;
    back: string;
}
/** `error` says why it cannot be used. */
export type OnDatabaseChange = (ok: boolean, error: string | null) => void;
export interface DatabaseParts {
    postgres: Postgres;
    connections: number;
    log: Log;
    words: Words;
    random(): number;
    onChange: OnDatabaseChange;
}
/** Resolved when it was looked for once, found or not; the tables are made then. */
export declare function openDatabase(parts: DatabaseParts): Promise<Database>;
