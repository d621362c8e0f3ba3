// A definition as a list of facts that can be compared: how each is said, and what it is. No secret is said.

import { formatDuration } from '../../base/duration.ts'
import { connectionParts } from '../../config/definitions/connection-parts.ts'
import { oauth2Parts } from '../../config/definitions/oauth2-parts.ts'
import type {
  Account,
  DaemonSettings,
  InjectRule,
  NamedValue,
  OAuth2,
  Place,
  Service,
  TokenRequestSettings,
  Value,
} from '../../config/model/model.ts'
import { injectScope, refreshScope, type Scope } from '../../config/templates/scope.ts'
import { allowWords } from '../allow.ts'
import { rejectionWords } from '../rejection.ts'
import { retryWords } from '../retry.ts'
import { compileText, referenceKey } from '../text.ts'
import { compileScopes } from '../token/scopes.ts'
import { assertionWords } from './client-auth-words.ts'
import {
  describeInject,
  describeScopes,
  describeSecret,
  describeValue,
  leavesOf,
  looksSecret,
  type Use,
} from './describe.ts'
import { describeRefreshSettings, describeTokenRequest } from './describe-request.ts'
import { isWritten } from './explained-step.ts'
import { tokenResponseWords } from './token-response-words.ts'

export interface Fact {
  field: string
  /** For people. */
  shown: string
  /** Equal for equal facts; not for people. */
  identity: string
}

/** The account of a service is compared on its own. */
export function serviceFacts(service: Service, account: Account, scope: Scope): Fact[] {
  const { place } = service
  const named = account.key === account.name ? account.name : 'in place'
  return [
    plainFact('account', named, isWritten(place, 'account')),
    valueFact('serverUrl', service.serverUrl, scope, 'uri'),
    ...durationFact('timeout', service.timeoutMs, place),
    ...optionalFact('timeoutMessage', service.timeoutMessage, place),
    ...optionalFact('healthCheck', service.healthCheck, place),
    ...optionalFact('title', service.title, place),
    ...flagFact('allowHttp', service.allowHttp, place),
    ...service.headers.map(header => headerFact(header, scope)),
    ...(service.listen === undefined ? [] : [plainFact('listen', service.listen, true)]),
    ...(service.allow ? [plainFact('allow', allowWords(service.allow), true)] : []),
    ...connectionParts(service.connection).map(({ key, value, use }) => valueFact(key, value, scope, use)),
    ...optionalFact('tls.serverName', service.connection.serverName, place),
    ...(service.reauthenticateOn
      ? [plainFact('reauthenticateOn', rejectionWords(service.reauthenticateOn), true)]
      : []),
    ...(service.retry ? [plainFact('retry', retryWords(service.retry), true)] : []),
    ...service.sinks.map(({ path, format, mode }) =>
      plainFact(`sink ${path}`, `${format}, mode ${mode.toString(8).padStart(4, '0')}`, true),
    ),
    ...service.parameters.map(({ name, pattern, default: value }) => {
      const shown = value === undefined ? pattern : `${pattern}, default ${value}`
      return plainFact(`parameter ${name}`, shown, true)
    }),
    ...(service.parameters.length > 0
      ? [plainFact('parameterLimit', String(service.parameterLimit), isWritten(place, 'parameterLimit'))]
      : []),
    ...injectFact(service.inject, injectScope(scope, service)),
  ]
}

export function headerFact({ name, value }: NamedValue, scope: Scope): Fact {
  const use = looksSecret(name) ? 'secret' : 'text'
  return valueFact(`header ${name}`, value, scope, use)
}

export function accountFacts(account: Account, scope: Scope): Fact[] {
  const { authorization, place } = account
  const kind = plainFact('authorization', authorization.kind, isWritten(place, 'authorization'))
  switch (authorization.kind) {
    case 'none':
      return [kind]
    case 'oauth2':
      return [kind, ...oauth2Facts(account, authorization.oauth2, scope)]
    case 'basic':
      return [
        kind,
        valueFact('username', authorization.username, scope, 'text'),
        valueFact('password', authorization.password, scope, 'secret'),
      ]
    default: {
      const facts = authorization.values.map(({ name, value }) =>
        valueFact(`${authorization.kind} ${name}`, value, scope, 'secret'),
      )
      return [kind, ...facts]
    }
  }
}

function oauth2Facts(account: Account, oauth2: OAuth2, scope: Scope): Fact[] {
  const { place } = account
  const word = (field: string, text: string): Fact => plainFact(field, text, isWritten(place, field))
  return [
    ...oauth2Parts({ ...oauth2, scopeTemplates: [] }).map(({ key, value, use, refresh }) =>
      valueFact(key, value, refresh ? refreshScope(scope) : scope, use),
    ),
    word('clientAuthMethod', oauth2.clientAuthMethod),
    ...assertionWords(oauth2).map(({ key, text }) => assertionFact(key, text, place)),
    word('basicEncoding', oauth2.basicEncoding),
    word('grant', oauth2.grant),
    scopeFact(oauth2, scope),
    word('bearerTokenType', oauth2.bearerTokenType),
    ...(oauth2.dpop ? [word('dpop', oauth2.dpop.alg ?? 'on')] : []),
    ...tokenRequestFacts(oauth2.tokenRequest, place),
    word('refresh', typeof oauth2.refresh === 'string' ? oauth2.refresh : 'a request of its own'),
    ...describeRefreshSettings(oauth2).map(({ keys, value }) =>
      plainFact(keys.join('.'), value, isWritten(place, ...keys)),
    ),
    ...flagFact('keepWarm', oauth2.keepWarm, place),
    ...tokenResponseWords(oauth2).map(({ key, text }) => plainFact(key, text, true)),
    ...injectFact(oauth2.inject, injectScope(scope, account)),
    word('revoke', oauth2.revoke),
    ...optionalFact('tls.serverName', oauth2.connection.serverName, place),
    ...durationFact('timeout', oauth2.timeoutMs, place),
    ...flagFact('allowHttp', oauth2.allowHttp, place),
  ]
}

function scopeFact(oauth2: OAuth2, scope: Scope): Fact {
  const { texts, words } = compileScopes('', oauth2, scope)
  const identity = JSON.stringify([words, texts.map(text => text.identity)])
  return { field: 'scope', shown: describeScopes(oauth2, scope) || 'none', identity }
}

function injectFact(rule: InjectRule | undefined, inScope: Scope): Fact[] {
  if (!rule) return []
  const { in: where, name, prefix, prefixWritten, value } = rule
  const identity = JSON.stringify([where, name, prefix, prefixWritten, compileText(value, inScope).identity])
  return [{ field: 'inject', shown: describeInject(rule, inScope), identity }]
}

function tokenRequestFacts(settings: TokenRequestSettings, place: Place): Fact[] {
  return describeTokenRequest(settings).flatMap(({ keys, value }) =>
    isWritten(place, ...keys) ? [plainFact(keys.join('.'), value, true)] : [],
  )
}

/** What a reload cannot change is among it. */
export function daemonFacts({ place, ...settings }: DaemonSettings): Fact[] {
  const keys = {
    listen: ['listen'],
    adminListen: ['adminListen'],
    logLevel: ['log', 'level'],
    logFormat: ['log', 'format'],
    stateDir: ['state', 'dir'],
    keepDeliveredMs: ['state', 'keepDelivered'],
    maxStateBytes: ['state', 'maxSize'],
  }
  const plain = Object.entries(keys).flatMap(([key, path]) => {
    const value = settings[key as keyof typeof settings]
    const isPlain = typeof value === 'string' || typeof value === 'number'
    return isPlain && place ? [plainFact(path.join('.'), String(value), isWritten(place, ...path))] : []
  })
  return [...plain, ...Object.entries(settings.stateDatabase ?? {}).flatMap(stateFact)]
}

function stateFact([key, value]: [string, Value]): Fact[] {
  if (value.kind !== 'secret') return []
  return [{ field: `state.${key}`, shown: describeSecret(value), identity: referenceKey(value.reference) }]
}

function assertionFact(key: string, text: string, place: Place): Fact {
  return plainFact(key, text, isWritten(place, ...key.split('.')))
}

export function plainFact(field: string, text: string, written: boolean): Fact {
  return { field, shown: written ? text : `${text} (default)`, identity: text }
}

export function optionalFact(field: string, text: string | undefined, place: Place): Fact[] {
  return text === undefined ? [] : [plainFact(field, text, isWritten(place, ...field.split('.')))]
}

function durationFact(field: string, durationMs: number, place: Place): Fact[] {
  return [plainFact(field, formatDuration(durationMs), isWritten(place, field))]
}

export function flagFact(field: string, value: boolean, place: Place): Fact[] {
  return [plainFact(field, String(value), isWritten(place, field))]
}

export function valueFact(field: string, value: Value, scope: Scope, use: Use): Fact {
  const secrets = leavesOf(value, scope).flatMap(({ name, secret }) =>
    secret ? [`${name} from ${describeSecret(secret)}`] : [],
  )
  const shown = describeValue(value, scope, use) + (secrets.length > 0 ? ` (${secrets.join(', ')})` : '')
  return { field, shown, identity: compileText(value, scope).identity }
}
