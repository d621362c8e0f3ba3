// The pipeline of an action in words: its own secrets and texts, the credential of its service, and the request that is sent.
import { formatDuration } from '../../base/duration.ts'
import { formatSize } from '../../base/size.ts'
import { actionValues } from '../../config/definitions/value.ts'
import type { Config } from '../../config/model/config.ts'
import type { Action, ActionContent, NamedValue, Retry, Value } from '../../config/model/model.ts'
import type { Scope } from '../../config/templates/scope.ts'
import { describeSecret, describeValue, leavesOf, looksSecret, type SecretValue } from './describe.ts'
import { serviceSteps, unique } from './explain-steps.ts'
import { type ExplainedStep, type Explanation, originOf } from './explained-step.ts'

/** Undefined for a name that the configuration does not have. */
export function explainAction(config: Config, name: string): Explanation | undefined {
  const action = config.actions.get(name)
  if (!action) return undefined
  const service = action.service === undefined ? undefined : config.services.get(action.service)
  const account = service && config.accounts.get(service.account)
  const opened = service && account ? serviceSteps(service, account, { config, told: new Set() }) : []
  const scope = config.scopes.ofAction(action)
  return {
    action: name,
    ...(action.title !== undefined && { title: action.title }),
    from: originOf(action.place),
    ...(service && account && { service: service.name, account: account.name, accountFrom: originOf(account.place) }),
    steps: [
      ...unique(secretsOf(action, scope)),
      ...textSteps(action, scope),
      ...opened.filter(({ step }) => step !== 'send'),
      ...sendSteps(action),
      ...opened.filter(({ step }) => step === 'send').map(step => ({ ...step, takes: [], gives: [] })),
    ],
  }
}

function secretsOf(action: Action, scope: Scope): ExplainedStep[] {
  return actionValues(action).flatMap(({ value }) => {
    if (value.kind === 'secret') return [secretStep(String(value.place.path.at(-1)), value)]
    return leavesOf(value, scope).flatMap(({ name, secret }) => (secret ? [secretStep(name, secret)] : []))
  })
}

function secretStep(name: string, value: SecretValue): ExplainedStep {
  const source = describeSecret(value)
  const { document, path } = value.place
  return {
    step: 'resolve-secrets',
    text: `${name} from ${source}`,
    takes: [source],
    gives: [name],
    from: originOf({ document, path }),
  }
}

function textSteps(action: Action, scope: Scope): ExplainedStep[] {
  const { target, headers, content, outputFileName, idempotencyKey, place } = action
  const step = (text: string, values: readonly Value[], gives: string[], keys: string[]): ExplainedStep => ({
    step: 'expand-template',
    text,
    takes: [...new Set(values.flatMap(value => leavesOf(value, scope).map(({ name }) => name)))],
    gives,
    from: originOf(place, ...keys),
  })
  const shown = (value: Value) => describeValue(value, scope, 'text')
  return [
    ...(outputFileName
      ? [step(`output file name ${shown(outputFileName)}`, [outputFileName], ['file.outputName'], ['outputFileName'])]
      : []),
    step(`${target.kind} ${describeTarget(action, scope)}`, [target.value], [target.kind], [target.kind]),
    ...headers.map(header =>
      step(
        `header ${describeNamed(header, scope)}`,
        [header.value],
        [`header ${header.name}`],
        ['headers', header.name],
      ),
    ),
    step(describeContent(content, scope), contentValues(action), ['body'], ['content']),
    step(
      `header Idempotency-Key: ${idempotencyKey ? shown(idempotencyKey) : 'the id of the delivery'}`,
      idempotencyKey ? [idempotencyKey] : [],
      ['header Idempotency-Key'],
      ['idempotencyKey'],
    ),
  ]
}

export function contentValues(action: Action): Value[] {
  return actionValues({ ...action, headers: [], vars: {} }).flatMap(({ value, use, part }) =>
    use === 'text' && part === undefined && value !== action.idempotencyKey ? [value] : [],
  )
}

function describeTarget({ target }: Action, scope: Scope): string {
  return describeValue(target.value, scope, target.kind === 'url' ? 'uri' : 'text')
}

function describeNamed({ name, value }: NamedValue, scope: Scope): string {
  return looksSecret(name) ? name : `${name}: ${describeValue(value, scope, 'text')}`
}

export function describeContent(content: ActionContent, scope: Scope): string {
  const type = 'contentType' in content && content.contentType !== undefined ? `, ${content.contentType}` : ''
  switch (content.kind) {
    case 'none':
      return 'no body'
    case 'file':
      return `body: the file itself${type}`
    case 'multipart': {
      const fields = content.fields.map(field => describeNamed(field, scope))
      return `body: multipart form, file in field ${content.field}${type}${fields.length > 0 ? `; ${fields.join(', ')}` : ''}`
    }
    case 'text':
      return `body: text${type}`
    case 'json':
      return 'body: JSON'
    case 'form':
      return `body: form; ${content.fields.map(field => describeNamed(field, scope)).join(', ')}`
  }
}

export function describeRetry({ attempts, minDelayMs, maxDelayMs, on }: Retry): string {
  const statuses = on ? `, after ${on.join(', ')}` : ''
  return `${attempts} attempts, pauses from ${formatDuration(minDelayMs)} to ${formatDuration(maxDelayMs)}${statuses}`
}

function sendSteps({
  type,
  service,
  method,
  target,
  files,
  content,
  successStatus,
  keepResponseBytes,
  retry,
  place,
}: Action): ExplainedStep[] {
  const send = (text: string, key: string, takes: string[] = [], gives: string[] = []): ExplainedStep => ({
    step: 'send',
    text,
    takes,
    gives,
    from: originOf(place, key),
  })
  const many = content.kind === 'file' || content.kind === 'multipart'
  return [
    send(type, 'type'),
    send(
      service === undefined
        ? `${method}, without a credential`
        : `${method}, with the credential of service ${service}`,
      'method',
      [target.kind, 'body'],
      ['request'],
    ),
    ...(many ? [send(files === 'each' ? 'one request a file' : 'all files in one request', 'files')] : []),
    send(`delivered with ${successStatus ? successStatus.join(', ') : 'any 2xx'}`, 'successStatus'),
    send(describeRetry(retry), 'retry'),
    ...(keepResponseBytes === undefined
      ? []
      : [send(`the answer is kept, up to ${formatSize(keepResponseBytes)}`, 'keepResponse')]),
  ]
}
