// The part of a token request that its grant makes: `grant_type`, and its own parameters from the account's values.
import { AppError } from '../../base/error.ts'
import { GRANT_MEMBERS, type GrantKey, grantTypeOf } from '../../config/definitions/grant-members.ts'
import { keyShape } from '../../config/definitions/key-shape.ts'
import type { OAuth2 } from '../../config/model/model.ts'
import type { Scope } from '../../config/templates/scope.ts'
import { compileText, type TextPlan, type Values } from '../text.ts'
import { jwtClaims } from './jwt.ts'
import { type AssertionDefaults, compileAssertion } from './jwt-assertion.ts'
import type { Parameter } from './request-body.ts'

export interface GrantPlan {
  /** The values that go into the request, by their keys. */
  texts: { name: string; text: TextPlan }[]
  /** What else decides which token is issued, known now. */
  words: readonly unknown[]
  /** Rejects with AppError for values that may not be sent, or a key that cannot sign. */
  params(values: Values, asking: Asking): Promise<GrantParams>
}

/** Who asks whom: what an assertion says by default. */
export interface Asking {
  /** Empty for none. */
  clientId: string
  url: URL
}

export interface GrantParams {
  /** `grant_type`, where the grant has one. */
  type: Parameter[]
  members: Parameter[]
  /** What of it must not be said, as it was read and as it is sent. */
  secrets: string[]
}

interface Context {
  key: GrantKey
  account: string
  grant: OAuth2['grant']
  nowMs: number
}

/** Of what is secret: what is sent of the text that was read. */
const FORMS: Partial<Record<GrantKey, (text: string, context: Context) => string>> = {
  username: withoutLineBreaks,
  password: withoutLineBreaks,
  refreshToken: withoutLineBreaks,
  assertion: (text, context) => (context.grant === 'saml2_bearer' ? samlAssertion(text) : liveToken(text, context)),
  subjectToken: liveToken,
  actorToken: liveToken,
}

export function compileGrant(account: string, oauth2: OAuth2, scope: Scope): GrantPlan {
  const { grant, signedAssertion } = oauth2
  const type = grantTypeOf(oauth2)
  const label = `\`assertion\` of account \`${account}\``
  const signed = signedAssertion && compileAssertion(signedAssertion, scope, label)
  const parts = GRANT_MEMBERS[grant].members.flatMap(member => {
    const value = oauth2[member.key]
    return value ? [{ ...member, text: compileText(value, scope) }] : []
  })
  return {
    texts: [
      ...parts.map(({ key, text }) => ({ name: key, text })),
      ...(signed?.texts ?? []).map(text => ({ name: 'assertion', text })),
    ],
    words: signed?.words ?? [],
    async params(values, asking) {
      const nowMs = Date.parse(values.now())
      const sent = parts.map(({ key, name, text }) => {
        const read = text.render(values)
        return { name, read, value: FORMS[key]?.(read, { key, account, grant, nowMs }) ?? read, secret: key in FORMS }
      })
      const jwt = await signed?.sign(values, defaultsOf(asking, values))
      return {
        type: type === undefined ? [] : [['grant_type', type]],
        members: [
          ...sent.map(({ name, value }): Parameter => [name, value]),
          ...(jwt === undefined ? [] : [['assertion', jwt] as const]),
        ],
        secrets: [...sent.flatMap(({ read, value, secret }) => (secret ? [read, value] : [])), jwt ?? ''],
      }
    },
  }
}

/** RFC 7523 section 3: the client speaks for itself unless claims say otherwise. */
function defaultsOf({ clientId, url }: Asking, { server }: Values): AssertionDefaults {
  const subject = clientId === '' ? undefined : clientId
  return { issuer: subject, subject, audience: server?.issuer ?? url.origin + url.pathname, typ: 'JWT' }
}

/** RFC 6749 appendix A: any Unicode except CR and LF. */
function withoutLineBreaks(text: string, { key, account }: Context): string {
  if (!/[\r\n]/.test(text)) return text
  throw new AppError('secret_unavailable', `\`${key}\` of account \`${account}\` holds a line break`, { account })
}

/** What something else keeps fresh has failed to do so when it is past its end: said here, before a server says less. */
function liveToken(text: string, { key, account, nowMs }: Context): string {
  const token = text.trim()
  // Whoever gets a private key can sign with it.
  if (keyShape(token) !== 'none') {
    const sign = key === 'assertion' ? `: write \`assertion: { key: { file: … } }\` to sign with it` : ''
    const message = `\`${key}\` of account \`${account}\` holds a key, not a token${sign}`
    throw new AppError('secret_unavailable', message, { account })
  }
  const exp = jwtClaims(token)?.exp
  if (typeof exp !== 'number' || exp * 1000 > nowMs) return token
  const ended = Math.abs(exp) < 8.64e12 ? ` at ${new Date(exp * 1000).toISOString()}` : ''
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
