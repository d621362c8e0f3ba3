// The password grant: supported because services need it, never without saying why it should go.
import type { DocumentRule } from './rule.ts'

export const passwordGrant: DocumentRule = {
  scope: 'document',
  codes: ['oauth/password-grant'],
  severity: 'warning',
  check(part, report) {
    for (const { place, authorization } of part.accounts) {
      if (authorization.kind !== 'oauth2' || authorization.oauth2.grant !== 'password') continue
      report({
        place: { document: place.document, path: [...place.path, 'grant'] },
        message:
          "the password grant gives the client a person's password; RFC 9700 section 2.4 says it must not be used",
        hint: 'ask the provider for client_credentials, and keep this only while there is no other way',
      })
    }
  },
}
