// Parameters and headers of a token request that say again, or differently, what the account says: one request
// authenticates in one way, and sends nothing twice (RFC 6749 sections 2.3 and 3.2).

import { type SentMember, sentMembers } from '../definitions/sent-members.ts'
import { at } from '../definitions/value.ts'
import type { Account, NamedParam, OAuth2, RefreshRequest, Value } from '../model/model.ts'
import type { Finding, PartRule } from './rule.ts'

export const reservedParameter: PartRule = {
  scope: 'part',
  codes: ['oauth/reserved-parameter'],
  severity: 'error',
  check(part, report) {
    for (const account of part.accounts) {
      if (account.authorization.kind !== 'oauth2') continue
      const { oauth2 } = account.authorization
      const sent = sentMembers(oauth2)
      paramFindings(oauth2, sent).forEach(report)
      headerFindings(account, oauth2).forEach(report)
      nameFindings(account, oauth2, sent).forEach(report)
      queryFindings('accessTokenUri', oauth2.accessTokenUri, oauth2.tokenRequest.params).forEach(report)
      if (typeof oauth2.refresh === 'object') refreshFindings(oauth2, oauth2.refresh, sent).forEach(report)
    }
  },
}

/** How a client authenticates by the standards. */
const PROOFS = new Set(['client_secret', 'client_assertion', 'client_assertion_type'])
const PROOF_HEADERS = new Set(['authorization', 'dpop'])

function paramFindings(oauth2: OAuth2, sent: readonly SentMember[]): Finding[] {
  const { clientAuthMethod, tokenRequest } = oauth2
  return tokenRequest.params.flatMap(({ name, param }): Finding[] => {
    const place = { place: param.place, part: 'key' } as const
    const member = sent.find(known => known.name === name)
    if (member) {
      const message = `\`${name}\` is sent already: it is the account's ${KEYS[member.standard] ?? `\`${member.standard}\``}`
      return [{ ...place, message, hint: 'remove it here: no parameter is sent twice' }]
    }
    if (PROOFS.has(name) && clientAuthMethod !== 'none') return [{ ...place, ...secondProof(name, clientAuthMethod) }]
    if (name !== 'grant_type') return []
    const hint = 'use `grant: custom` with `tokenRequest.grantType`'
    return [{ ...place, message: '`grant_type` says what `grant` says', hint }]
  })
}

/** Where a member comes from, when its own name does not tell. */
const KEYS: Readonly<Record<string, string>> = {
  grant_type: '`grant`',
  client_id: '`clientId`',
  client_secret: '`clientSecret`',
  client_assertion: '`clientAssertion`',
  refresh_token: '`refreshToken`',
  subject_token: '`subjectToken`',
  actor_token: '`actorToken`',
}

function secondProof(name: string, method: string): Pick<Finding, 'message' | 'hint'> {
  return {
    message: `\`${name}\` is a second way to authenticate beside \`clientAuthMethod: ${method}\``,
    hint: 'a request authenticates in one way: remove it, or choose the `clientAuthMethod` that sends it',
  }
}

function headerFindings({ place }: Account, { clientAuthMethod, tokenRequest }: OAuth2): Finding[] {
  if (clientAuthMethod === 'none') return []
  const taken = tokenRequest.headers.filter(({ name }) => PROOF_HEADERS.has(name.toLowerCase()))
  return taken.map(({ name }) => ({
    place: at(place, 'tokenRequest', 'headers', name),
    part: 'key',
    message: `\`${name}\` is a second way to authenticate beside \`clientAuthMethod: ${clientAuthMethod}\``,
    hint: 'remove it, or say `clientAuthMethod: none`: then this header is the one way',
  }))
}

/** Two members under one name would be one of them lost. */
function nameFindings({ place }: Account, { tokenRequest }: OAuth2, sent: readonly SentMember[]): Finding[] {
  return Object.entries(tokenRequest.names).flatMap(([standard, name]) => {
    const other = sent.find(member => member.name === name && member.standard !== standard)
    if (!other || !sent.some(member => member.standard === standard)) return []
    const message = `\`${standard}\` and \`${other.standard}\` would both be sent as \`${name}\``
    return [
      { place: at(place, 'tokenRequest', 'names', standard), message, hint: 'give each member a name of its own' },
    ]
  })
}

/** What the URL's own query names stays there: the same parameter is not sent again. */
function queryFindings(key: string, uri: Value | undefined, params: readonly NamedParam[]): Finding[] {
  const query = uri?.kind === 'template' ? (/\?([^#]*)/.exec(uri.text)?.[1] ?? '') : ''
  const names = new Set(query.split('&').map(pair => pair.split('=')[0]))
  return params.flatMap(({ name, param }): Finding[] => {
    if (!names.has(name)) return []
    const message = `\`${name}\` stands in the query of \`${key}\` already`
    return [{ place: param.place, part: 'key', message, hint: 'write it in one of the two places' }]
  })
}

/** A refresh may say `grant_type`, `refresh_token` and `scope` in its own way; the client is that of the account. */
function refreshFindings(
  oauth2: OAuth2,
  { accessTokenUri, params }: RefreshRequest,
  sent: readonly SentMember[],
): Finding[] {
  const [key, uri] = accessTokenUri
    ? (['refresh.accessTokenUri', accessTokenUri] as const)
    : (['accessTokenUri', oauth2.accessTokenUri] as const)
  const doubled = params.flatMap(({ name, param }): Finding[] => {
    const member = sent.find(known => known.name === name && REFRESHED.has(known.standard))
    if (!member) return []
    const message = `\`${name}\` is sent already: it is the account's ${KEYS[member.standard] ?? `\`${member.standard}\``}`
    return [{ place: param.place, part: 'key', message, hint: 'remove it here: no parameter is sent twice' }]
  })
  return [...doubled, ...queryFindings(key, uri, params)]
}

/** Members that every request of an account has. */
const REFRESHED = new Set([...PROOFS, 'client_id', 'audience', 'resource'])
