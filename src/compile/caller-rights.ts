// A caller of the daemon -> what it may use, checked at each request.
import type { Caller } from '../config/model/model.ts'
import { compilePattern } from '../config/templates/pattern.ts'

export interface CallerRights {
  name: string
  service(name: string): boolean
  action(name: string): boolean
  /** As they are listed; `*` for all. */
  actions: readonly string[]
  /** Whether it may give this value to a parameter of a service. */
  parameter(name: string, value: string): boolean
}

export function compileRights({ name, services, actions, parameters }: Caller): CallerRights {
  const values = new Map(parameters.map(parameter => [parameter.name, compileValues(parameter.allowed)]))
  return {
    name,
    service: namesOf(services),
    action: namesOf(actions),
    actions,
    parameter: (parameter, value) => values.get(parameter)?.(value) ?? true,
  }
}

function namesOf(listed: readonly string[]): (name: string) => boolean {
  const names = new Set(listed)
  return name => names.has(name) || names.has('*')
}

function compileValues(allowed: Caller['parameters'][number]['allowed']): (value: string) => boolean {
  if ('values' in allowed) {
    const values = new Set(allowed.values)
    return value => values.has(value)
  }
  const compiled = compilePattern(allowed.pattern)
  if ('fault' in compiled) throw new Error('compiling a pattern that the rules refused')
  return value => compiled.pattern.matches(value)
}
