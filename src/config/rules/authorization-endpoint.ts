// A token endpoint that is called like the page where people log in (RFC 6749 section 3.1): that one issues no token to a program.
import type { Grant } from '../model/model.ts'
import type { PartRule } from './rule.ts'

/** Of logins of their own, and of MYOB for its refresh tokens, it is the right address. */
const ANY_NAME: readonly Grant[] = ['login', 'custom', 'refresh_token']

export const authorizationEndpoint: PartRule = {
  scope: 'part',
  codes: ['oauth/authorization-endpoint'],
  severity: 'warning',
  check({ accounts }, report) {
    for (const { authorization } of accounts) {
      if (authorization.kind !== 'oauth2' || ANY_NAME.includes(authorization.oauth2.grant)) continue
      const { accessTokenUri } = authorization.oauth2
      if (accessTokenUri?.kind !== 'template') continue
      const found = /\/authorize\/?(?=\?|$)/i.exec(accessTokenUri.text)
      if (!found) continue
      report({
        place: accessTokenUri.place,
        within: { start: found.index, end: found.index + found[0].length },
        message: 'this looks like the authorization endpoint, where people log in; tokens come from the token endpoint',
        hint: "it mostly ends with `/token`: the provider's documentation, or the metadata of its issuer, says it as `token_endpoint`",
      })
    }
  },
}
