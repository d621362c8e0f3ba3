// The tables of a fleet. Each migration runs once, whoever starts first; a released one is never changed.

const MIGRATIONS = [
  `CREATE TABLE bearerd.token (
    name bytea PRIMARY KEY,
    key_id text NOT NULL,
    token bytea,
    expires_at timestamptz,
    refresh_token bytea,
    failure bytea,
    error_code text,
    paused_until timestamptz,
    lease_owner uuid,
    lease_until timestamptz,
    used_at timestamptz NOT NULL DEFAULT now()
  );
  COMMENT ON TABLE bearerd.token IS 'Tokens that replicas of bearerd share. Names and values are made under encryptionKey.';`,
]

/** For everything that changes the tables, in this database. */
const LOCK = 7_117_001

/** Refresh tokens of accounts that nobody has any more. */
const FORGOTTEN = `DELETE FROM bearerd.token WHERE used_at < now() - interval '90 days'`

/** A failure, so that its connection is given up: the next one may lead to the server that took over. */
export const CHECK_WRITABLE = `DO $check$ BEGIN
  IF current_setting('transaction_read_only') = 'on' THEN RAISE read_only_sql_transaction; END IF;
END $check$`

export const HAS_TABLES = `SELECT to_regclass('bearerd.migration') IS NOT NULL AS "hasTables"`

export const READ_VERSION = 'SELECT coalesce(max(version), 0) AS version FROM bearerd.migration'

export const NEWEST_VERSION = MIGRATIONS.length

/** One message is one transaction. */
export const MIGRATE = [
  `SET LOCAL statement_timeout = '30s'`,
  `SELECT pg_advisory_xact_lock(${LOCK})`,
  `DO $migrate$ BEGIN
    IF to_regnamespace('bearerd') IS NULL THEN CREATE SCHEMA bearerd; END IF;
    CREATE TABLE IF NOT EXISTS bearerd.migration (version int PRIMARY KEY, at timestamptz NOT NULL DEFAULT now());
  END $migrate$`,
  ...MIGRATIONS.map(
    (text, index) => `DO $migrate$ BEGIN
      IF NOT EXISTS (SELECT FROM bearerd.migration WHERE version = ${index + 1}) THEN
        ${text}
        INSERT INTO bearerd.migration (version) VALUES (${index + 1});
      END IF;
    END $migrate$`,
  ),
  FORGOTTEN,
].join(';\n')
