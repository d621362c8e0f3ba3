// The password grant: supported because services need it, never without saying why it should go.
import { at } from '../definitions/value.ts'
import type { PartRule } from './rule.ts'

const PUBLIC = {
  message: 'this client does not authenticate: whoever learns the password gets tokens from anywhere',
  hint: 'register a client with a secret or a key, and name its `clientAuthMethod`',
}

export const passwordGrant: PartRule = {
  scope: 'part',
  codes: ['oauth/password-grant'],
  severity: 'warning',
  check(part, report) {
    for (const { place, authorization } of part.accounts) {
      if (authorization.kind !== 'oauth2' || authorization.oauth2.grant !== 'password') continue
      const { clientAuthMethod } = authorization.oauth2
      report({
        place: { document: place.document, path: [...place.path, 'grant'] },
        message:
          "the password grant gives the client a person's password; RFC 9700 section 2.4 says it must not be used",
        hint: 'ask the provider for client_credentials, and keep this only while there is no other way',
      })
      if (clientAuthMethod === 'none') report({ ...PUBLIC, place: at(place, 'clientAuthMethod') })
    }
  },
}
