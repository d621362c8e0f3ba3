// How long a token lives: what the response says, the token's own `exp` where that is sooner, or what the account assumes.
// Zero, null and nonsense count as not said.
import type { ExpiryUnit, OAuth2 } from '../../config/model/model.ts'
import { valueAt } from '../json-pointer.ts'
import type { PickedBearer, TokenResponse } from '../plan.ts'
import { jwtLifeMs } from './jwt.ts'

const DEFAULT_LIFE_MS = 5 * 60_000
/** For those who wait for it now. */
const OVER_LIFE_MS = 1_000
const YEAR_MS = 365 * 86_400_000
/** `Date` has whole seconds, and the answer travelled: less is no other clock. */
const SKEW_MS = 10_000

export type TokenLife = Pick<PickedBearer, 'lifeMs' | 'lifeFrom' | 'implausible'>
export type LifeOf = (token: string, response: TokenResponse, nowMs: number) => TokenLife

export function compileLife({ bearerTokenType, tokenResponse, lifetime }: OAuth2): LifeOf {
  const { expires } = tokenResponse ?? {}
  const maxMs = Math.min(lifetime.maxMs ?? YEAR_MS, YEAR_MS)
  return (token, response, nowMs) => {
    // The life of an ID token is its own, not that of the access token beside it.
    const standard = bearerTokenType === 'access_token' ? DURATIONS.seconds(response.members.expires_in) : undefined
    const told = expires
      ? toldMs(valueAt(response.members, expires.at), expires.as, serverNow(response, nowMs))
      : standard
    const own = jwtLifeMs(token, nowMs)
    // Its check has let it pass for clocks that differ: it is not kept.
    if (bearerTokenType === 'id_token' && own !== undefined && own <= 0)
      return { lifeMs: OVER_LIFE_MS, lifeFrom: 'exp' }
    const life = earlier(told, own) ?? assumed(lifetime.defaultMs)
    return { ...life, lifeMs: Math.min(life.lifeMs, maxMs), ...(life.lifeMs > YEAR_MS && { implausible: true }) }
  }
}

/** An `exp` that is over says more of our clock than of the token. */
function earlier(told: number | undefined, own: number | undefined): TokenLife | undefined {
  if (own !== undefined && own > 0 && own <= (told ?? own)) return { lifeMs: own, lifeFrom: 'exp' }
  return told === undefined ? undefined : { lifeMs: told, lifeFrom: 'expires_in' }
}

function assumed(defaultMs: number | undefined): TokenLife {
  return defaultMs === undefined
    ? { lifeMs: DEFAULT_LIFE_MS, lifeFrom: 'default' }
    : { lifeMs: defaultMs, lifeFrom: 'lifetime' }
}

/** A point in time means what the server's clock says. */
function serverNow({ serverTimeMs }: TokenResponse, nowMs: number): number {
  return serverTimeMs !== undefined && Math.abs(serverTimeMs - nowMs) > SKEW_MS ? serverTimeMs : nowMs
}

const DURATIONS = {
  seconds: (value: unknown) => positive(numberOf(value), 1000),
  milliseconds: (value: unknown) => positive(numberOf(value), 1),
}

function toldMs(value: unknown, unit: ExpiryUnit, nowMs: number): number | undefined {
  switch (unit) {
    case 'seconds':
    case 'milliseconds':
      return DURATIONS[unit](value)
    case 'unix':
      return until(positive(numberOf(value), 1000), nowMs)
    case 'unix_ms':
      return until(positive(numberOf(value), 1), nowMs)
    case 'datetime':
      return until(timeOf(value), nowMs)
  }
}

function until(atMs: number | undefined, nowMs: number): number | undefined {
  return atMs === undefined ? undefined : positive(atMs - nowMs, 1)
}

/** A number, or a text that is one. */
function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}

function positive(value: number | undefined, unitMs: number): number | undefined {
  return value !== undefined && value > 0 ? value * unitMs : undefined
}

/** RFC 3339 or RFC 9110; without a zone in UTC, a blank or a `T` between date and time. */
function timeOf(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined
  const text = value.trim().replace(/^(\d{4}-\d\d-\d\d) (?=\d)/, '$1T')
  const atMs = Date.parse(/^\d{4}-\d\d-\d\dT[\d:.]+$/.test(text) ? `${text}Z` : text)
  return Number.isFinite(atMs) ? atMs : undefined
}
