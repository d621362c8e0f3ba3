// The bytes of a token endpoint's answer -> members, or an error that says what is wrong without repeating them.
import { AppError, type AppErrorDetails } from '../base/error.ts'
import { cleanForeignText, type Secret } from '../base/secret.ts'
import type { TokenResponse } from '../compile/plan.ts'

export interface RawResponse {
  status: number
  contentType: string
  retryAfter: string | null
  location: string | null
  text: string
}

/** Members of a success (any 2xx without an `error`), or throws AppError `token_refused`, `token_redirect` or `token_invalid_response`. */
export function readTokenResponse(
  raw: RawResponse,
  details: AppErrorDetails,
  secrets: readonly Secret[],
  nowMs: number,
): TokenResponse {
  const known = { ...details, status: raw.status }
  if (raw.status >= 300 && raw.status < 400) throw redirectError(raw, known, secrets)
  const members = decodeMembers(raw)
  const success = raw.status >= 200 && raw.status < 300
  if (success && members && !hasError(members))
    return { status: raw.status, members, ...(details.endpoint !== undefined && { endpoint: details.endpoint }) }
  if (success && !members) throw notUnderstood(raw, known, secrets)
  throw refused(raw, known, errorTexts(members ?? {}, secrets), nowMs)
}

function hasError(members: Record<string, unknown>): boolean {
  return members.error !== undefined && members.error !== null && members.error !== ''
}

/** JSON by shape, whatever its label says; a form when it looks like one. */
function decodeMembers(raw: RawResponse): Record<string, unknown> | undefined {
  const text = raw.text.replace(/^\ufeff/, '').trim()
  if (text.startsWith('{')) return parseObject(text)
  const looksLikeForm = /(?:^|&)(?:access_token|id_token|error)=/.test(text)
  return looksLikeForm && !text.includes('<') ? Object.fromEntries(new URLSearchParams(text)) : undefined
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return undefined
  }
}

/** The target's host only: a path or query may carry credentials. */
function redirectError(raw: RawResponse, details: AppErrorDetails, secrets: readonly Secret[]): AppError {
  const target =
    raw.location && URL.canParse(raw.location, `https://${details.endpoint}`)
      ? new URL(raw.location, `https://${details.endpoint}`).host
      : 'an unknown place'
  const message = `account \`${details.account}\`: ${details.endpoint} answers ${raw.status} and redirects to ${cleanForeignText(target, secrets)}; token requests follow no redirect: set accessTokenUri to the final address`
  return new AppError('token_redirect', message, details)
}

function notUnderstood(raw: RawResponse, details: AppErrorDetails, secrets: readonly Secret[]): AppError {
  const kind = cleanForeignText(raw.contentType.split(';')[0] || 'no content type', secrets, 60)
  const what = raw.text.trim() === '' ? 'an empty answer' : `${raw.text.length} characters of ${kind}`
  const message = `account \`${details.account}\`: ${details.endpoint} answered ${raw.status} with ${what} instead of a token response; check accessTokenUri`
  return new AppError('token_invalid_response', message, { ...details, transient: true })
}

/** `error` and its description, from the places where servers put them. */
function errorTexts(
  members: Record<string, unknown>,
  secrets: readonly Secret[],
): { error?: string; description?: string } {
  const error = typeof members.error === 'string' ? members.error : undefined
  const description = [members.error_description, members.message].find(text => typeof text === 'string')
  return {
    ...(error && { error: cleanForeignText(error, secrets, 80) }),
    ...(description && { description: cleanForeignText(description as string, secrets) }),
  }
}

const TRANSIENT_STATUS = new Set([408, 425, 429, 502, 503, 504])

function refused(
  raw: RawResponse,
  details: AppErrorDetails,
  texts: { error?: string; description?: string },
  nowMs: number,
): AppError {
  const retryAtMs = parseRetryAfter(raw.retryAfter, nowMs)
  const reason = [texts.error, texts.description].filter(Boolean).join(': ')
  const message = `account \`${details.account}\`: ${details.endpoint} answered ${raw.status}${reason ? ` ${reason}` : ''}${advice(texts.error)}`
  return new AppError('token_refused', message, {
    ...details,
    ...(texts.error && { oauthError: texts.error }),
    ...(texts.description && { description: texts.description }),
    ...(retryAtMs !== undefined && { retryAtMs }),
    transient: TRANSIENT_STATUS.has(raw.status),
  })
}

const ADVICE: Record<string, string> = {
  invalid_client: 'check clientId, clientSecret and clientAuthMethod',
  invalid_grant: 'check username and password',
  invalid_scope: 'check scope',
  unauthorized_client: 'this client may not use this grant',
  unsupported_grant_type: 'this server does not offer this grant',
}

function advice(error: string | undefined): string {
  const text = error && ADVICE[error]
  return text ? ` (${text})` : ''
}

const MAX_RETRY_AFTER_MS = 3_600_000

/** RFC 9110 section 10.2.3: seconds or a date. Nonsense and the past count as not said, more than an hour as an hour. */
export function parseRetryAfter(text: string | null, nowMs: number): number | undefined {
  if (!text) return undefined
  const atMs = /^\d+$/.test(text.trim()) ? nowMs + Number(text) * 1000 : Date.parse(text)
  if (!Number.isFinite(atMs) || atMs <= nowMs) return undefined
  return Math.min(atMs, nowMs + MAX_RETRY_AFTER_MS)
}
