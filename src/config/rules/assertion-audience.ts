// A client assertion for the token endpoint, of an account that knows the issuer: another server that is told the same URL can
// pass the assertion on (RFC 7523bis section 4).
import type { Value } from '../model/model.ts'
import { constantsOf, type Scope } from '../templates/scope.ts'
import { parseTemplate } from '../templates/template.ts'
import type { PartRule } from './rule.ts'

export const assertionAudience: PartRule = {
  scope: 'part',
  codes: ['oauth/assertion-audience'],
  severity: 'warning',
  check(part, report) {
    const { scopes } = part
    for (const account of part.accounts) {
      if (account.authorization.kind !== 'oauth2') continue
      const { clientAuthMethod, clientAssertion: assertion, accessTokenUri, issuer } = account.authorization.oauth2
      if (clientAuthMethod !== 'private_key_jwt' || assertion?.kind !== 'signed') continue
      if (!assertion.audience || !accessTokenUri || !issuer) continue
      const scope = scopes.of(account)
      const [audience, endpoint] = [constantText(assertion.audience, scope), constantText(accessTokenUri, scope)]
      if (audience === undefined || endpoint === undefined) continue
      if (withoutQuery(audience) !== withoutQuery(endpoint) || audience === constantText(issuer, scope)) continue
      report({
        place: assertion.audience.place,
        message: 'an assertion for the token endpoint can be used by whoever names that URL as its own',
        hint: 'leave `audience` out: the issuer is the default; if the provider wants its token endpoint here, say so with `# bearerd-ignore oauth/assertion-audience`',
      })
    }
  },
}

/** Undefined when a secret, or a value of a caller, is part of it. */
function constantText(value: Value, scope: Scope): string | undefined {
  const parsed = value.kind === 'template' ? parseTemplate(value.text) : undefined
  if (!parsed?.ok) return undefined
  const constant = constantsOf(scope)
  const texts = parsed.parts.map(part => (part.kind === 'text' ? part.text : constant(part.expression)))
  return texts.includes(undefined) ? undefined : texts.join('')
}

function withoutQuery(url: string): string {
  return url.split('?', 1)[0]!
}
