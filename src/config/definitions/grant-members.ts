// What each grant sends by the standards: its `grant_type`, and which key of an account becomes which member.
import type { Grant, OAuth2 } from '../model/model.ts'

export type GrantKey = Extract<
  keyof OAuth2,
  | 'username'
  | 'password'
  | 'refreshToken'
  | 'assertion'
  | 'subjectToken'
  | 'subjectTokenType'
  | 'actorToken'
  | 'actorTokenType'
  | 'requestedTokenType'
>

export interface GrantMember {
  key: GrantKey
  /** On the wire. */
  name: string
}

export interface GrantForm {
  /** RFC 6749 section 4, RFC 7523 section 2.1, RFC 7522 section 2.1, RFC 8693 section 2.1; undefined where the standards know none. */
  type: string | undefined
  members: readonly GrantMember[]
}

const URN = 'urn:ietf:params:oauth:grant-type:'

export const GRANT_MEMBERS: Readonly<Record<Grant, GrantForm>> = {
  client_credentials: { type: 'client_credentials', members: [] },
  password: {
    type: 'password',
    members: [
      { key: 'username', name: 'username' },
      { key: 'password', name: 'password' },
    ],
  },
  refresh_token: { type: 'refresh_token', members: [{ key: 'refreshToken', name: 'refresh_token' }] },
  jwt_bearer: { type: `${URN}jwt-bearer`, members: [{ key: 'assertion', name: 'assertion' }] },
  saml2_bearer: { type: `${URN}saml2-bearer`, members: [{ key: 'assertion', name: 'assertion' }] },
  token_exchange: {
    type: `${URN}token-exchange`,
    members: [
      { key: 'subjectToken', name: 'subject_token' },
      { key: 'subjectTokenType', name: 'subject_token_type' },
      { key: 'actorToken', name: 'actor_token' },
      { key: 'actorTokenType', name: 'actor_token_type' },
      { key: 'requestedTokenType', name: 'requested_token_type' },
    ],
  },
  custom: { type: undefined, members: [] },
  login: { type: undefined, members: [] },
}

/** The `grant_type` that an account sends; undefined for none. */
export function grantTypeOf({ grant, tokenRequest }: OAuth2): string | undefined {
  return GRANT_MEMBERS[grant].type ?? tokenRequest.grantType
}
