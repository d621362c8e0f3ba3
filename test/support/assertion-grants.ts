// The grants by assertion, as strict servers judge them: JWTs by RFC 7523 section 3 with jose, SAML by RFC 7522 section 3.
import { createLocalJWKSet, type JWK, jwtVerify } from 'jose'
import { judgeSamlAssertion } from './saml-assertion.ts'

/** Who may say who somebody is. */
export interface TrustedIssuers {
  jwt: { issuer: string; key: JWK }
  /** In PEM form. */
  saml: { issuer: string; publicKey: string }
}

/** Whom an assertion speaks of. Throws an error that says what is wrong with it. */
export type JudgeAssertion = (assertion: string) => Promise<string>

const LONGEST_SECONDS = 3600

/** Judges by grant type. Each assertion counts once. */
export function assertionJudges(
  { jwt, saml }: TrustedIssuers,
  server: { issuer: string; tokenUrl: string },
): Record<string, JudgeAssertion> {
  const seen = new Set<string>()
  const keys = createLocalJWKSet({ keys: [jwt.key] })
  return {
    'urn:ietf:params:oauth:grant-type:jwt-bearer': async assertion => {
      const { payload } = await jwtVerify(assertion, keys, {
        issuer: jwt.issuer,
        audience: [server.issuer, server.tokenUrl],
        requiredClaims: ['iss', 'sub', 'aud', 'exp', 'jti'],
        maxTokenAge: LONGEST_SECONDS,
      })
      if (payload.exp! - payload.iat! > LONGEST_SECONDS) throw new Error('lives too long')
      if (typeof payload.aud !== 'string') throw new Error('several audiences')
      if (seen.has(payload.jti!)) throw new Error('used before')
      seen.add(payload.jti!)
      return payload.sub!
    },
    'urn:ietf:params:oauth:grant-type:saml2-bearer': async assertion =>
      judgeSamlAssertion(assertion, {
        issuer: saml.issuer,
        audience: server.issuer,
        recipient: server.tokenUrl,
        publicKey: saml.publicKey,
        seen,
      }),
  }
}
