// A configuration as YAML text, compiled, and the values that its pipelines ask for.
import { Secret } from '../../src/base/secret.ts'
import { compilePlan } from '../../src/compile/compile.ts'
import type { OAuth2AccountPlan, Plan, TokenRequest } from '../../src/compile/plan.ts'
import type { Values } from '../../src/compile/text.ts'
import { checkConfig } from '../../src/config/check.ts'
import type { Config } from '../../src/config/model/config.ts'

export interface Compiled {
  config: Config
  plan: Plan
}

export function compileYaml(text: string, path = '/config/services.yaml'): Compiled {
  const checked = checkConfig([{ path, file: path.slice(path.lastIndexOf('/') + 1), text }])
  if (!checked.ok) throw new Error(checked.diagnostics.map(({ code, message }) => `${code}: ${message}`).join('\n'))
  return { config: checked.value, plan: compilePlan(checked.value) }
}

/** Environment variables by name; literals are themselves. */
export function valuesOf(environment: Record<string, string> = {}): Values {
  return {
    secret(reference) {
      if (reference.kind === 'literal') return reference.secret
      const text = reference.kind === 'env' ? environment[reference.name] : undefined
      if (text === undefined) throw new Error(`no value for ${JSON.stringify(reference)}`)
      return new Secret(text)
    },
    uuid: () => '00000000-0000-4000-8000-000000000000',
    now: () => '2026-01-01T00:00:00.000Z',
  }
}

export const ACCOUNT = {
  accessTokenUri: 'https://id.example/token',
  clientId: 'app',
  clientSecret: { env: 'SECRET' },
  scope: 'read',
} as const

/** One oauth2 account `a` with these keys over the plain ones; undefined removes a key. */
export function compileAccount(keys: Record<string, unknown> = {}, vars: Record<string, unknown> = {}) {
  const account = { ...ACCOUNT, ...keys }
  const services = { s: { account: 'a', serverUrl: 'https://api.example' } }
  const { plan } = compileYaml(JSON.stringify({ version: 1, vars, accounts: { a: account }, services }))
  return plan.accounts.get('a') as OAuth2AccountPlan
}

export function buildRequest(
  keys: Record<string, unknown>,
  environment: Record<string, string> = {},
): Promise<TokenRequest> {
  return compileAccount(keys).buildRequest(valuesOf({ SECRET: 'fake-secret', ...environment }))
}

/** What an action throws; fails when it throws nothing. */
export function thrownBy(action: () => unknown): Error {
  try {
    action()
  } catch (error) {
    return error as Error
  }
  throw new Error('expected an exception')
}

/** What a promise is rejected with; fails when it is fulfilled. */
export async function rejectionOf(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => {
      throw new Error('expected a rejection')
    },
    (error: Error) => error,
  )
}
