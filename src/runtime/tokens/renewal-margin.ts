// How long before its end a token is renewed.

/** Milliseconds before the end of a life at which it is renewed: a fifth of it, or less where somebody says so, but never more than all but one second. */
export function renewalMargin(lifeMs: number, refreshBeforeMs = Number.POSITIVE_INFINITY): number {
  return Math.max(0, Math.min(refreshBeforeMs, lifeMs * 0.2, lifeMs - 1000))
}
