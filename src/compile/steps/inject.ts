// Step 5: what a request to the service gets, and what it must not bring itself.
import { AppError } from '../../base/error.ts'
import type { Secret } from '../../base/secret.ts'
import { basicCredentials } from '../client-auth.ts'
import type { Inject } from '../plan.ts'
import type { TextPlan } from '../text.ts'

export type Credential =
  | { kind: 'none' }
  | { kind: 'bearer' }
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
    inject(values, bearer) {
      const extra = constant.map(({ name, text }): Pair => [name, headerValue(name, text.render(values))])
      return { headers: [...own.headers(values, bearer), ...extra], query: own.query(values) }
    },
  }
}

interface CredentialStep {
  headerNames: string[]
  queryNames: string[]
  headers(values: Parameters<Inject>[0], bearer: Secret | undefined): Pair[]
  query(values: Parameters<Inject>[0]): Pair[]
}

function compileCredential(credential: Credential): CredentialStep {
  const nothing = { headerNames: [], queryNames: [], headers: (): Pair[] => [], query: (): Pair[] => [] }
  switch (credential.kind) {
    case 'none':
      return nothing
    case 'bearer':
      return {
        ...nothing,
        headerNames: ['authorization'],
        headers: (_values, bearer) => [['Authorization', bearerValue(bearer)]],
      }
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

/** Without a bearer nothing is injected: that would forward a request without its credential. */
function bearerValue(bearer: Secret | undefined): string {
  if (!bearer) throw new Error('an oauth2 account injects only with a bearer')
  return `Bearer ${bearer.reveal()}`
}

/** RFC 9110 section 5.5: no control characters, which would start another header. */
function headerValue(name: string, text: string): string {
  if (!/[^\t\x20-\x7e\x80-\xff]/.test(text)) return text
  throw new AppError('secret_unavailable', `the value of header \`${name}\` holds characters that no header may hold`)
}
