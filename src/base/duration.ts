// Durations (`500ms`, `10s`, `5m`, `2h`, `1d`) between text and milliseconds.

const UNIT_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Milliseconds of a duration, or undefined when the text is not one. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text)
  return match ? Number(match[1]) * UNIT_MS[match[2]!]! : undefined
}

/** The shortest exact spelling: 90000 is `90s`, 120000 is `2m`. */
export function formatDuration(durationMs: number): string {
  for (const unit of ['d', 'h', 'm', 's']) {
    if (durationMs > 0 && durationMs % UNIT_MS[unit]! === 0) return `${durationMs / UNIT_MS[unit]!}${unit}`
  }
  return `${durationMs}ms`
}
