// An account's authorization -> the credential that its services inject: of the token, or of what the account itself holds.
import type { Account, InjectRule, OAuth2 } from '../config/model/model.ts'
import { injectScope, type Scope } from '../config/templates/scope.ts'
import { compileNamed } from './steps/expand-template.ts'
import type { Credential } from './steps/inject.ts'
import { compileText } from './text.ts'

/** Where the account says nothing, the header of RFC 6750. */
export function accountBearer(account: Account, { inject, dpop }: OAuth2, scope: Scope): Credential {
  const of = { account: account.name, proves: dpop !== undefined }
  return bearerCredential(of, inject ?? plainBearer(account), injectScope(scope, account))
}

function plainBearer({ place }: Account): InjectRule {
  const value = { kind: 'template', text: '{{bearer}}', place } as const
  return { in: 'header', name: 'Authorization', prefix: 'Bearer ', prefixWritten: false, value, place }
}

export function bearerCredential(
  { account, proves }: { account: string; proves: boolean },
  rule: InjectRule,
  scope: Scope,
): Credential {
  return { kind: 'bearer', account, proves, rule, text: compileText(rule.value, scope) }
}

type StaticAuthorization = Exclude<Account['authorization'], { kind: 'oauth2' }>

export function staticCredential(authorization: StaticAuthorization, scope: Scope): Credential {
  switch (authorization.kind) {
    case 'none':
      return { kind: 'none' }
    case 'basic':
      return {
        kind: 'basic',
        username: compileText(authorization.username, scope),
        password: compileText(authorization.password, scope),
      }
    default:
      return { kind: authorization.kind, values: compileNamed(authorization.values, scope) }
  }
}

export function textsOf(credential: Credential) {
  if (credential.kind === 'basic') return [credential.username, credential.password]
  return 'values' in credential ? credential.values.map(({ text }) => text) : []
}

export function injectIdentity(credential: Credential): unknown {
  if (credential.kind !== 'bearer') return null
  const { rule, text } = credential
  return [rule.in, rule.name, rule.prefix, rule.prefixWritten, text.identity]
}
