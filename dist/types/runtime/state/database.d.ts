import type { Log } from '../../base/log.ts';
import { type Postgres } from './postgres.ts';
export interface DatabaseStatus {
    ok: boolean;
    lastError: string | undefined;
}
export interface Database {
    /** Rejects with AppError `state_unavailable`, at once while it is away. */
    query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
    readonly status: DatabaseStatus;
    close(): Promise<void>;
}
export interface DatabaseParts {
    postgres: Postgres;
    log: Log;
    random(): number;
    onChange(ok: boolean): void;
}
/** Resolved when it was looked for once, found or not; the tables are made then. */
export declare function openDatabase({ postgres, log, random, onChange }: DatabaseParts): Promise<Database>;
