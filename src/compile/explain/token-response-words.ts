// How an account reads its token response, and how long its token lives, in words. Only what is written.
import { formatDuration } from '../../base/duration.ts'
import type { Lifetime, OAuth2, Published, TokenResponseRule } from '../../config/model/model.ts'

export interface ResponseWord {
  /** As it is written, with dots. */
  key: string
  text: string
}

export function tokenResponseWords({ tokenResponse, lifetime }: OAuth2): ResponseWord[] {
  return [...(tokenResponse ? placeWords(tokenResponse) : []), ...lifetimeWords(lifetime)]
}

/** Where the token and what goes with it are found, for identities: other places give another token. */
export function responsePlaces({ tokenResponse }: OAuth2): unknown[] {
  if (!tokenResponse) return []
  const { publish, ...places } = tokenResponse
  return [places, publish.map(({ name, at, hosts }) => [name, at, hosts])]
}

function placeWords({ token, expires, success, error, publish }: TokenResponseRule): ResponseWord[] {
  const word = (key: string, text: string | undefined): ResponseWord[] =>
    text === undefined ? [] : [{ key: `tokenResponse.${key}`, text }]
  return [
    ...word('token', token && describeToken(token)),
    ...word('expires', expires && `life at ${expires.at} as ${expires.as}`),
    ...word('success', success && `success where ${success.at} is ${success.equals}`),
    ...word('error', error && `error code at ${error}`),
    ...publish.flatMap(entry => word(`publish.${entry.name}`, describePublished(entry))),
  ]
}

function describeToken(token: NonNullable<TokenResponseRule['token']>): string {
  if (token.kind === 'header') return `token in header ${token.name}`
  return token.kind === 'text' ? 'the whole text is the token' : `token at ${token.pointers.join(', else ')}`
}

function describePublished({ name, at, hosts }: Published): string {
  return `token.${name} from ${at}${hosts && hosts.length > 0 ? `, hosts ${hosts.join(', ')}` : ''}`
}

function lifetimeWords({ defaultMs, maxMs, refreshBeforeMs, minIntervalMs }: Lifetime): ResponseWord[] {
  const word = (key: string, ms: number | undefined, text: string): ResponseWord[] =>
    ms === undefined ? [] : [{ key: `lifetime.${key}`, text: `${text} ${formatDuration(ms)}` }]
  return [
    ...word('default', defaultMs, 'life where none is told'),
    ...word('max', maxMs, 'life at most'),
    ...word('refreshBefore', refreshBeforeMs, 'renewed before its end, at most'),
    ...word('minInterval', minIntervalMs, 'no renewal before'),
  ]
}
