// The pipeline of a service as a list of steps for people: what each does, and the line of YAML that says so.
import { formatDuration } from '../base/duration.ts'
import { startOf } from '../config/locate.ts'
import type { Account, Config, NamedValue, OAuth2, Place, Service, Value } from '../config/model.ts'
import type { Plan, ServicePlan } from './plan.ts'
import { describeReference } from './text.ts'

export interface ExplainedStep {
  step: 'resolve-secrets' | 'expand-template' | 'request-token' | 'pick-bearer' | 'inject' | 'send'
  text: string
  /** Where it is written; `default` when nothing is written. */
  from: { file: string; line: number; column: number } | 'default'
}

export interface Explanation {
  service: string
  title?: string
  account: string
  steps: ExplainedStep[]
}

/** Undefined for a name that the configuration does not have. */
export function explainService(config: Config, plan: Plan, name: string): Explanation | undefined {
  const service = config.services.get(name)
  const compiled = plan.services.get(name)
  const account = service && config.accounts.get(service.account)
  if (!service || !compiled || !account) return undefined
  const token = account.authorization.kind === 'oauth2' ? tokenSteps(account, account.authorization.oauth2, plan) : []
  const steps = [
    ...secretSteps(account, service),
    ...token,
    ...injectSteps(account, service),
    ...sendSteps(service, compiled),
  ]
  return { service: name, ...(service.title !== undefined && { title: service.title }), account: account.name, steps }
}

/** The place of a key; `default` when the key is not written. */
function from(place: Place, ...keys: (string | number)[]): ExplainedStep['from'] {
  let value = place.document.value
  const path = [...place.path, ...keys]
  for (const key of path) value = (value as Record<string | number, unknown> | undefined)?.[key]
  return value === undefined ? 'default' : startOf({ document: place.document, path }, 'key')
}

function secretSteps(account: Account, service: Service): ExplainedStep[] {
  const named = [
    ...accountSecrets(account),
    ...service.headers.map(({ name, value }): [string, Value] => [`header ${name}`, value]),
  ]
  return named.flatMap(([key, value]) =>
    value.kind === 'secret'
      ? [
          {
            step: 'resolve-secrets' as const,
            text: `${key} from ${describeReference(value.reference)}`,
            from: startOf(value.place, 'key'),
          },
        ]
      : [],
  )
}

function accountSecrets({ authorization, vars }: Account): [string, Value][] {
  const variables = Object.entries(vars).map(([name, value]): [string, Value] => [`vars.${name}`, value])
  return [...variables, ...authorizationSecrets(authorization)]
}

function authorizationSecrets(authorization: Account['authorization']): [string, Value][] {
  const named = (values: readonly NamedValue[]) =>
    values.map(({ name, value }): [string, Value] => [`${authorization.kind} ${name}`, value])
  switch (authorization.kind) {
    case 'none':
      return []
    case 'basic':
      return [
        ['username', authorization.username],
        ['password', authorization.password],
      ]
    case 'oauth2': {
      const { clientId, clientSecret, username, password } = authorization.oauth2
      return Object.entries({ clientId, clientSecret, username, password }).filter(
        (entry): entry is [string, Value] => entry[1] !== undefined,
      )
    }
    default:
      return named(authorization.values)
  }
}

function tokenSteps(account: Account, oauth2: OAuth2, plan: Plan): ExplainedStep[] {
  const compiled = plan.accounts.get(account.key)
  const endpoint = compiled?.kind === 'oauth2' ? compiled.tokenEndpoint.display : ''
  const { place } = account
  const encoding = oauth2.clientAuthMethod === 'client_secret_basic' ? `, ${oauth2.basicEncoding} encoding` : ''
  const scope = oauth2.scope.length > 0 ? `scope ${oauth2.scope.join(' ')}` : 'no scope'
  return [
    { step: 'expand-template', text: `token endpoint ${endpoint}`, from: from(place, 'accessTokenUri') },
    { step: 'request-token', text: `grant ${oauth2.grant}`, from: from(place, 'grant') },
    {
      step: 'request-token',
      text: `client authentication ${oauth2.clientAuthMethod}${encoding}`,
      from: from(place, 'clientAuthMethod'),
    },
    { step: 'request-token', text: scope, from: from(place, 'scope') },
    { step: 'request-token', text: `time limit ${formatDuration(oauth2.timeoutMs)}`, from: from(place, 'timeout') },
    { step: 'pick-bearer', text: `${oauth2.bearerTokenType} of the response`, from: from(place, 'bearerTokenType') },
  ]
}

function injectSteps(account: Account, service: Service): ExplainedStep[] {
  const { authorization, place } = account
  const at = from(place, 'authorization')
  const constant = service.headers.map(
    ({ name }): ExplainedStep => ({
      step: 'inject',
      text: `header ${name}`,
      from: from(service.place, 'headers', name),
    }),
  )
  switch (authorization.kind) {
    case 'none':
      return [{ step: 'inject', text: "nothing; the caller's own headers pass", from: at }, ...constant]
    case 'basic':
      return [{ step: 'inject', text: 'header Authorization: Basic [secret]', from: at }, ...constant]
    case 'oauth2':
      return [{ step: 'inject', text: 'header Authorization: Bearer [secret]', from: at }, ...constant]
    case 'header':
    case 'query': {
      const names = authorization.values.map(({ name }) => name).join(', ')
      const what = authorization.kind === 'header' ? 'header' : 'query parameter'
      return [{ step: 'inject', text: `${what} ${names}`, from: from(place, authorization.kind) }, ...constant]
    }
  }
}

function sendSteps(service: Service, compiled: ServicePlan): ExplainedStep[] {
  return [
    { step: 'send', text: `server URL ${compiled.serverUrl.display}`, from: from(service.place, 'serverUrl') },
    { step: 'send', text: `time limit ${formatDuration(service.timeoutMs)}`, from: from(service.place, 'timeout') },
  ]
}

export function renderExplanation({ service, title, account, steps }: Explanation): string {
  const width = Math.max(...steps.map(step => step.text.length))
  const lines = steps.map(({ step, text, from: at }) => {
    const place = at === 'default' ? '(default)' : `${at.file}:${at.line}`
    return `  ${step.padEnd(15)}  ${text.padEnd(width)}  ${place}\n`
  })
  return `${service}${title ? `: ${title}` : ''}\n  account ${account}\n\n${lines.join('')}`
}
