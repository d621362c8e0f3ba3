/** A failure, so that its connection is given up: the next one may lead to the server that took over. */
export declare const CHECK_WRITABLE = "DO $check$ BEGIN\n  IF current_setting('transaction_read_only') = 'on' THEN RAISE read_only_sql_transaction; END IF;\nEND $check$";
export declare const HAS_TABLES = "SELECT to_regclass('bearerd.migration') IS NOT NULL AS \"hasTables\"";
export declare const READ_VERSION = "SELECT coalesce(max(version), 0) AS version FROM bearerd.migration";
export declare const NEWEST_VERSION: number;
/**
 * One message is one transaction. Whoever waits for a table makes all others wait behind it, so behind a long transaction it
 * gives up early and leaves everything as it was.
 */
export declare const MIGRATE: string;
