// Step 4: the bearer, its life and what is published out of a token response. Never one kind of token in place of the other.
import { AppError, type AppErrorDetails } from '../../base/error.ts'
import { Secret } from '../../base/secret.ts'
import type { OAuth2, Published } from '../../config/model/model.ts'
import { valueAt } from '../json-pointer.ts'
import type { PickedBearer, TokenResponse } from '../plan.ts'
import { type Clean, cleanerOf } from '../token/clean-answer.ts'
import { compileLife } from '../token/token-life.ts'

export type PickBearer = (response: TokenResponse, nowMs: number) => PickedBearer

/** `asked`: the scopes that an answer without `scope` grants (RFC 6749 section 5.1). */
export function compilePickBearer(account: string, oauth2: OAuth2, asked: readonly string[]): PickBearer {
  const { bearerTokenType, tokenResponse, refresh } = oauth2
  const refreshAt = typeof refresh === 'object' ? refresh.token : '/refresh_token'
  const lifeOf = compileLife(oauth2)
  return (response, nowMs) => {
    const { status, members, endpoint } = response
    const details = { account, status, ...(endpoint !== undefined && { endpoint }) }
    const clean = cleanerOf(response)
    const token = readToken(response, oauth2, details)
    if (oauth2.dpop) checkBound(members.token_type, details, clean)
    const foreignType =
      bearerTokenType === 'access_token' && !oauth2.dpop ? foreignTypeOf(members.token_type, clean) : undefined
    const narrowedScope = narrowed(members.scope, asked, clean)
    return {
      bearer: new Secret(token),
      ...lifeOf(token, response, nowMs),
      ...(foreignType !== undefined && { foreignType }),
      ...(narrowedScope !== undefined && { narrowedScope }),
      ...refreshTokenOf(valueAt(members, refreshAt)),
      ...publishedOf(tokenResponse?.publish ?? [], response, details),
    }
  }
}

function readToken(
  response: TokenResponse,
  { bearerTokenType, tokenResponse }: OAuth2,
  details: AppErrorDetails,
): string {
  const { members } = response
  const place = tokenResponse?.token ?? { kind: 'members', pointers: [`/${bearerTokenType}`] }
  const found = place.kind === 'members' ? place.pointers.map(pointer => valueAt(members, pointer)) : [response.token]
  const token = found.find(value => typeof value === 'string' && value !== '') as string | undefined
  if (token === undefined)
    throw invalid(
      `the response has no ${placeWords(tokenResponse, bearerTokenType)}; it has: ${present(response)}`,
      details,
    )
  // A line break here would let a provider write headers of our requests.
  if (/[^\x21-\x7e]/.test(token)) throw invalid(`the ${bearerTokenType} holds blanks or control characters`, details)
  return token
}

function placeWords(rule: OAuth2['tokenResponse'], member: string): string {
  const token = rule?.token
  if (!token) return member
  if (token.kind === 'header') return `header ${token.name}`
  return token.kind === 'text' ? 'token as its text' : `token at ${token.pointers.join(' or ')}`
}

/** Names only. */
function present(response: TokenResponse): string {
  const clean = cleanerOf(response)
  const names = Object.keys(response.members).slice(0, 10)
  return names.map(name => clean(name, 40)).join(', ') || 'nothing'
}

/** All of it or nothing: a service whose URL needs what is missing could not be reached. */
function publishedOf(
  publish: readonly Published[],
  response: TokenResponse,
  details: AppErrorDetails,
): Pick<PickedBearer, 'published'> {
  if (publish.length === 0) return {}
  const entries = publish.map(({ name, at }) => {
    const value = valueAt(response.members, at)
    if (value === undefined || value === null || value === '' || typeof value === 'object')
      throw invalid(`the response has nothing at ${at} to publish as ${name}; it has: ${present(response)}`, details)
    return [name, new Secret(String(value))] as const
  })
  return { published: Object.fromEntries(entries) }
}

/** What cannot be sent in a form or is none is as good as not there: the grant is repeated then. */
function refreshTokenOf(token: unknown): Pick<PickedBearer, 'refreshToken'> {
  const usable = typeof token === 'string' && /^[\x20-\x7e]+$/.test(token)
  return usable ? { refreshToken: new Secret(token) } : {}
}

const BEARER_TYPES = new Set(['bearer', 'bearertoken', 'application access token', 'user access token'])

/** The spellings of the wild count as bearer, and so does none. */
function foreignTypeOf(type: unknown, clean: Clean): string | undefined {
  if (type === undefined || type === null || BEARER_TYPES.has(String(type).toLowerCase())) return undefined
  return clean(String(type), 40)
}

/** No silent downgrade: a token that is not bound to the key is not used (RFC 9449 section 5). */
function checkBound(type: unknown, details: AppErrorDetails, clean: Clean): void {
  if (String(type).toLowerCase() === 'dpop') return
  const said = type === undefined ? 'no token_type' : `token_type \`${clean(String(type), 40)}\``
  throw invalid(`${said}, not DPoP: the token is not bound to the key, see \`dpop\``, details)
}

function invalid(reason: string, details: AppErrorDetails): AppError {
  const who = details.endpoint === undefined ? '' : `${details.endpoint} answered ${details.status}: `
  return new AppError('token_invalid_response', `account \`${details.account}\`: ${who}${reason}`, details)
}

/** RFC 6749 section 5.1: no scope in the answer means as requested. Some servers list them with commas, and one item of ours may be several of theirs. */
function narrowed(granted: unknown, asked: readonly string[], clean: Clean): string | undefined {
  const list = Array.isArray(granted) ? granted.map(String) : typeof granted === 'string' ? [granted] : undefined
  const given = list?.flatMap(wordsOf)
  if (!given || asked.flatMap(wordsOf).every(scope => given.includes(scope))) return undefined
  return clean(given.join(' '))
}

function wordsOf(scopes: string): string[] {
  return scopes.split(/[\s,]+/).filter(word => word !== '')
}
