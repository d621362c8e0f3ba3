// What a template may name: `vars.*` (account, then service, then file-wide), `params.*`, the names of the definitions,
// `uuid`, `now`, and in actions `input.*` and `file.*`.

import { accountValues, templateOf } from '../definitions/value.ts'
import type { Account, Action, Published, Service, Value, Variables } from '../model/model.ts'
import { inputNames, inputProperty } from '../schema/input-schema.ts'
import type { ParameterNames } from './parameter-names.ts'
import { callFunction, type Expression, parseTemplate } from './template.ts'

/** Values of parameters by name. */
export type Params = Readonly<Record<string, string>>

/**
 * The variable's value: text known now (for a `parameter`, what a caller gave), a reference read later, something made for
 * each use, or a parameter whose value is not known yet.
 */
export type Binding =
  | { kind: 'constant'; text: string; parameter?: true }
  | { kind: 'parameter' }
  | { kind: 'value'; value: Value }
  | { kind: 'generated'; name: 'uuid' | 'now' }
  /** `input.*` or `file.*` of one delivery; `optional` when it may be absent. */
  | { kind: 'given'; name: string; optional: boolean }
  /** The bearer that a request gets. */
  | { kind: 'bearer' }
  /** What serves as refresh token now. */
  | { kind: 'refreshToken' }
  /** A member of the token response; `hosts` where it may be one. */
  | { kind: 'published'; name: string; hosts?: readonly string[] }

export interface Scope {
  lookup(name: string): Binding | undefined
  names(): string[]
  /** Set in the scope of one set of values. */
  values?: ParameterValues
}

/** What a scope is made for. */
export interface ParameterValues {
  params: Params
  /** Key of the plan of an account with these values. */
  accountKey(name: string): string
}

/** Scopes of the definitions of one configuration. */
export interface Scopes {
  of(owner: Account | Service, values?: ParameterValues): Scope
  /** `part`: of an action's own name for a file, which cannot hold itself. */
  ofAction(action: Action, part?: 'outputFileName'): Scope
}

export interface ScopeDefinitions {
  vars: Variables
  accounts: Pick<ReadonlyMap<string, Account>, 'get'>
  services: Pick<ReadonlyMap<string, Service>, 'get'>
  parameters: Pick<ParameterNames, 'of'>
}

export function definitionScopes({ vars, accounts, services, parameters: declared }: ScopeDefinitions): Scopes {
  const around = (owner: Account | Service | Action): Surroundings => {
    if ('target' in owner) {
      const service = owner.service === undefined ? undefined : services.get(owner.service)
      return { vars, parameters: [], service, account: service && accounts.get(service.account) }
    }
    const parameters = declared.of(owner)
    if ('serverUrl' in owner) return { vars, parameters, service: owner, account: accounts.get(owner.account) }
    // An account in place belongs to one service, whose variables it sees.
    return {
      vars,
      parameters,
      account: owner,
      service: owner.key === owner.name ? undefined : services.get(owner.name),
    }
  }
  return {
    of: (owner, values) => ownScope(owner, around(owner), values),
    ofAction: (action, part) => withGiven(templateScope({ ...around(action), action }), action, part),
  }
}

/** What a scope is made of besides its own definition. */
interface Surroundings {
  vars: Variables
  parameters: readonly string[]
  account: Account | undefined
  service: Service | undefined
}

function ownScope(owner: Account | Service, around: Surroundings, values: ParameterValues | undefined): Scope {
  const scope = templateScope({ ...around, values })
  return 'serverUrl' in owner && around.account ? withPublished(scope, publishedBy(around.account)) : scope
}

const FILE_NAMES = ['file.name', 'file.size', 'file.type', 'file.sha256', 'file.outputName']

/** Of several files in one request none is meant by `file.*`, but each by the name that it gets. */
function withGiven(scope: Scope, { input, files }: Action, part: 'outputFileName' | undefined): Scope {
  const ofFile = part ? FILE_NAMES.slice(0, -1) : files === 'each' ? FILE_NAMES : []
  return {
    lookup(name) {
      if (ofFile.includes(name)) return { kind: 'given', name, optional: false }
      if (!name.startsWith('input.')) return scope.lookup(name)
      const property = inputProperty(input, name.split('.').slice(1))
      return property && { kind: 'given', name, optional: property === 'optional' }
    },
    // Without a schema any input is taken.
    names: () => [...(input === undefined ? ['input.*'] : inputNames(input)), ...ofFile, ...scope.names()],
  }
}

interface ScopeParts extends Surroundings {
  action?: Action
  values?: ParameterValues | undefined
}

function templateScope({ vars, action, account, service, parameters, values }: ScopeParts): Scope {
  const names: Record<string, string> = {
    ...(account && { 'account.name': account.name }),
    ...(service && { 'service.name': service.name }),
  }
  const layers = [action?.vars, account?.vars, service?.vars, vars].filter(layer => layer !== undefined)
  const parameterOf = (name: string): Binding | undefined => {
    const params = values?.params ?? {}
    if (Object.hasOwn(params, name)) return { kind: 'constant', text: params[name]!, parameter: true }
    return parameters.includes(name) ? { kind: 'parameter' } : undefined
  }
  return {
    ...(values && { values }),
    lookup(name) {
      if (name === 'uuid' || name === 'now') return { kind: 'generated', name }
      if (Object.hasOwn(names, name)) return { kind: 'constant', text: names[name]! }
      if (name.startsWith('params.')) return parameterOf(name.slice('params.'.length))
      if (!name.startsWith('vars.')) return undefined
      const key = name.slice('vars.'.length)
      const value = layers.find(layer => Object.hasOwn(layer, key))?.[key]
      return value && bindingOf(value)
    },
    names: () => [
      ...layers.flatMap(layer => Object.keys(layer).map(key => `vars.${key}`)),
      ...parameters.map(name => `params.${name}`),
      ...Object.keys(names),
      'uuid',
      'now',
    ],
  }
}

/** The scope of what is injected: it knows the bearer too. */
export function injectScope(scope: Scope, owner: Account | Service): Scope {
  const whole = 'authorization' in owner ? withPublished(scope, publishedBy(owner)) : scope
  return {
    ...whole,
    lookup: name => (name === 'bearer' ? { kind: 'bearer' } : whole.lookup(name)),
    names: () => [...whole.names(), 'bearer'],
  }
}

/** The scope of what a refresh request sends: it knows the tokens that are there. */
export function refreshScope(scope: Scope): Scope {
  return {
    ...scope,
    lookup: name => (name === 'bearer' || name === 'refreshToken' ? { kind: name } : scope.lookup(name)),
    names: () => [...scope.names(), 'refreshToken', 'bearer'],
  }
}

function publishedBy({ authorization }: Account): readonly Published[] {
  return authorization.kind === 'oauth2' ? (authorization.oauth2.tokenResponse?.publish ?? []) : []
}

function withPublished(scope: Scope, publish: readonly Published[] = []): Scope {
  if (publish.length === 0) return scope
  const published = new Map(publish.map(({ name, hosts }) => [`token.${name}`, { name, ...(hosts && { hosts }) }]))
  return {
    ...scope,
    lookup(name) {
      const entry = published.get(name)
      return entry ? { kind: 'published', ...entry } : scope.lookup(name)
    },
    names: () => [...published.keys(), ...scope.names()],
  }
}

function bindingOf(value: Value): Binding {
  if (value.kind === 'secret') return { kind: 'value', value }
  const parsed = parseTemplate(value.text)
  const constant = parsed.ok && parsed.variables.length === 0
  return constant ? { kind: 'constant', text: value.text } : { kind: 'value', value }
}

/** The constant text of an expression in a scope, or undefined when some part of it is known only at run time. */
export function constantsOf(scope: Scope): (expression: Expression) => string | undefined {
  const constantOf = (expression: Expression): string | undefined => {
    if (expression.kind === 'literal') return expression.text
    if (expression.kind === 'variable') {
      const binding = scope.lookup(expression.name)
      return binding?.kind === 'constant' ? binding.text : undefined
    }
    const texts = expression.arguments.map(constantOf)
    const known = texts.every(text => text !== undefined)
    return known ? callFunction(expression.function, ...texts) : undefined
  }
  return constantOf
}

/** Whether a caller's value is part of an expression. */
export function parametersOf(scope: Scope): (expression: Expression) => boolean {
  const isParameter = (expression: Expression): boolean => {
    if (expression.kind === 'literal') return false
    if (expression.kind === 'call') return expression.arguments.some(isParameter)
    const binding = scope.lookup(expression.name)
    if (binding?.kind === 'constant') return binding.parameter === true
    return binding?.kind === 'parameter' || binding?.kind === 'given'
  }
  return isParameter
}

/** Whether some text of an account holds a parameter; those that feed it have their own. */
export function usesParameters(account: Account, scope: Scope): boolean {
  const inValue = (value: Value): boolean => {
    const parsed = parseTemplate(templateOf(value)?.text ?? '')
    return parsed.ok && parsed.variables.some(({ name }) => inBinding(scope.lookup(name)))
  }
  const inBinding = (binding: Binding | undefined): boolean =>
    binding?.kind === 'parameter' || (binding?.kind === 'value' && inValue(binding.value))
  return accountValues(account).some(({ value }) => inValue(value))
}

/** Whether a secret is read for a value: it is a reference, or a text with a variable that is one. */
export function holdsSecret(value: Value, scope: Scope): boolean {
  if (value.kind === 'secret') return true
  const parsed = parseTemplate(value.text)
  const bindings = parsed.ok ? parsed.variables.map(({ name }) => scope.lookup(name)) : []
  return bindings.some(binding => binding?.kind === 'value' && binding.value.kind === 'secret')
}
