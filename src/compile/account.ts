// Account -> AccountPlan, and the credential that its services inject.
import type { Account, OAuth2 } from '../config/model/model.ts'
import { type Scope, usesParameters } from '../config/templates/scope.ts'
import { connectRequests } from './connected-request.ts'
import { type ConnectionUse, compileConnection } from './connection.ts'
import { accountBearer, staticCredential, textsOf } from './credential.ts'
import { responsePlaces } from './explain/token-response-words.ts'
import { fingerprint } from './fingerprint.ts'
import { compileIdentity } from './identity.ts'
import type { AccountPlan, DpopPlan, OAuth2AccountPlan } from './plan.ts'
import type { Credential } from './steps/inject.ts'
import { compilePickBearer } from './steps/pick-bearer.ts'
import { compileRequest } from './steps/request-token.ts'
import { collectReferences } from './steps/resolve-secrets.ts'
import { compileText, compileUri, type UriPlan } from './text.ts'
import { compileServer } from './token/authorization-server.ts'
import { compileIdTokenCheck } from './token/id-token.ts'

export interface CompiledAccount {
  plan: AccountPlan
  /** Without the accounts that feed it. */
  own: Pick<AccountPlan, 'fingerprint' | 'tokenIdentity'>
  credential: Credential
}

/** What it is whatever the values of parameters are, without what feeds it. */
export function compileGeneral(account: Account, scope: Scope): CompiledAccount {
  const compiled = compileAccount(account, scope)
  return usesParameters(account, scope) ? { ...compiled, plan: { ...compiled.plan, needsValues: true } } : compiled
}

export function compileAccount(account: Account, scope: Scope): CompiledAccount {
  const { authorization } = account
  if (authorization.kind === 'oauth2') {
    const plan = compileOAuth2(account, scope)
    const credential = accountBearer(account, authorization.oauth2, scope)
    return { plan, own: printsOf(plan), credential }
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
  return { plan, own: printsOf(plan), credential }
}

function printsOf({ fingerprint, tokenIdentity }: AccountPlan): CompiledAccount['own'] {
  return { fingerprint, tokenIdentity }
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
    ...(oauth2.grant === 'refresh_token' && { onlyRefreshes: true }),
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
    pickBearer: compilePickBearer(account.name, oauth2, request.knownScopes),
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
