// What waits in PostgreSQL, told without looking at each delivery: the index that both statements use has it in this order.

/**
 * The lanes and actions in which something waits, each with the time of the first one that is due after a time, and those in which
 * another replica sends something, which may be dead. Parameters: the key, that time, and what this replica sends. A step for
 * each action, however much waits behind it.
 */
export const PLACES = `
  WITH RECURSIVE place AS (
    (SELECT lane, action FROM bearerd.delivery WHERE key_id = $1 AND state = 'pending' ORDER BY lane, action LIMIT 1)
    UNION ALL
    SELECT next.lane, next.action FROM place CROSS JOIN LATERAL (
      SELECT lane, action FROM bearerd.delivery
      WHERE key_id = $1 AND state = 'pending' AND (lane, action) > (place.lane, place.action) ORDER BY lane, action LIMIT 1
    ) AS next
  )
  SELECT lane, action, (
    SELECT next_attempt_at FROM bearerd.delivery AS waiting
    WHERE key_id = $1 AND state = 'pending' AND waiting.lane = place.lane AND waiting.action = place.action
      AND next_attempt_at > $2
    ORDER BY next_attempt_at LIMIT 1
  ) AS at FROM place
  UNION ALL
  SELECT lane, action, NULL FROM bearerd.delivery WHERE key_id = $1 AND state = 'running' AND id <> ALL ($3::uuid[])`

/** Open deliveries by action. */
export const COUNTS = `
  SELECT action, sum(n) AS n FROM (
    SELECT action, count(*) AS n FROM bearerd.delivery WHERE key_id = $1 AND state = 'pending' GROUP BY action
    UNION ALL
    SELECT action, count(*) FROM bearerd.delivery WHERE key_id = $1 AND state = 'running' GROUP BY action
  ) AS counted GROUP BY action`
