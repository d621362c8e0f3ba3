// Reads the claims of a JWT without believing them: only for expiry and explanations.

/** The claims of a compact JWS, or undefined when the text is not one. */
export function jwtClaims(token: string): Record<string, unknown> | undefined {
  const parts = token.split('.')
  if (parts.length !== 3 || !parts[1]) return undefined
  try {
    const claims = JSON.parse(Buffer.from(parts[1], 'base64url').toString('utf8')) as unknown
    return typeof claims === 'object' && claims !== null && !Array.isArray(claims)
      ? (claims as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

/** Milliseconds from now until the token's `exp`; undefined when it tells none. Never negative. */
export function jwtLifeMs(token: string, nowMs: number): number | undefined {
  const exp = jwtClaims(token)?.exp
  return typeof exp === 'number' && Number.isFinite(exp) ? Math.max(0, exp * 1000 - nowMs) : undefined
}
