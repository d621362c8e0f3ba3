// Config -> Plan. Pure and total: what could be wrong was found by the rules.

import { DEFAULT_REJECTIONS } from '../config/definitions/read-rejections.ts'
import { at, callerSecrets } from '../config/definitions/value.ts'
import type { Account, Config, OAuth2, SecretReference, Service } from '../config/model/model.ts'
import {
  definitionScopes,
  injectScope,
  type Params,
  type Scope,
  type Scopes,
  usesParameters,
} from '../config/templates/scope.ts'
import { compileAction } from './actions/action.ts'
import { compileAllow } from './allow.ts'
import { connectRequests } from './connected-request.ts'
import { type ConnectionUse, compileConnection, connectService } from './connection.ts'
import { accountBearer, bearerCredential, injectIdentity, staticCredential, textsOf } from './credential.ts'
import { responsePlaces } from './explain/token-response-words.ts'
import { watchedPath } from './file-reference.ts'
import { fingerprint } from './fingerprint.ts'
import { compileIdentity } from './identity.ts'
import { compileParameters } from './parameters.ts'
import type { AccountPlan, DpopPlan, OAuth2AccountPlan, Plan, ServicePlan, SpecializedService } from './plan.ts'
import { compileRejections } from './rejection.ts'
import { serviceFingerprint } from './service-fingerprint.ts'
import { compileNamed } from './steps/expand-template.ts'
import { type Credential, compileInject } from './steps/inject.ts'
import { compilePickBearer } from './steps/pick-bearer.ts'
import { compileRequest } from './steps/request-token.ts'
import { collectReferences } from './steps/resolve-secrets.ts'
import { compileText, compileUri, type UriPlan } from './text.ts'
import { compileServer } from './token/authorization-server.ts'
import { compileIdTokenCheck } from './token/id-token.ts'

export function compilePlan(config: Config): Plan {
  const scopes = definitionScopes({
    vars: config.vars,
    accounts: config.accounts.values(),
    services: config.services.values(),
  })
  const actions = new Map([...config.actions].map(([name, action]) => [name, compileAction(action, scopes)]))
  const compiled = new Map<string, CompiledAccount>()
  for (const account of config.accounts.values()) {
    const needsValues = usesParameters(account, config.accounts, scopes)
    const general = compileAccount(account, scopes.of(account))
    compiled.set(account.key, { ...general, plan: { ...general.plan, ...(needsValues && { needsValues }) } })
  }
  for (const account of compiled.values()) account.plan = withFeeders(account.plan, name => compiled.get(name)!)
  const services = new Map<string, ServicePlan>()
  for (const service of config.services.values()) {
    const plan = compileService(service, compiled.get(service.account)!, scopes.of(service))
    const specialize = (values: Params) => specializeService({ config, scopes, compiled }, service, values)
    const parameters = service.parameters.length > 0 && compileParameters(service, specialize)
    services.set(service.name, { ...plan, ...(parameters && { parameters }) })
  }
  const accounts = new Map([...compiled].map(([key, { plan }]) => [key, plan]))
  const references = [...accounts.values(), ...services.values(), ...actions.values()].flatMap(plan => plan.references)
  references.push(...callerReferences(config))
  const secretFiles = new Set(references.flatMap(reference => watchedPath(reference) ?? []))
  for (const file of Object.values(config.daemon.tls ?? {})) secretFiles.add(file)
  return { accounts, services, actions, daemon: config.daemon, secretFiles: [...secretFiles].sort() }
}

function callerReferences({ daemon }: Config): SecretReference[] {
  const values = (daemon.callers ?? []).flatMap(callerSecrets)
  return values.flatMap(value => (value.kind === 'secret' ? [value.reference] : []))
}

/** An account that another one feeds is a different one when that one is. The rules have refused circles. */
function withFeeders(plan: AccountPlan, feederOf: FeederOf): AccountPlan {
  const feeders = feederIdentities(plan, feederOf)
  if (feeders.length === 0) return plan
  return {
    ...plan,
    fingerprint: fingerprint(plan.fingerprint, feeders),
    tokenIdentity: fingerprint(plan.tokenIdentity, feeders),
  }
}

type FeederOf = (name: string) => CompiledAccount

function feederIdentities(plan: AccountPlan, feederOf: FeederOf): unknown[] {
  const names = plan.references.flatMap(reference => (reference.kind === 'account' ? [reference.account] : []))
  return names.map(name => {
    const feeder = feederOf(name)
    return [feeder.own, feederIdentities(feeder.plan, feederOf)]
  })
}

interface PlanParts {
  config: Config
  scopes: Scopes
  /** Without values. */
  compiled: ReadonlyMap<string, CompiledAccount>
}

/** An account that comes out the same with and without the values does not use them: its token is for all values. */
function specializeService(parts: PlanParts, service: Service, params: Params): SpecializedService {
  const { config, scopes, compiled } = parts
  const made = new Map<string, CompiledAccount>()
  const values = { params, accountKey: (name: string) => accountOf(name).plan.key }
  const accountOf = (key: string): CompiledAccount => {
    const known = made.get(key)
    if (known) return known
    const account = config.accounts.get(key)!
    const own = compileAccount(account, scopes.of(account, values))
    const plan = withFeeders(own.plan, accountOf)
    const general = compiled.get(key)!
    const same = plan.fingerprint === general.plan.fingerprint
    const special = { ...own, plan: { ...plan, key: `${key}#${plan.fingerprint}`, generalKey: key, params } }
    made.set(key, same ? { ...general, credential: own.credential } : special)
    return made.get(key)!
  }
  const account = accountOf(service.account)
  const plan = compileService(service, account, scopes.of(service, values))
  const accounts = [...made.values()].flatMap(({ plan: own }) => (own.params ? [own] : []))
  return { service: { ...plan, account: account.plan.key, params }, accounts }
}

interface CompiledAccount {
  plan: AccountPlan
  /** The token identity without the accounts that feed it. */
  own: string
  credential: Credential
}

function compileAccount(account: Account, scope: Scope): CompiledAccount {
  const { authorization } = account
  if (authorization.kind === 'oauth2') {
    const plan = compileOAuth2(account, scope)
    const credential = accountBearer(account, authorization.oauth2, scope)
    return { plan, own: plan.tokenIdentity, credential }
  }
  const credential = staticCredential(authorization, scope)
  const texts = textsOf(credential)
  const names = 'values' in credential ? credential.values.map(({ name }) => name) : []
  const print = fingerprint(
    credential.kind,
    names,
    texts.map(text => text.identity),
  )
  const plan: AccountPlan = {
    kind: 'static',
    name: account.name,
    key: account.key,
    ...(account.title !== undefined && { title: account.title }),
    fingerprint: print,
    tokenIdentity: print,
    references: collectReferences(texts),
  }
  return { plan, own: print, credential }
}

function compileOAuth2(account: Account, scope: Scope): OAuth2AccountPlan {
  const { oauth2 } = account.authorization as Extract<Account['authorization'], { kind: 'oauth2' }>
  const { tokenEndpoint, issuer, where } = compileServer(oauth2, scope)
  const connection = compileConnection(oauth2.connection, scope, usedBy(account.name, oauth2))
  const request = connectRequests(compileRequest(account.name, oauth2, tokenEndpoint, scope), connection)
  const { proofs, passing, buildRequest, buildRefresh, buildRevocation } = request
  const revocationEndpoint = compileRevocationEndpoint(oauth2, scope)
  const dpop = oauth2.dpop && compileDpop(oauth2.dpop, scope)
  const words = [oauth2.bearerTokenType, dpop && ['dpop', dpop.alg], ...responsePlaces(oauth2), ...request.words]
  const texts = [...request.texts, ...(dpop?.key ? [dpop.key] : [])]
  const tokenIdentity = fingerprint(
    [tokenEndpoint.identity, issuer?.identity],
    words,
    texts.map(text => text.identity),
  )
  const uris = [tokenEndpoint, issuer, revocationEndpoint].flatMap(uri => uri ?? [])
  const references = collectReferences([...uris, ...texts, ...passing])
  const fed = references.some(({ kind }) => kind === 'account')
  return {
    kind: 'oauth2',
    name: account.name,
    key: account.key,
    ...(account.title !== undefined && { title: account.title }),
    fingerprint: fingerprint(
      tokenIdentity,
      account.name,
      oauth2.timeoutMs,
      oauth2.allowHttp,
      usesRefreshTokens(oauth2),
      oauth2.keepWarm,
      oauth2.lifetime,
      [oauth2.revoke, revocationEndpoint?.identity],
      request.clientSecrets?.identities,
    ),
    tokenIdentity,
    references,
    ...(!fed && { identify: compileIdentity({ words, where, texts, proofs }) }),
    timeoutMs: oauth2.timeoutMs,
    keepWarm: oauth2.keepWarm,
    ...(oauth2.tokenResponse && { reading: oauth2.tokenResponse }),
    lifetime: oauth2.lifetime,
    revoke: oauth2.revoke,
    ...(revocationEndpoint && { revocationEndpoint }),
    bearerIsAccessToken: oauth2.bearerTokenType === 'access_token',
    buildRevocation,
    tokenEndpoint,
    ...(issuer && { issuer }),
    clientAuthMethod: oauth2.clientAuthMethod,
    ...(request.clientSecrets && { clientSecrets: request.clientSecrets }),
    ...(dpop && { dpop }),
    buildRequest,
    ...(usesRefreshTokens(oauth2) && { buildRefresh }),
    ...(request.ownRefresh && { ownRefresh: request.ownRefresh }),
    pickBearer: compilePickBearer(account.name, oauth2),
    ...(oauth2.bearerTokenType === 'id_token' && { checkIdToken: compileIdTokenCheck(account.name, oauth2, scope) }),
    ...(connection && { connect: connection.connect }),
  }
}

function compileRevocationEndpoint({ revocationUri, allowHttp }: OAuth2, scope: Scope): UriPlan | undefined {
  return revocationUri && compileUri(revocationUri, scope, { allowHttp, label: 'revocationUri' })
}

function usedBy(account: string, { accessTokenUri, issuer, refresh, revocationUri }: OAuth2): ConnectionUse {
  const refreshUri = typeof refresh === 'object' ? refresh.accessTokenUri : undefined
  return { owner: `account \`${account}\``, uris: [accessTokenUri, issuer, refreshUri, revocationUri] }
}

function compileDpop({ key, alg }: NonNullable<OAuth2['dpop']>, scope: Scope): DpopPlan {
  return { ...(alg !== undefined && { alg }), ...(key && { key: compileText(key, scope) }) }
}

/** The refresh token of client_credentials is no better than its grant, which is simply repeated (RFC 6749 section 4.4.3). */
function usesRefreshTokens({ refresh, grant }: OAuth2): boolean {
  return refresh === 'auto' ? grant !== 'client_credentials' : refresh !== 'never'
}

function compileService(service: Service, account: CompiledAccount, scope: Scope): ServicePlan {
  const serverUrl = compileUri(service.serverUrl, scope, { allowHttp: service.allowHttp, label: 'serverUrl' })
  const headers = compileNamed(service.headers, scope)
  const { credential: given } = account
  const own = given.kind === 'bearer' ? service.inject : undefined
  const credential = own && 'account' in given ? bearerCredential(given, own, injectScope(scope, service)) : given
  const { inject, removes } = compileInject(credential, headers)
  const injected = 'rule' in credential ? [credential.text] : []
  const texts = [...textsOf(credential), ...injected, ...headers.map(({ text }) => text)]
  const connection = compileConnection(service.connection, scope, {
    owner: `service \`${service.name}\``,
    uris: [service.serverUrl],
  })
  const parts = [
    [serverUrl.identity, injectIdentity(credential)],
    [connection?.words, connection?.texts.map(({ identity }) => identity)],
  ]
  const connect = connectService(account.plan, connection)
  return {
    name: service.name,
    ...(service.title !== undefined && { title: service.title }),
    account: service.account,
    fingerprint: serviceFingerprint(service, account.plan, parts, headers),
    serverUrl,
    timeoutMs: service.timeoutMs,
    ...(service.timeoutMessage !== undefined && { timeoutMessage: service.timeoutMessage }),
    ...(service.healthCheck !== undefined && { healthCheck: service.healthCheck }),
    references: collectReferences([
      serverUrl,
      ...injected,
      ...headers.map(({ text }) => text),
      ...(connection?.texts ?? []),
    ]),
    ...(connect && { connect }),
    cacheable: !serverUrl.dynamic && texts.every(text => !text.dynamic),
    inject,
    removes,
    sinks: service.sinks,
    ...(service.allow && { allow: compileAllow(service.allow) }),
    judge: compileRejections(service.reauthenticateOn ?? DEFAULT_REJECTIONS),
    ...(service.retry && { retry: service.retry }),
    ...(service.listen !== undefined && {
      listen: { address: service.listen, place: at(service.place, 'listen') },
    }),
  }
}
