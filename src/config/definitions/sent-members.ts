// The standard members that an account's token request has, under the names that are sent.

import type { ClientAuthMethod, OAuth2 } from '../model/model.ts'
import { GRANT_MEMBERS, grantTypeOf } from './grant-members.ts'

export interface SentMember {
  /** The standard's name. */
  standard: string
  /** On the wire, after `tokenRequest.names`. */
  name: string
}

const CLIENT_MEMBERS: Readonly<Record<ClientAuthMethod, readonly string[]>> = {
  client_secret_basic: [],
  client_secret_post: ['client_id', 'client_secret'],
  client_secret_jwt: ['client_id', 'client_assertion_type', 'client_assertion'],
  private_key_jwt: ['client_id', 'client_assertion_type', 'client_assertion'],
  tls_client_auth: ['client_id'],
  self_signed_tls_client_auth: ['client_id'],
  none: ['client_id'],
}

export function sentMembers(oauth2: OAuth2): SentMember[] {
  const { grant, clientAuthMethod, clientId, tokenRequest, audience, resource, scope } = oauth2
  const client = CLIENT_MEMBERS[clientAuthMethod].filter(name => name !== 'client_id')
  const named = tokenRequest.clientIdInBody ?? CLIENT_MEMBERS[clientAuthMethod].includes('client_id')
  const standard = [
    ...(grantTypeOf(oauth2) === undefined ? [] : ['grant_type']),
    ...(scope.length > 0 ? ['scope'] : []),
    ...GRANT_MEMBERS[grant].members.flatMap(({ key, name }) => (oauth2[key] ? [name] : [])),
    ...(oauth2.signedAssertion ? ['assertion'] : []),
    ...(audience.length > 0 ? ['audience'] : []),
    ...(resource.length > 0 ? ['resource'] : []),
    ...(named && clientId ? ['client_id'] : []),
    ...client,
  ]
  return standard.map(name => ({ standard: name, name: tokenRequest.names[name] ?? name }))
}
