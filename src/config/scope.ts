// What a template may name: `vars.*` (account, then service, then file-wide), the names of the definitions, `uuid`, `now`.
import type { Account, Service, Value, Variables } from './model.ts'
import { callFunction, type Expression, parseTemplate } from './template.ts'

/** The variable's value: text known now, a reference read later, or something made for each use. */
export type Binding =
  | { kind: 'constant'; text: string }
  | { kind: 'value'; value: Value }
  | { kind: 'generated'; name: 'uuid' | 'now' }

export interface Scope {
  lookup(name: string): Binding | undefined
  names(): string[]
}

/** Scopes of the definitions of one configuration. */
export interface Scopes {
  of(owner: Account | Service): Scope
}

export function definitionScopes(draft: {
  vars: Variables
  accounts: Iterable<Account>
  services: Iterable<Service>
}): Scopes {
  const { vars } = draft
  const accounts = new Map([...draft.accounts].map(account => [account.key, account]))
  const services = new Map([...draft.services].map(service => [service.name, service]))
  return {
    of(owner) {
      if ('authorization' in owner) {
        // An account in place belongs to one service, whose variables it sees.
        const service = owner.key === owner.name ? undefined : services.get(owner.name)
        return templateScope({ vars, account: owner, ...(service && { service }) })
      }
      const account = accounts.get(owner.account)
      return templateScope({ vars, service: owner, ...(account && { account }) })
    },
  }
}

interface ScopeParts {
  vars: Variables
  account?: Pick<Account, 'name' | 'vars'>
  service?: Pick<Service, 'name' | 'vars'>
}

function templateScope(parts: ScopeParts): Scope {
  const { vars, account, service } = parts
  const names: Record<string, string> = {
    ...(account && { 'account.name': account.name }),
    ...(service && { 'service.name': service.name }),
  }
  const layers = [account?.vars, service?.vars, vars].filter(layer => layer !== undefined)
  return {
    lookup(name) {
      if (name === 'uuid' || name === 'now') return { kind: 'generated', name }
      if (Object.hasOwn(names, name)) return { kind: 'constant', text: names[name]! }
      if (!name.startsWith('vars.')) return undefined
      const key = name.slice('vars.'.length)
      const value = layers.find(layer => Object.hasOwn(layer, key))?.[key]
      return value && bindingOf(value)
    },
    names: () => [
      ...layers.flatMap(layer => Object.keys(layer).map(key => `vars.${key}`)),
      ...Object.keys(names),
      'uuid',
      'now',
    ],
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
    const argument = constantOf(expression.arguments[0]!)
    return argument === undefined ? undefined : callFunction(expression.function, argument)
  }
  return constantOf
}
