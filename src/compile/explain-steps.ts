// The steps of a pipeline in words. A step takes what earlier steps or the outside give; equal words mean the same thing.
import { formatDuration } from '../base/duration.ts'
import { startOf } from '../config/locate.ts'
import type { Account, Config, NamedValue, OAuth2, Parameter, Place, Service, Value } from '../config/model.ts'
import { oauth2Parts } from '../config/oauth2-parts.ts'
import type { Scope, Scopes } from '../config/scope.ts'
import { describeSecret, describeValue, leavesOf, looksSecret, type SecretValue, type Use } from './describe.ts'
import { referenceKey } from './text.ts'

/** Where it is written; `default` when nothing is written. */
export type Origin = { file: string; line: number; column: number } | 'default'

export interface ExplainedStep {
  step: 'resolve-secrets' | 'expand-template' | 'request-token' | 'pick-bearer' | 'inject' | 'send'
  text: string
  takes: string[]
  gives: string[]
  from: Origin
  /** Of the account whose bearer this step takes, told at its first use only. */
  account?: { name: string; from: Origin; steps: ExplainedStep[] }
}

/** Of a service, or of an action, which has a service or none. */
export interface Explanation {
  action?: string
  service?: string
  title?: string
  from: Origin
  account?: string
  accountFrom?: Origin
  steps: ExplainedStep[]
}

export interface Telling {
  config: Config
  scopes: Scopes
  /** Names of the feeding accounts that were told already. */
  told: Set<string>
}

/** A written value, and how it is called between the steps. */
interface Part {
  name: string
  /** How a line about it starts, where that is not the name. */
  label?: string
  value: Value
  use: Use
}

export function serviceSteps(service: Service, account: Account, telling: Telling): ExplainedStep[] {
  const scope = telling.scopes.of(service)
  const { authorization } = account
  const headers = service.headers.map(headerPart)
  const parts: Part[] = [...headers, { name: 'server URL', value: service.serverUrl, use: 'uri' }]
  const read = [
    ...secretSteps(accountParts(account), telling.scopes.of(account), telling),
    ...secretSteps(parts, scope, telling),
  ]
  const token = authorization.kind === 'oauth2' ? tokenSteps(account, authorization.oauth2, telling) : []
  const parameters = service.parameters.map(parameter => parameterStep(parameter, service.place))
  const inject = [credentialStep(account, telling.scopes.of(account)), ...constantSteps(service, scope)]
  return [...parameters, ...unique(read), ...token, ...inject, ...sendSteps(service, scope, inject)]
}

function parameterStep({ name, pattern, default: value }: Parameter, place: Place): ExplainedStep {
  const fallback = value === undefined ? 'given by the caller' : `by default ${value}`
  return {
    step: 'expand-template',
    text: `parameter ${name}, ${fallback}, pattern ${pattern}`,
    takes: [],
    gives: [`params.${name}`],
    from: originOf(place, 'parameters', name),
  }
}

/** The pipeline of an account on its own, up to its bearer. */
function bearerSteps(account: Account, oauth2: OAuth2, telling: Telling): ExplainedStep[] {
  const read = secretSteps(accountParts(account), telling.scopes.of(account), telling)
  return [...unique(read), ...tokenSteps(account, oauth2, telling)]
}

/** A variable that is used twice is read once. */
export function unique(steps: readonly ExplainedStep[]): ExplainedStep[] {
  const seen = new Map<string, ExplainedStep>()
  for (const step of steps) {
    const key = JSON.stringify([step.text, step.from])
    if (!seen.has(key) || step.account) seen.set(key, step)
  }
  return [...seen.values()]
}

/** The place of a key; `default` when the key is not written. */
export function originOf(place: Place, ...keys: (string | number)[]): Origin {
  return isWritten(place, ...keys)
    ? startOf({ document: place.document, path: [...place.path, ...keys] }, 'key')
    : 'default'
}

export function isWritten({ document, path }: Place, ...keys: (string | number)[]): boolean {
  let value = document.value
  for (const key of [...path, ...keys]) value = (value as Record<string | number, unknown> | undefined)?.[key]
  return value !== undefined
}

function headerPart({ name, value }: NamedValue): Part {
  const use = looksSecret(name) ? 'secret' : 'text'
  return { name: `value of ${name}`, label: `header ${name}`, value, use }
}

function accountParts({ authorization }: Account): Part[] {
  switch (authorization.kind) {
    case 'none':
      return []
    case 'basic':
      return [
        { name: 'username', value: authorization.username, use: 'text' },
        { name: 'password', value: authorization.password, use: 'secret' },
      ]
    case 'oauth2':
      return partsOf(authorization.oauth2)
    default:
      return authorization.values.map(({ name, value }) => ({
        name: `value of ${name}`,
        label: `${authorization.kind} ${name}`,
        value,
        use: 'secret',
      }))
  }
}

function partsOf(oauth2: OAuth2): Part[] {
  return oauth2Parts(oauth2).map(({ key, value, use }) => ({
    name: key === 'accessTokenUri' ? 'token endpoint' : key,
    value,
    use,
  }))
}

function secretSteps(parts: readonly Part[], scope: Scope, telling: Telling): ExplainedStep[] {
  return parts.flatMap(({ name, label = name, value }) => {
    if (value.kind === 'secret') return [secretStep(label, name, value, telling)]
    return leavesOf(value, scope).flatMap(leaf =>
      leaf.secret ? [secretStep(leaf.name, leaf.name, leaf.secret, telling)] : [],
    )
  })
}

function secretStep(label: string, name: string, value: SecretValue, telling: Telling): ExplainedStep {
  const source = describeSecret(value)
  return {
    step: 'resolve-secrets',
    text: `${label} from ${source}`,
    takes: [source],
    gives: [name],
    from: startOf(value.place, 'key'),
    ...feederOf(value, telling),
  }
}

function feederOf({ reference }: SecretValue, telling: Telling): Pick<ExplainedStep, 'account'> {
  const account = reference.kind === 'account' ? telling.config.accounts.get(reference.account) : undefined
  if (account?.authorization.kind !== 'oauth2' || telling.told.has(referenceKey(reference))) return {}
  telling.told.add(referenceKey(reference))
  const steps = bearerSteps(account, account.authorization.oauth2, telling)
  return { account: { name: account.name, from: originOf(account.place), steps } }
}

/** What a value takes: itself when an earlier step read it, else the variables in it. */
function takenBy({ name, value }: Part, scope: Scope): string[] {
  return value.kind === 'secret' ? [name] : leavesOf(value, scope).map(leaf => leaf.name)
}

function tokenSteps(account: Account, oauth2: OAuth2, telling: Telling): ExplainedStep[] {
  const { place } = account
  const scope = telling.scopes.of(account)
  const [endpoint, ...parts] = partsOf(oauth2)
  const at = (key: string) => originOf(place, key)
  const request = (text: string, key: string, takes: string[], gives: string[]): ExplainedStep => ({
    step: 'request-token',
    text,
    takes,
    gives,
    from: at(key),
  })
  const texts = parts.filter(({ value, use }) => use === 'text' && value.kind === 'template')
  const names = parts.map(({ name }) => name)
  return [
    {
      step: 'expand-template',
      text: `token endpoint ${describeValue(endpoint!.value, scope, 'uri')}`,
      takes: takenBy(endpoint!, scope),
      gives: ['token endpoint'],
      from: at('accessTokenUri'),
    },
    request(`grant ${oauth2.grant}`, 'grant', ['token endpoint', ...names, 'scope'], ['token response']),
    ...texts.map(part =>
      request(`${part.name} ${describeValue(part.value, scope, 'text')}`, part.name, takenBy(part, scope), [part.name]),
    ),
    request(describeClientAuth(oauth2), 'clientAuthMethod', names.filter(isClient), []),
    request(oauth2.scope.length > 0 ? `scope ${oauth2.scope.join(' ')}` : 'no scope', 'scope', [], ['scope']),
    ...describeRefresh(account, oauth2).map(text => request(text, 'refresh', [], [])),
    ...(oauth2.keepWarm ? [request('fetched at start and always kept fresh', 'keepWarm', [], [])] : []),
    request(`time limit ${formatDuration(oauth2.timeoutMs)}`, 'timeout', [], []),
    {
      step: 'pick-bearer',
      text: `${oauth2.bearerTokenType} of the response`,
      takes: ['token response'],
      gives: ['bearer'],
      from: at('bearerTokenType'),
    },
  ]
}

/** Not a word about what is as everybody expects it. */
function describeRefresh({ place }: Account, { refresh, grant }: OAuth2): string[] {
  if (grant === 'client_credentials' && !isWritten(place, 'refresh')) return []
  const used = refresh === 'auto' && grant !== 'client_credentials'
  return [used ? 'renewed by refresh token' : 'renewed by the grant']
}

function isClient(name: string): boolean {
  return name.startsWith('client')
}

function describeClientAuth({ clientAuthMethod, basicEncoding }: OAuth2): string {
  const encoding = clientAuthMethod === 'client_secret_basic' ? `, ${basicEncoding} encoding` : ''
  return `client authentication ${clientAuthMethod}${encoding}`
}

function credentialStep(account: Account, scope: Scope): ExplainedStep {
  const { authorization, place } = account
  const at = originOf(place, 'authorization')
  const header = (text: string, takes: string[]): ExplainedStep => ({
    step: 'inject',
    text: `header Authorization: ${text} [secret]`,
    takes,
    gives: ['header Authorization'],
    from: at,
  })
  const parts = accountParts(account)
  switch (authorization.kind) {
    case 'none':
      return { step: 'inject', text: "nothing; the caller's own headers pass", takes: [], gives: [], from: at }
    case 'basic':
      return header(
        'Basic',
        parts.flatMap(part => (part.value.kind === 'secret' ? [part.name] : takenBy(part, scope))),
      )
    case 'oauth2':
      return header('Bearer', ['bearer'])
    default: {
      const names = authorization.values.map(({ name }) => name)
      const what = authorization.kind === 'header' ? 'header' : 'query parameter'
      return {
        step: 'inject',
        text: `${what} ${names.join(', ')}`,
        takes: parts.flatMap(part => takenBy(part, scope)),
        gives: names.map(name => `${what} ${name}`),
        from: originOf(place, authorization.kind),
      }
    }
  }
}

function constantSteps(service: Service, scope: Scope): ExplainedStep[] {
  return service.headers.map(header => {
    const part = headerPart(header)
    const shown = part.value.kind === 'template' && part.use === 'text'
    return {
      step: 'inject',
      text: `header ${header.name}${shown ? `: ${describeValue(part.value, scope, 'text')}` : ''}`,
      takes: takenBy(part, scope),
      gives: [`header ${header.name}`],
      from: originOf(service.place, 'headers', header.name),
    }
  })
}

function sendSteps(service: Service, scope: Scope, inject: readonly ExplainedStep[]): ExplainedStep[] {
  const url: Part = { name: 'server URL', value: service.serverUrl, use: 'uri' }
  return [
    {
      step: 'send',
      text: `server URL ${describeValue(service.serverUrl, scope, 'uri')}`,
      takes: [...takenBy(url, scope), ...inject.flatMap(({ gives }) => gives)],
      gives: ['request'],
      from: originOf(service.place, 'serverUrl'),
    },
    {
      step: 'send',
      text: `time limit ${formatDuration(service.timeoutMs)}`,
      takes: [],
      gives: [],
      from: originOf(service.place, 'timeout'),
    },
  ]
}
