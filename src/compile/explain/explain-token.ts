// How an account gets its token, in words: the server, the request, and what is taken of the answer.
import { formatDuration } from '../../base/duration.ts'
import { startOf } from '../../config/locate.ts'
import type { Account, OAuth2 } from '../../config/model/model.ts'
import type { Scope } from '../../config/templates/scope.ts'
import { assertionWords, describeClientAuth } from './client-auth-words.ts'
import { describeScopes, describeValue } from './describe.ts'
import { describeRefresh, describeRefreshSettings, describeTokenRequest } from './describe-request.ts'
import {
  type ExplainedStep,
  isWritten,
  type Origin,
  originOf,
  type Part,
  partsOf,
  type Telling,
  takenBy,
} from './explained-step.ts'
import { tokenResponseWords } from './token-response-words.ts'

export function tokenSteps(account: Account, oauth2: OAuth2, telling: Telling): ExplainedStep[] {
  const { place } = account
  const scope = telling.config.scopes.of(account)
  const all = partsOf(oauth2)
  const parts = all.filter(part => !isServer(part) && !isScope(part))
  const at = (key: string) => originOf(place, ...key.split('.'))
  const request = (text: string, key: string, takes: string[], gives: string[]): ExplainedStep => ({
    step: 'request-token',
    text,
    takes,
    gives,
    from: at(key),
  })
  const texts = parts.filter(({ value }) => value.kind === 'template')
  const names = parts.map(({ name }) => name)
  const settings = [...describeTokenRequest(oauth2.tokenRequest), ...describeRefreshSettings(oauth2)]
  const written = settings.filter(({ keys }) => isWritten(place, ...keys))
  const refreshed = names.filter(isRefresh)
  return [
    ...all.filter(isServer).map(part => serverStep(part, oauth2, scope, at)),
    request(
      `grant ${oauth2.grant}`,
      'grant',
      ['token endpoint', ...names.filter(name => !isRefresh(name) && !isRevocation(name)), 'scope'],
      ['token response'],
    ),
    ...texts.map(part => ({
      ...request(`${part.name} ${describeValue(part.value, scope, part.use)}`, '', takenBy(part, scope), [part.name]),
      from: startOf(part.value.place, 'key'),
    })),
    ...written.map(({ keys, value }) => ({
      ...request(`${keys.join('.')} ${value}`, '', [], []),
      from: originOf(place, ...keys),
    })),
    request(describeClientAuth(oauth2), 'clientAuthMethod', names.filter(isClient), []),
    ...assertionWords(oauth2).map(({ key, text }) => ({
      ...request(`${key} ${text}`, '', [], []),
      from: originOf(place, ...key.split('.')),
    })),
    ...dpopWords(oauth2).map(text => request(text, 'dpop', names.filter(isDpop), [])),
    scopeStep(oauth2, scope, at('scope')),
    ...describeRefresh(oauth2, isWritten(place, 'refresh')).map(text => request(text, 'refresh', refreshed, [])),
    ...revokeWords(oauth2).map(text => request(text, 'revoke', names.filter(isRevocation), [])),
    ...(oauth2.keepWarm ? [request('fetched at start and always kept fresh', 'keepWarm', [], [])] : []),
    ...serverNameWords(oauth2).map(text => request(text, 'tls.serverName', [], [])),
    request(`time limit ${formatDuration(oauth2.timeoutMs)}`, 'timeout', [], []),
    {
      step: 'pick-bearer',
      text: `${oauth2.bearerTokenType} of the response`,
      takes: ['token response'],
      gives: ['bearer'],
      from: at('bearerTokenType'),
    },
    ...tokenResponseWords(oauth2).map(({ key, text }) => ({
      ...request(text, key, [], []),
      step: 'pick-bearer' as const,
    })),
  ]
}

function isScope({ name }: Part): boolean {
  return name === 'scope' || name.startsWith('scope.')
}

function scopeStep(oauth2: OAuth2, scope: Scope, from: Origin): ExplainedStep {
  const shown = describeScopes(oauth2, scope)
  const takes = partsOf(oauth2).flatMap(part => (isScope(part) ? takenBy(part, scope) : []))
  return { step: 'request-token', text: shown === '' ? 'no scope' : `scope ${shown}`, takes, gives: ['scope'], from }
}

function isServer({ name }: Part): boolean {
  return name === 'token endpoint' || name === 'issuer'
}

function serverStep(part: Part, oauth2: OAuth2, scope: Scope, at: (key: string) => Origin): ExplainedStep {
  const url = describeValue(part.value, scope, 'uri')
  const step = { step: 'expand-template', takes: takenBy(part, scope) } as const
  if (part.name !== 'issuer')
    return { ...step, text: `token endpoint ${url}`, gives: ['token endpoint'], from: at('accessTokenUri') }
  return oauth2.accessTokenUri
    ? { ...step, text: `expected issuer ${url}`, gives: ['issuer'], from: at('issuer') }
    : {
        ...step,
        text: `token endpoint from the metadata of issuer ${url}`,
        gives: ['token endpoint'],
        from: at('issuer'),
      }
}

const WHEN = { on_removal: 'when the account is removed', on_shutdown: 'at removal, and when bearerd stops' }

function isRefresh(name: string): boolean {
  return name.startsWith('refresh.')
}

function revokeWords({ revoke }: OAuth2): string[] {
  return revoke === 'never' ? [] : [`revoked ${WHEN[revoke]}`]
}

function isRevocation(name: string): boolean {
  return name === 'revocationUri'
}

function serverNameWords({ connection: { serverName } }: OAuth2): string[] {
  return serverName === undefined ? [] : [`server name ${serverName}`]
}

function dpopWords({ dpop }: OAuth2): string[] {
  return dpop ? [`bound to a key (DPoP${dpop.alg === undefined ? '' : `, ${dpop.alg}`})`] : []
}

function isDpop(name: string): boolean {
  return name === 'dpop.key'
}

function isClient(name: string): boolean {
  return name.startsWith('client')
}
