// Step 4: the bearer and its life out of a token response. Never one kind of token in place of the other.
import { AppError, type AppErrorDetails } from '../../base/error.ts'
import { cleanForeignText, Secret } from '../../base/secret.ts'
import type { OAuth2 } from '../../config/model.ts'
import { jwtLifeMs } from '../jwt.ts'
import type { PickedBearer, TokenResponse } from '../plan.ts'

const DEFAULT_LIFE_MS = 5 * 60_000
const MAX_LIFE_MS = 365 * 86_400_000

export type PickBearer = (response: TokenResponse, nowMs: number) => PickedBearer

export function compilePickBearer(account: string, oauth2: OAuth2): PickBearer {
  const member = oauth2.bearerTokenType
  return ({ status, members, endpoint }, nowMs) => {
    const details = { account, status, ...(endpoint !== undefined && { endpoint }) }
    const token = readToken(members, member, details)
    const foreignType = member === 'access_token' ? foreignTypeOf(members.token_type) : undefined
    const narrowedScope = narrowed(members.scope, oauth2.scope)
    return {
      bearer: new Secret(token),
      ...lifeOf(token, members, member, nowMs),
      ...(foreignType !== undefined && { foreignType }),
      ...(narrowedScope !== undefined && { narrowedScope }),
      ...refreshTokenOf(members.refresh_token),
    }
  }
}

function readToken(members: TokenResponse['members'], member: string, details: AppErrorDetails): string {
  const token = members[member]
  if (typeof token !== 'string' || token === '') {
    const present =
      Object.keys(members)
        .slice(0, 10)
        .map(name => cleanForeignText(name, [], 40))
        .join(', ') || 'nothing'
    throw invalid(`the response has no ${member}; it has: ${present}`, details)
  }
  // A line break here would let a provider write headers of our requests.
  if (/[^\x21-\x7e]/.test(token)) throw invalid(`the ${member} holds blanks or control characters`, details)
  return token
}

/** What cannot be sent in a form or is none is as good as not there: the grant is repeated then. */
function refreshTokenOf(token: unknown): Pick<PickedBearer, 'refreshToken'> {
  const usable = typeof token === 'string' && /^[\x20-\x7e]+$/.test(token)
  return usable ? { refreshToken: new Secret(token) } : {}
}

const BEARER_TYPES = new Set(['bearer', 'bearertoken', 'application access token', 'user access token'])

/** The spellings of the wild count as bearer, and so does none. */
function foreignTypeOf(type: unknown): string | undefined {
  if (type === undefined || type === null || BEARER_TYPES.has(String(type).toLowerCase())) return undefined
  return cleanForeignText(String(type), [], 40)
}

function invalid(reason: string, details: AppErrorDetails): AppError {
  const who = details.endpoint === undefined ? '' : `${details.endpoint} answered ${details.status}: `
  return new AppError('token_invalid_response', `account \`${details.account}\`: ${who}${reason}`, details)
}

function lifeOf(
  token: string,
  members: TokenResponse['members'],
  member: string,
  nowMs: number,
): Pick<PickedBearer, 'lifeMs' | 'lifeFrom'> {
  const told = member === 'access_token' ? expiresInMs(members.expires_in) : undefined
  const own = jwtLifeMs(token, nowMs)
  if (own !== undefined && own > 0 && own <= (told ?? own))
    return { lifeMs: Math.min(own, MAX_LIFE_MS), lifeFrom: 'exp' }
  if (told !== undefined) return { lifeMs: Math.min(told, MAX_LIFE_MS), lifeFrom: 'expires_in' }
  return { lifeMs: DEFAULT_LIFE_MS, lifeFrom: 'default' }
}

/** A number or a numeric text above zero; zero, null and nonsense count as not told. */
function expiresInMs(value: unknown): number | undefined {
  const seconds = typeof value === 'string' && /^\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : value
  return typeof seconds === 'number' && Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined
}

/** RFC 6749 section 5.1: no scope in the answer means as requested. */
function narrowed(granted: unknown, asked: readonly string[]): string | undefined {
  const list = Array.isArray(granted)
    ? granted.map(String)
    : typeof granted === 'string'
      ? granted.split(/[\s,]+/)
      : undefined
  if (!list || asked.every(scope => list.includes(scope))) return undefined
  return cleanForeignText(list.join(' '), [])
}
