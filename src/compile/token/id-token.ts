// What an ID token must say before it is used as a bearer (OpenID Connect Core section 3.1.3.7), signature apart.
import { AppError } from '../../base/error.ts'
import { cleanForeignText, type Secret } from '../../base/secret.ts'
import type { OAuth2 } from '../../config/model/model.ts'
import type { Scope } from '../../config/templates/scope.ts'
import { compileText, type Values } from '../text.ts'
import { jwtClaims, jwtHeader } from './jwt.ts'

/** Clocks differ a little. */
const LEEWAY_MS = 60_000

/** Throws AppError `token_invalid_response`. `values.server` tells the expected issuer, where one is known. */
export type CheckIdToken = (token: Secret, values: Values, nowMs: number) => void

export function compileIdTokenCheck(account: string, oauth2: OAuth2, scope: Scope): CheckIdToken {
  const clientId = oauth2.clientId && compileText(oauth2.clientId, scope)
  return (token, values, nowMs) => {
    const fault = faultOf(token.reveal(), {
      issuer: values.server?.issuer,
      audience: clientId?.render(values),
      nowMs,
    })
    if (fault !== undefined) throw idTokenError(account, fault)
  }
}

export function idTokenError(account: string, fault: string): AppError {
  return new AppError('token_invalid_response', `account \`${account}\`: the id_token ${fault}`, { account })
}

interface Expected {
  issuer: string | undefined
  audience: string | undefined
  nowMs: number
}

function faultOf(token: string, { issuer, audience, nowMs }: Expected): string | undefined {
  const [header, claims] = [jwtHeader(token), jwtClaims(token)]
  if (!header || !claims) return 'is no signed JWT'
  const { alg } = header
  if (typeof alg !== 'string' || alg.toLowerCase() === 'none') return 'is not signed (alg none)'
  const { iss, aud, exp } = claims
  if (issuer !== undefined && iss !== issuer) return `was issued by ${shown(iss)}, not by ${issuer}`
  const audiences = Array.isArray(aud) ? aud : [aud]
  if (audience !== undefined && !audiences.includes(audience)) return `is for ${shown(aud)}, not for this client`
  if (typeof exp !== 'number') return 'has no exp'
  return exp * 1000 + LEEWAY_MS <= nowMs ? `expired at ${shownTime(exp)}` : undefined
}

function shown(value: unknown): string {
  return cleanForeignText(typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nobody'), [], 80)
}

function shownTime(seconds: number): string {
  const date = new Date(seconds * 1000)
  return Number.isNaN(date.getTime()) ? 'no time' : date.toISOString()
}
