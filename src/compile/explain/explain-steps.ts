// The steps of a pipeline in words. A step takes what earlier steps or the outside give; equal words mean the same thing.

import { formatDuration } from '../../base/duration.ts'
import { connectionParts } from '../../config/definitions/connection-parts.ts'
import { startOf } from '../../config/locate.ts'
import type { Account, NamedValue, OAuth2, Parameter, Place, Service } from '../../config/model/model.ts'
import type { Scope } from '../../config/templates/scope.ts'
import { allowWords } from '../allow.ts'
import { rejectionWords } from '../rejection.ts'
import { retryWords } from '../retry.ts'
import { referenceKey } from '../text.ts'
import { describeSecret, describeValue, leavesOf, looksSecret, type SecretValue } from './describe.ts'
import { explainInject } from './explain-inject.ts'
import { tokenSteps } from './explain-token.ts'
import { type ExplainedStep, originOf, type Part, partsOf, type Telling, takenBy } from './explained-step.ts'

export function serviceSteps(service: Service, account: Account, telling: Telling): ExplainedStep[] {
  const scope = telling.config.scopes.of(service)
  const { authorization } = account
  const headers = service.headers.map(headerPart)
  const written = explainInject(service, account, telling.config.scopes)
  const url: Part = { name: 'server URL', value: service.serverUrl, use: 'uri' }
  const parts: Part[] = [...headers, url, ...connectionPartsOf(service)]
  const read = [
    ...secretSteps(accountParts(account), telling.config.scopes.of(account), telling),
    ...secretSteps(parts, scope, telling),
    ...(written ? secretSteps([written.part], written.scope, telling) : []),
  ]
  const token = authorization.kind === 'oauth2' ? tokenSteps(account, authorization.oauth2, telling) : []
  const parameters = service.parameters.map(parameter => parameterStep(parameter, service.place))
  const credential = written?.step ?? credentialStep(account, telling.config.scopes.of(account))
  const inject = [credential, ...constantSteps(service, scope)]
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
  const read = secretSteps(accountParts(account), telling.config.scopes.of(account), telling)
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
  const told = (text: string, ...keys: (string | number)[]): ExplainedStep => {
    return { step: 'send', text, takes: [], gives: [], from: originOf(service.place, ...keys) }
  }
  return [
    {
      step: 'send',
      text: `server URL ${describeValue(service.serverUrl, scope, 'uri')}`,
      takes: [
        ...[url, ...connectionPartsOf(service)].flatMap(part => takenBy(part, scope)),
        ...inject.flatMap(({ gives }) => gives),
      ],
      gives: ['request'],
      from: originOf(service.place, 'serverUrl'),
    },
    told(`time limit ${formatDuration(service.timeoutMs)}`, 'timeout'),
    ...connectionWords(service, scope).map(([key, text]) => told(text, ...key.split('.'))),
    ...(service.listen === undefined ? [] : [told(`also at ${service.listen}, without a prefix`, 'listen')]),
    ...(service.allow ? [told(`only ${allowWords(service.allow)}`, 'allow')] : []),
    ...(service.reauthenticateOn
      ? [told(`token rejected: ${rejectionWords(service.reauthenticateOn)}`, 'reauthenticateOn')]
      : []),
    ...(service.retry ? [told(`repeated: ${retryWords(service.retry)}`, 'retry')] : []),
    ...service.sinks.map(({ path, format }, index) =>
      told(`file ${path} always holds the credential (${format})`, 'sinks', index),
    ),
  ]
}

/** Named apart from those of the account. */
function connectionPartsOf({ connection }: Service): Part[] {
  return connectionParts(connection).map(({ key, value, use }) => ({ name: `service ${key}`, value, use }))
}

function connectionWords({ connection }: Service, scope: Scope): [key: string, text: string][] {
  const { serverName, proxy } = connection
  const shown = connectionParts(connection).find(({ key, use }) => key === 'proxy' && use === 'text')
  return [
    ...(serverName === undefined ? [] : [['tls.serverName', `server name ${serverName}`] as [string, string]]),
    ...(shown && proxy ? [['proxy', `proxy ${describeValue(proxy, scope, 'text')}`] as [string, string]] : []),
  ]
}
