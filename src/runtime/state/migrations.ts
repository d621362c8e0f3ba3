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
  `CREATE TABLE bearerd.delivery (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id uuid NOT NULL UNIQUE,
    key_id text NOT NULL,
    action text NOT NULL,
    lane text NOT NULL,
    state text NOT NULL DEFAULT 'pending',
    attempts int NOT NULL DEFAULT 0,
    sent int NOT NULL DEFAULT 0,
    created_at bigint NOT NULL,
    next_attempt_at bigint,
    settled_at bigint,
    bytes bigint NOT NULL,
    last_error json,
    facts bytea NOT NULL,
    input bytea NOT NULL,
    response bytea
  );
  COMMENT ON TABLE bearerd.delivery IS 'Deliveries of all replicas. The columns facts, input and response are made under encryptionKey; when each is sent is in the schema bearerd_jobs.';
  CREATE INDEX delivery_listed ON bearerd.delivery (key_id, seq);
  CREATE INDEX delivery_due ON bearerd.delivery (key_id, next_attempt_at) WHERE state = 'pending';
  CREATE INDEX delivery_open ON bearerd.delivery (action, seq) WHERE state IN ('pending', 'running');
  CREATE INDEX delivery_state ON bearerd.delivery (state, seq);
  CREATE INDEX delivery_action ON bearerd.delivery (action, seq);
  CREATE INDEX delivery_bytes ON bearerd.delivery (bytes) WHERE state <> 'delivered';
  CREATE INDEX delivery_settled ON bearerd.delivery (settled_at) WHERE state = 'delivered';
  CREATE TABLE bearerd.delivery_content (
    delivery uuid PRIMARY KEY REFERENCES bearerd.delivery (id) ON DELETE CASCADE,
    content bytea NOT NULL
  );
  CREATE TABLE bearerd.attempt (
    n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    delivery uuid NOT NULL REFERENCES bearerd.delivery (id) ON DELETE CASCADE,
    at bigint NOT NULL,
    duration int NOT NULL,
    status int,
    problem json
  );
  CREATE INDEX attempt_of ON bearerd.attempt (delivery, n);
  CREATE TABLE bearerd.setting (name text PRIMARY KEY, value text NOT NULL);`,
  `ALTER TABLE bearerd.delivery ADD COLUMN caller_key bytea;
  CREATE UNIQUE INDEX delivery_key ON bearerd.delivery (caller_key) WHERE caller_key IS NOT NULL;`,
  `CREATE INDEX delivery_waiting ON bearerd.delivery (key_id, lane, action, next_attempt_at) WHERE state = 'pending';
  DROP INDEX bearerd.delivery_due;
  DROP INDEX bearerd.delivery_open;`,
  `ALTER TABLE bearerd.token ADD COLUMN taken_over boolean NOT NULL DEFAULT false;`,
  // What waits is counted in the index alone, as far as its pages are vacuumed; by default a fifth of them need not be.
  `ALTER TABLE bearerd.delivery SET (autovacuum_vacuum_insert_threshold = 5000, autovacuum_vacuum_insert_scale_factor = 0,
    autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0.02);`,
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

/**
 * One message is one transaction. Whoever waits for a table makes all others wait behind it, so behind a long transaction it
 * gives up early and leaves everything as it was.
 */
export const MIGRATE = [
  `SET LOCAL statement_timeout = '30s'`,
  `SET LOCAL lock_timeout = '10s'`,
  `SELECT pg_advisory_xact_lock(${LOCK})`,
  `SET LOCAL lock_timeout = '500ms'`,
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
