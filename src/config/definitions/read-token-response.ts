// Written `tokenResponse` and `lifetime` that the schema accepted -> how an account reads its token response.
import { parseDuration } from '../../base/duration.ts'
import type { Lifetime, TokenResponseRule } from '../model/model.ts'
import type { RawLifetime, RawTokenResponse } from './raw.ts'

export function readTokenResponseRule(raw: RawTokenResponse): TokenResponseRule {
  const { token, expires, success, error, publish = {} } = raw
  return {
    ...(token !== undefined && { token: readTokenPlace(token) }),
    ...(expires && { expires: { at: expires.at, as: expires.as ?? 'seconds' } }),
    ...(success && { success: { at: success.at, equals: success.equals } }),
    ...(error !== undefined && { error }),
    publish: Object.entries(publish).map(([name, entry]) => ({
      name,
      at: entry.at,
      ...(entry.hosts && { hosts: entry.hosts }),
    })),
  }
}

function readTokenPlace(token: NonNullable<RawTokenResponse['token']>): NonNullable<TokenResponseRule['token']> {
  if (token === 'text') return { kind: 'text' }
  if (typeof token === 'string') return { kind: 'members', pointers: [token] }
  return Array.isArray(token) ? { kind: 'members', pointers: token } : { kind: 'header', name: token.header }
}

export function readLifetime(raw: RawLifetime = {}): Lifetime {
  const [defaultMs, maxMs] = [parseDuration(raw.default ?? ''), parseDuration(raw.max ?? '')]
  const [refreshBeforeMs, minIntervalMs] = [
    parseDuration(raw.refreshBefore ?? ''),
    parseDuration(raw.minInterval ?? ''),
  ]
  return {
    ...(defaultMs !== undefined && { defaultMs }),
    ...(maxMs !== undefined && { maxMs }),
    ...(refreshBeforeMs !== undefined && { refreshBeforeMs }),
    ...(minIntervalMs !== undefined && { minIntervalMs }),
  }
}
