// Everything that decides which token is issued, with the values of the secrets: to be digested under a key, never kept.
import { Secret } from '../base/secret.ts'
import type { TextPlan, Values } from './text.ts'

export interface TokenIdentity {
  /** Accounts for which this is equal are issued the same token. */
  token: Secret
  /** The same without what only authenticates the client: a refresh token outlives a new client secret. */
  family: Secret
}

export interface IdentityParts {
  /** Grant, method, scope and whatever else is known when compiling. */
  words: readonly unknown[]
  /** Which authorization server. */
  where(values: Values): unknown
  /** Of the request. */
  texts: readonly TextPlan[]
  /** Those of them that only authenticate the client. */
  proofs: readonly TextPlan[]
}

/** Values in, identity out. */
export function compileIdentity({ words, where, texts, proofs }: IdentityParts): (values: Values) => TokenIdentity {
  const lasting = texts.filter(text => !proofs.includes(text))
  return values => {
    // What differs at each use does not decide.
    const still = { ...values, uuid: () => '{{uuid}}', now: () => '{{now}}', ...TOKENS }
    const common = [words, where(still), lasting.map(text => text.render(still))]
    return { token: secretOf([common, proofs.map(text => text.render(still))]), family: secretOf(common) }
  }
}

const TOKENS = { refreshToken: new Secret('{{refreshToken}}'), token: { bearer: new Secret('{{bearer}}') } }

function secretOf(parts: unknown): Secret {
  return new Secret(JSON.stringify(parts))
}
