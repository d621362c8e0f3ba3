// A JWT that is made for one request (RFC 7523): which claims and header members it has, and how it is signed.
import { AppError } from '../../base/error.ts'
import type { SignedAssertion, Value } from '../../config/model/model.ts'
import type { Scope } from '../../config/templates/scope.ts'
import { compileJson } from '../actions/json-template.ts'
import { compileText, type TextPlan, type Values } from '../text.ts'
import { certificateThumbprint } from './certificate-thumbprint.ts'
import { readSigningKey, type SigningKey, signJwt } from './jws.ts'

/** What holds when the assertion says nothing else. */
export interface AssertionDefaults {
  /** Undefined: no such claim. */
  issuer: string | undefined
  subject: string | undefined
  audience: string
  /** Header member `typ`. */
  typ: string
  /** Signs where the assertion has no key of its own. */
  secret?: string
}

export interface AssertionPlan {
  /** Every text in it. */
  texts: TextPlan[]
  /** What else is in it, known now. */
  words: readonly unknown[]
  /** With a new `jti` each time. Rejects with AppError `secret_unavailable` when the key cannot sign so. */
  sign(values: Values, defaults: AssertionDefaults): Promise<string>
}

/** Servers refuse what was issued in their future: some by one second of clock difference. */
const ISSUED_EARLIER_SECONDS = 5

/** `label` names the assertion in errors, such as `clientAssertion` of account `a`. */
export function compileAssertion(assertion: SignedAssertion, scope: Scope, label: string): AssertionPlan {
  const text = (value: Value | undefined) => value && compileText(value, scope)
  const [key, kid, x5t, audience] = [assertion.key, assertion.kid, assertion.x5t, assertion.audience].map(text)
  const claims = compileJson(assertion.claims, scope)
  const { alg, typ, lifetimeMs } = assertion
  const signingKey = (values: Values, secret = ''): SigningKey =>
    key ? readSigningKey(key.render(values), { label: `${label}: \`key\``, alg }) : secretKey(secret, label, alg)
  const named = { key, kid, x5t, audience }
  return {
    texts: [...Object.values(named).filter(part => part !== undefined), ...claims.texts],
    words: [Object.keys(named).filter(name => named[name as 'key']), alg, typ, lifetimeMs, claims.words],
    async sign(values, defaults) {
      const signing = signingKey(values, defaults.secret)
      const keyId = kid?.render(values) ?? signing.kid
      const header = {
        alg: signing.alg,
        typ: typ ?? defaults.typ,
        ...(keyId !== undefined && { kid: keyId }),
        ...(x5t && { 'x5t#S256': certificateThumbprint(x5t.render(values), signing.key, `${label}: \`x5t\``) }),
      }
      const issuedAt = Math.floor(Date.parse(values.now()) / 1000) - ISSUED_EARLIER_SECONDS
      const standard = {
        iss: defaults.issuer,
        sub: defaults.subject,
        aud: audience?.render(values) ?? defaults.audience,
        iat: issuedAt,
        // Counted from `iat`: some servers allow no more than an hour between the two.
        exp: issuedAt + Math.ceil(lifetimeMs / 1000),
        jti: values.uuid(),
      }
      return signJwt(header, withoutNull({ ...standard, ...(claims.value(values) as object) }), signing.key)
    },
  }
}

/** The UTF-8 bytes of a client secret (RFC 7518 section 3.2). */
function secretKey(secret: string, label: string, alg = 'HS256'): SigningKey {
  if (secret === '') throw new AppError('secret_unavailable', `${label}: an empty secret signs nothing`)
  return { key: new TextEncoder().encode(secret), alg }
}

/** A claim that is null is left out. */
function withoutNull(claims: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== null))
}
