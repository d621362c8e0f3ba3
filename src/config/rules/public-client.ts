// client_credentials is for clients that can prove who they are (RFC 6749 section 4.4).
import type { Rule } from './rule.ts'

export const publicClient: Rule = {
  codes: ['oauth/public-client'],
  severity: 'error',
  check(draft, report) {
    for (const { place, authorization } of draft.accounts) {
      if (authorization.kind !== 'oauth2') continue
      const { clientAuthMethod, grant } = authorization.oauth2
      if (clientAuthMethod !== 'none' || grant !== 'client_credentials') continue
      report({
        place: { document: place.document, path: [...place.path, 'clientAuthMethod'] },
        message: '`client_credentials` needs a client that authenticates, not `clientAuthMethod: none`',
        hint: 'choose client_secret_basic or client_secret_post and give a clientSecret',
      })
    }
  },
}
