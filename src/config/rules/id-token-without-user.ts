// An ID token says who the user is: a grant without a user brings none.
import type { PartRule } from './rule.ts'

export const idTokenWithoutUser: PartRule = {
  scope: 'part',
  codes: ['oauth/id-token-without-user'],
  severity: 'warning',
  check(part, report) {
    for (const { place, authorization } of part.accounts) {
      if (authorization.kind !== 'oauth2') continue
      const { bearerTokenType, grant } = authorization.oauth2
      if (bearerTokenType !== 'id_token' || grant !== 'client_credentials') continue
      report({
        place: { document: place.document, path: [...place.path, 'bearerTokenType'] },
        message: 'client_credentials has no user, so the response normally has no id_token',
        hint: 'use `bearerTokenType: access_token`, or a grant with a user',
      })
    }
  },
}
