// The tables of the SQLite queue, and its one statement that is more than a line.

export const SCHEMA = `
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  CREATE TABLE IF NOT EXISTS deliveries (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    action TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    sent INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    next_attempt_at INTEGER,
    settled_at INTEGER,
    last_error TEXT,
    job TEXT NOT NULL,
    response TEXT,
    response_body BLOB
  ) STRICT;
  DROP INDEX IF EXISTS due;
  CREATE INDEX IF NOT EXISTS due_of_action ON deliveries (action, next_attempt_at, seq) WHERE state = 'pending';
  DROP INDEX IF EXISTS open;
  CREATE INDEX IF NOT EXISTS of_action ON deliveries (action, state, seq);
  CREATE INDEX IF NOT EXISTS by_state ON deliveries (state, seq);
  CREATE INDEX IF NOT EXISTS by_action ON deliveries (action, seq);
  CREATE INDEX IF NOT EXISTS settled ON deliveries (settled_at) WHERE state = 'delivered';
  CREATE TABLE IF NOT EXISTS attempts (
    delivery TEXT NOT NULL,
    at INTEGER NOT NULL,
    duration INTEGER NOT NULL,
    status INTEGER,
    problem TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS attempts_of ON attempts (delivery);
  UPDATE deliveries SET state = 'pending', next_attempt_at = 0 WHERE state = 'running';
`

/** Once, in a file that has no keys yet. */
export const ADD_KEYS = `
  ALTER TABLE deliveries ADD COLUMN caller_key TEXT;
  CREATE UNIQUE INDEX by_key ON deliveries (caller_key) WHERE caller_key IS NOT NULL`
export const HAS_KEYS = "SELECT 1 FROM pragma_table_info('deliveries') WHERE name = 'caller_key'"

/**
 * The first ones of each action. What waits behind them, and of actions that may not run now, is not looked at, however much it
 * is. Parameters: how many, and a JSON list of the actions to leave out.
 */
export const FIRST_OF_EACH = `
  WITH RECURSIVE waiting (action) AS (
    SELECT min(action) FROM deliveries INDEXED BY due_of_action WHERE state = 'pending'
    UNION ALL
    SELECT (SELECT min(action) FROM deliveries INDEXED BY due_of_action WHERE state = 'pending' AND action > waiting.action)
    FROM waiting WHERE waiting.action IS NOT NULL
  )
  SELECT deliveries.* FROM waiting JOIN deliveries ON seq IN (
    SELECT seq FROM deliveries WHERE state = 'pending' AND action = waiting.action ORDER BY next_attempt_at, seq LIMIT ?1
  )
  WHERE waiting.action NOT IN (SELECT value FROM json_each(?2))
  ORDER BY next_attempt_at, seq LIMIT ?1`

/** Open deliveries by action. */
export const COUNTS = `
  SELECT action, sum(n) AS n FROM (
    SELECT action, count(*) AS n FROM deliveries INDEXED BY due_of_action WHERE state = 'pending' GROUP BY action
    UNION ALL
    SELECT action, count(*) FROM deliveries INDEXED BY by_state WHERE state = 'running' GROUP BY action
  ) GROUP BY action`
