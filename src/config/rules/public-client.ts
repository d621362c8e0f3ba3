// client_credentials is for clients that can prove who they are (RFC 6749 section 4.4).

import { oauth2Parts } from '../definitions/oauth2-parts.ts'
import type { OAuth2 } from '../model/model.ts'
import { holdsSecret, type Scope } from '../templates/scope.ts'
import type { PartRule } from './rule.ts'

export const publicClient: PartRule = {
  scope: 'part',
  codes: ['oauth/public-client'],
  severity: 'error',
  check(part, report) {
    const { scopes } = part
    for (const account of part.accounts) {
      const { place, authorization } = account
      if (authorization.kind !== 'oauth2') continue
      const { clientAuthMethod, grant } = authorization.oauth2
      if (clientAuthMethod !== 'none' || grant !== 'client_credentials') continue
      if (bringsCredential(authorization.oauth2, scopes.of(account))) continue
      report({
        place: { document: place.document, path: [...place.path, 'clientAuthMethod'] },
        message: '`client_credentials` needs a client that authenticates, not `clientAuthMethod: none`',
        hint: 'choose client_secret_basic or client_secret_post and give a clientSecret',
      })
    }
  },
}

/** Providers that take the credential in a header or a parameter of their own. */
function bringsCredential(oauth2: OAuth2, scope: Scope): boolean {
  const own = oauth2Parts(oauth2).filter(({ key }) => key.startsWith('tokenRequest.'))
  return own.some(({ value, use }) => use === 'secret' || holdsSecret(value, scope))
}
