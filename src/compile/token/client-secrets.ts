// The client secrets of an account, in the order in which they are tried. To its identity they are a set: the server knows
// one client, whichever of them proves it.
import { Secret } from '../../base/secret.ts'
import type { OAuth2 } from '../../config/model/model.ts'
import type { Scope } from '../../config/templates/scope.ts'
import { fingerprint } from '../fingerprint.ts'
import { compileText, type TextPlan, type Values } from '../text.ts'

/** Of an account that has more than one. */
export interface SeveralSecrets {
  /** In order. */
  identities: readonly string[]
  /** In order. */
  read(values: Values): Secret[]
}

export interface ClientSecretTexts {
  /** All of them as one text, for references and identity; none where no secret is written. */
  all: TextPlan[]
  several?: SeveralSecrets
  /** The one that these values use; empty where none is written. */
  render(values: Values): string
}

export function compileClientSecrets({ clientSecrets }: OAuth2, scope: Scope): ClientSecretTexts {
  const texts = clientSecrets.map(secret => compileText(secret, scope))
  const render = (values: Values) => texts.map(text => text.render(values))
  const several = {
    identities: texts.map(({ identity }) => identity),
    read: (values: Values) => render(values).map(text => new Secret(text)),
  }
  return {
    all: texts.length > 0 ? [together(texts)] : [],
    ...(texts.length > 1 && { several }),
    render: values => texts[values.clientSecret ?? 0]?.render(values) ?? '',
  }
}

function together(texts: readonly TextPlan[]): TextPlan {
  return {
    references: texts.flatMap(({ references }) => references),
    dynamic: texts.some(({ dynamic }) => dynamic),
    identity: fingerprint(distinct(texts.map(({ identity }) => identity))),
    render: values => JSON.stringify(distinct(texts.map(text => text.render(values)))),
  }
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort()
}
