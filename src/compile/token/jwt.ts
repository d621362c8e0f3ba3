// Reads the claims of a JWT without believing them: only for expiry and explanations.

/** The claims of a compact JWS, or undefined when the text is not one. */
export function jwtClaims(token: string): Record<string, unknown> | undefined {
  return jwtPart(token, 1)
}

/** The header of a compact JWS, or undefined when the text is not one. */
export function jwtHeader(token: string): Record<string, unknown> | undefined {
  return jwtPart(token, 0)
}

function jwtPart(token: string, index: 0 | 1): Record<string, unknown> | undefined {
  const parts = token.split('.')
  if (parts.length !== 3 || !parts[index]) return undefined
  try {
    const members = JSON.parse(Buffer.from(parts[index], 'base64url').toString('utf8')) as unknown
    return typeof members === 'object' && members !== null && !Array.isArray(members)
      ? (members as Record<string, unknown>)
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
