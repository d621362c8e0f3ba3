// What each grant sends: its `grant_type` on the wire, and its own parameters, made of the account's values.
import { AppError } from '../base/error.ts'
import type { Grant, OAuth2, Value } from '../config/model.ts'
import type { Scope } from '../config/scope.ts'
import { jwtClaims } from './jwt.ts'
import type { Parameter } from './request-body.ts'
import { compileText, type TextPlan, type Values } from './text.ts'

export interface GrantPlan {
  /** The values that go into the request, by their keys. */
  texts: { name: string; text: TextPlan }[]
  /** Throws AppError for values that may not be sent. */
  params(values: Values): GrantParams
}

export interface GrantParams {
  /** `grant_type`, where the grant has one. */
  type: Parameter[]
  own: Parameter[]
  /** What of it must not be said, as it was read and as it is sent. */
  secrets: string[]
}

interface GrantForm {
  /** RFC 6749 section 4, RFC 7523 section 2.1, RFC 7522 section 2.1, RFC 8693 section 2.1; undefined sends none. */
  type: string | undefined
  members: readonly Member[]
}

interface Member {
  key: keyof OAuth2
  /** On the wire. */
  name: string
  /** Of a secret: what is sent of the text that was read. */
  form?: (text: string, member: Member, context: Context) => string
}

interface Context {
  account: string
  nowMs: number
}

const URN = 'urn:ietf:params:oauth:grant-type:'

const GRANTS: Readonly<Record<Grant, GrantForm>> = {
  client_credentials: { type: 'client_credentials', members: [] },
  password: {
    type: 'password',
    members: [
      { key: 'username', name: 'username', form: withoutLineBreaks },
      { key: 'password', name: 'password', form: withoutLineBreaks },
    ],
  },
  refresh_token: {
    type: 'refresh_token',
    members: [{ key: 'refreshToken', name: 'refresh_token', form: withoutLineBreaks }],
  },
  jwt_bearer: { type: `${URN}jwt-bearer`, members: [{ key: 'assertion', name: 'assertion', form: liveToken }] },
  saml2_bearer: { type: `${URN}saml2-bearer`, members: [{ key: 'assertion', name: 'assertion', form: samlAssertion }] },
  token_exchange: {
    type: `${URN}token-exchange`,
    members: [
      { key: 'subjectToken', name: 'subject_token', form: liveToken },
      { key: 'subjectTokenType', name: 'subject_token_type' },
      { key: 'actorToken', name: 'actor_token', form: liveToken },
      { key: 'actorTokenType', name: 'actor_token_type' },
      { key: 'requestedTokenType', name: 'requested_token_type' },
    ],
  },
  login: { type: undefined, members: [] },
}

export function compileGrant(account: string, oauth2: OAuth2, scope: Scope): GrantPlan {
  const { type, members } = GRANTS[oauth2.grant]
  const parts = members.flatMap(member => {
    const value = oauth2[member.key] as Value | undefined
    return value ? [{ member, text: compileText(value, scope) }] : []
  })
  return {
    texts: parts.map(({ member, text }) => ({ name: member.key, text })),
    params(values) {
      const context = { account, nowMs: Date.parse(values.now()) }
      const read = parts.map(({ member, text }) => ({ member, text: text.render(values) }))
      const own = read.map(({ member, text }): Parameter => [member.name, member.form?.(text, member, context) ?? text])
      const secrets = read.flatMap(({ member, text }, index) => (member.form ? [text, own[index]![1]] : []))
      return { type: type === undefined ? [] : [['grant_type', type]], own, secrets }
    },
  }
}

/** RFC 6749 appendix A: any Unicode except CR and LF. */
function withoutLineBreaks(text: string, { key }: Member, { account }: Context): string {
  if (!/[\r\n]/.test(text)) return text
  throw new AppError('secret_unavailable', `\`${key}\` of account \`${account}\` holds a line break`, { account })
}

/** What something else keeps fresh has failed to do so when it is past its end: said here, before a server says less. */
function liveToken(text: string, { key }: Member, { account, nowMs }: Context): string {
  const token = text.trim()
  const exp = jwtClaims(token)?.exp
  if (typeof exp !== 'number' || exp * 1000 > nowMs) return token
  const ended =
    Number.isFinite(exp * 1000) && Math.abs(exp) < 8.64e12 ? ` at ${new Date(exp * 1000).toISOString()}` : ''
  throw new AppError(
    'secret_unavailable',
    `\`${key}\` of account \`${account}\` expired${ended}; does what writes it still run?`,
    { account, transient: true },
  )
}

/** RFC 7522 section 2.1: base64url, not wrapped; XML is encoded here. */
function samlAssertion(text: string): string {
  const assertion = text.trim()
  return assertion.startsWith('<')
    ? Buffer.from(assertion, 'utf8').toString('base64url')
    : assertion.replace(/\s+/g, '')
}
