// Step 5: what a request to the service gets, and what it must not bring itself.

import { AppError } from '../../base/error.ts'
import type { InjectRule } from '../../config/model/model.ts'
import { isHeaderValue } from '../header-value.ts'
import type { Inject } from '../plan.ts'
import type { TextPlan, TokenValues, Values } from '../text.ts'
import { basicCredentials } from '../token/client-auth.ts'

export type Credential =
  | { kind: 'none' }
  | { kind: 'bearer'; account: string; proves: boolean; rule: Omit<InjectRule, 'value' | 'place'>; text: TextPlan }
  | { kind: 'basic'; username: TextPlan; password: TextPlan }
  | { kind: 'header' | 'query'; values: readonly { name: string; text: TextPlan }[] }

export interface InjectStep {
  inject: Inject
  removes: { headers: ReadonlySet<string>; query: ReadonlySet<string> }
}

type Pair = readonly [string, string]

export function compileInject(
  credential: Credential,
  constant: readonly { name: string; text: TextPlan }[],
): InjectStep {
  const own = compileCredential(credential)
  const names = [...own.headerNames, ...constant.map(({ name }) => name)]
  return {
    removes: { headers: new Set(names.map(name => name.toLowerCase())), query: new Set(own.queryNames) },
    inject(values) {
      const extra = constant.map(({ name, text }): Pair => [name, headerValue(name, text.render(values))])
      return { headers: [...own.headers(values), ...extra], query: own.query(values) }
    },
  }
}

interface CredentialStep {
  headerNames: string[]
  queryNames: string[]
  headers(values: Values): Pair[]
  query(values: Values): Pair[]
}

function compileCredential(credential: Credential): CredentialStep {
  const nothing = { headerNames: [], queryNames: [], headers: (): Pair[] => [], query: (): Pair[] => [] }
  switch (credential.kind) {
    case 'none':
      return nothing
    case 'bearer':
      return compileBearer(credential)
    case 'basic': {
      const { username, password } = credential
      const headers: CredentialStep['headers'] = values => [
        ['Authorization', basicCredentials(username.render(values), password.render(values))],
      ]
      return { ...nothing, headerNames: ['authorization'], headers }
    }
    case 'header': {
      const headers: CredentialStep['headers'] = values =>
        credential.values.map(({ name, text }): Pair => [name, headerValue(name, text.render(values))])
      return { ...nothing, headerNames: credential.values.map(({ name }) => name), headers }
    }
    case 'query': {
      const query: CredentialStep['query'] = values =>
        credential.values.map(({ name, text }): Pair => [name, text.render(values)])
      return { ...nothing, queryNames: credential.values.map(({ name }) => name), query }
    }
  }
}

/** Its name is taken from the caller's request wherever it may stand there. */
function compileBearer({ account, proves, rule, text }: Extract<Credential, { kind: 'bearer' }>): CredentialStep {
  const plain = rule.in === 'header' && rule.name.toLowerCase() === 'authorization'
  // RFC 9449 section 7.1: another scheme, and a proof beside it.
  const prefix = proves && rule.in === 'header' && !rule.prefixWritten ? 'DPoP ' : rule.prefix
  const value = (values: Values): string => {
    checkToken(values.token, account, rule.prefixWritten)
    return prefix + text.render(values)
  }
  return {
    headerNames: proves ? [rule.name, 'DPoP'] : [rule.name],
    queryNames: plain ? [] : [rule.name],
    headers: values => (rule.in === 'header' ? [[rule.name, headerValue(rule.name, value(values))]] : []),
    query: values => (rule.in === 'query' ? [[rule.name, value(values)]] : []),
  }
}

/**
 * Without a bearer nothing is injected: that would forward a request without its credential. A token of a foreign type must
 * not be used (RFC 6749 section 7.1), unless somebody says how.
 */
function checkToken(token: TokenValues | undefined, account: string, prefixWritten: boolean): void {
  if (!token) throw new Error('an oauth2 account injects only with a bearer')
  if (token.foreignType === undefined || prefixWritten) return
  const reason = `token_type \`${token.foreignType}\` is not a bearer; if it is sent like one, write inject.prefix`
  throw new AppError('token_invalid_response', `account \`${account}\`: ${reason}`, { account })
}

/** RFC 9110 section 5.5: no control characters, which would start another header. */
function headerValue(name: string, text: string): string {
  if (isHeaderValue(text)) return text
  throw new AppError('secret_unavailable', `the value of header \`${name}\` holds characters that no header may hold`)
}
