// A credential in the query stands in access logs and histories.

import { oauth2Parts } from '../definitions/oauth2-parts.ts'
import { at } from '../definitions/value.ts'
import type { Account, OAuth2, Value } from '../model/model.ts'
import { holdsSecret, type Scope } from '../templates/scope.ts'
import type { Finding, PartRule } from './rule.ts'

export const credentialsInQuery: PartRule = {
  scope: 'part',
  codes: ['oauth/credentials-in-query'],
  severity: 'warning',
  check(part, report) {
    const rules = [
      ...part.accounts.map(({ authorization }) =>
        authorization.kind === 'oauth2' ? authorization.oauth2.inject : undefined,
      ),
      ...part.services.map(({ inject }) => inject),
    ]
    for (const rule of rules) {
      if (rule?.in !== 'query') continue
      report({
        place: { document: rule.place.document, path: [...rule.place.path, 'in'] },
        message: 'a bearer in the query is written to access logs on its way',
        hint: 'use `in: header` if the service takes a header too',
      })
    }
    const { scopes } = part
    for (const account of part.accounts) {
      const { place, authorization } = account
      if (authorization.kind === 'oauth2')
        requestFindings(account, authorization.oauth2, scopes.of(account)).forEach(report)
      if (authorization.kind !== 'query') continue
      report({
        place: at(place, 'authorization'),
        message: 'a credential in the query is written to access logs on its way',
        hint: 'use `authorization: header` if the service takes a header too',
      })
    }
  },
}

/** Of the token request. */
function requestFindings({ place }: Account, oauth2: OAuth2, scope: Scope): Finding[] {
  const { accessTokenUri, tokenRequest, refresh } = oauth2
  const uris = [accessTokenUri, typeof refresh === 'object' ? refresh.accessTokenUri : undefined]
  const message = 'credentials in the URL of the token request are written to access logs on their way'
  const hint = 'send them in the body if the provider takes that too'
  const open = uris.find(uri => uri && holdsSecret(behindHost(uri), scope))
  if (open) return [{ place: open.place, message, hint }]
  if (tokenRequest.format !== 'query' || !sendsSecret(oauth2, scope)) return []
  const key = tokenRequest.method === 'GET' ? 'method' : 'format'
  return [{ place: at(place, 'tokenRequest', key), message, hint }]
}

/** What names the host, such as a published address of another account, is no credential. */
function behindHost(uri: Value): Value {
  return uri.kind === 'template' ? { ...uri, text: uri.text.replace(ORIGIN, '') } : uri
}

const ORIGIN = /^(?:\w+:\/\/)?(?:\{\{[^}]*\}\}|[^/?#{])*/

/** Among the parameters, not in a header. */
function sendsSecret(oauth2: OAuth2, scope: Scope): boolean {
  const { clientAuthMethod } = oauth2
  return oauth2Parts(oauth2).some(({ key, value, use }) => {
    if (/^clientSecret(?:\.\d+)?$/.test(key)) return clientAuthMethod !== 'client_secret_basic'
    if (key === 'clientId' || /^(?:tokenRequest|refresh)\.headers\./.test(key)) return false
    return use === 'secret' || holdsSecret(value, scope)
  })
}
