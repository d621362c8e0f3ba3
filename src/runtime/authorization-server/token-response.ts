// The bytes of a token endpoint's answer -> members, or an error that says what is wrong without repeating them.
import { AppError, type AppErrorDetails } from '../../base/error.ts'
import { cleanForeignText, type Secret } from '../../base/secret.ts'
import { equalsAt, valueAt } from '../../compile/json-pointer.ts'
import type { TokenResponse } from '../../compile/plan.ts'
import type { TokenResponseRule } from '../../config/model/model.ts'
import { type ErrorTexts, errorTexts, hasError, hasErrorList } from './token-error.ts'

export interface RawResponse {
  status: number
  contentType: string
  retryAfter: string | null
  location: string | null
  text: string
  date?: string | null
  header?(name: string): string | null
}

/** When the answer came, and how the account reads it. */
export interface Reading {
  nowMs: number
  rule?: TokenResponseRule
}

/** What a success (any 2xx without an `error`) brought, or throws AppError `token_refused`, `token_redirect` or `token_invalid_response`. */
export function readTokenResponse(
  raw: RawResponse,
  details: AppErrorDetails,
  secrets: readonly Secret[],
  { nowMs, rule }: Reading,
): TokenResponse {
  const known = { ...details, status: raw.status }
  if (raw.status >= 300 && raw.status < 400) throw redirectError(raw, known, secrets)
  const members = decodeMembers(raw, rule)
  const token = members && rule?.token?.kind !== 'header' ? undefined : tokenOutside(raw, rule)
  const success = raw.status >= 200 && raw.status < 300
  if (success && !members && token === undefined) throw notUnderstood(raw, known, secrets)
  const reason = success ? failureIn(members ?? {}, rule) : ''
  if (reason !== undefined)
    throw refused(raw, known, { ...errorTexts(members ?? {}, secrets, rule?.error), reason }, nowMs)
  const serverTimeMs = Date.parse(raw.date ?? '')
  return {
    status: raw.status,
    members: members ?? {},
    secrets,
    ...(token !== undefined && { token }),
    ...(Number.isFinite(serverTimeMs) && { serverTimeMs }),
    ...(details.endpoint !== undefined && { endpoint: details.endpoint }),
  }
}

/** Why a 2xx is none; an empty text when the answer says it itself. */
function failureIn(members: Record<string, unknown>, rule: TokenResponseRule | undefined): string | undefined {
  if (rule?.success && !equalsAt(members, rule.success)) return `${rule.success.at} is not ${rule.success.equals}`
  // Where the account says what a success is, the place of errors may hold words for it too (`msg: ok`).
  if (hasError(members, rule?.success ? undefined : rule?.error)) return ''
  const found = tokenPointers(rule).some(pointer => typeof valueAt(members, pointer) === 'string')
  return hasErrorList(members) && !found ? '' : undefined
}

function tokenPointers(rule: TokenResponseRule | undefined): readonly string[] {
  return rule?.token?.kind === 'members' ? rule.token.pointers : ['/access_token', '/id_token']
}

/** JSON by shape, whatever its label says; a form when it is labelled so, or as text, and has the token or an error. */
function decodeMembers(raw: RawResponse, rule: TokenResponseRule | undefined): Record<string, unknown> | undefined {
  const text = bodyText(raw)
  if (text.startsWith('{')) return parseObject(text)
  if (!/^(?:$|text\/|application\/x-www-form-urlencoded)/i.test(raw.contentType.trim()) || text.includes('<'))
    return undefined
  const form = Object.fromEntries(new URLSearchParams(text))
  const names = ['/error', ...tokenPointers(rule)]
  return names.some(pointer => Boolean(valueAt(form, pointer))) ? form : undefined
}

/** Without the byte order mark that some servers write. */
function bodyText(raw: RawResponse): string {
  return raw.text.replace(/^\ufeff/, '').trim()
}

/** The token in a header, or as the whole text, in quotes or without. */
function tokenOutside(raw: RawResponse, rule: TokenResponseRule | undefined): string | undefined {
  if (rule?.token?.kind === 'header') return raw.header?.(rule.token.name) || undefined
  const text = bodyText(raw)
  if (rule?.token?.kind !== 'text' || text === '' || text.startsWith('<')) return undefined
  return /^"[^"\\]*"$/.test(text) ? text.slice(1, -1) : text
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

const TRANSIENT_STATUS = new Set([408, 425, 429, 502, 503, 504])

function refused(
  raw: RawResponse,
  details: AppErrorDetails,
  texts: ErrorTexts & { reason: string },
  nowMs: number,
): AppError {
  const retryAtMs = parseRetryAfter(raw.retryAfter, nowMs) ?? quotaEnd(raw, nowMs)
  const reason = [texts.reason, texts.error, texts.description].filter(Boolean).join(': ')
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
  invalid_client: 'check clientId, clientAuthMethod, and the secret, the key or the certificate of the client',
  invalid_grant: 'check username and password, or the assertion or token that is sent',
  invalid_scope: 'check scope',
  unauthorized_client: 'this client may not use this grant',
  unsupported_grant_type: 'this server does not offer this grant',
}

function advice(error: string | undefined): string {
  const text = error && ADVICE[error]
  return text ? ` (${text})` : ''
}

/** Auth0 tells in a header of its own when each quota that is used up (`r=0`) begins anew: `b=per_hour;q=10;r=0;t=3540,b=per_day;…`. */
function quotaEnd({ status, header }: RawResponse, nowMs: number): number | undefined {
  const quotas = status === 429 ? (header?.('auth0-client-quota-limit') ?? '').split(',') : []
  const ends = quotas.filter(quota => /;r=0\b/.test(quota)).map(quota => Number(/;t=(\d+)/.exec(quota)?.[1] ?? 0))
  return parseRetryAfter(String(Math.max(0, ...ends)), nowMs)
}

const MAX_RETRY_AFTER_MS = 3_600_000

/** RFC 9110 section 10.2.3: seconds or a date. Nonsense and the past count as not said, more than an hour as an hour. */
export function parseRetryAfter(text: string | null, nowMs: number): number | undefined {
  if (!text) return undefined
  const atMs = /^\d+$/.test(text.trim()) ? nowMs + Number(text) * 1000 : Date.parse(text)
  if (!Number.isFinite(atMs) || atMs <= nowMs) return undefined
  return Math.min(atMs, nowMs + MAX_RETRY_AFTER_MS)
}
