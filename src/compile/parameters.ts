// The parameters of a service -> which values a caller may give, and the plans for them. Each set of values has plans of its
// own, in which the values are constants: no value of one request can get into another one.
import { AppError } from '../base/error.ts'
import type { Service } from '../config/model/model.ts'
import { compilePattern, type Pattern } from '../config/templates/pattern.ts'
import type { Params } from '../config/templates/scope.ts'
import { suggest } from '../diagnostics/suggest.ts'
import type { ParametersPlan } from './plan.ts'

export function compileParameters({ name: service, parameters, parameterLimit }: Service): ParametersPlan {
  const patterns = new Map(parameters.map(({ name, pattern }) => [name, readPattern(pattern)]))
  return {
    names: parameters.map(({ name }) => name),
    limit: parameterLimit,
    fill(given) {
      const unknown = Object.keys(given).find(name => !patterns.has(name))
      if (unknown !== undefined) throw unknownParameter(service, unknown, patterns.keys())
      return Object.fromEntries(
        parameters.map(({ name, default: value }) => [name, valueIn(given, name) ?? needed(value, name)]),
      )
    },
    check(values) {
      for (const { name, pattern } of parameters) {
        const value = values[name]!
        if (!patterns.get(name)!.matches(value) || !value.isWellFormed() || /[\x00-\x1f\x7f]/.test(value))
          throw invalid(service, `parameter \`${name}\` of service \`${service}\` must match ${pattern}`)
      }
    },
  }

  function needed(value: string | undefined, name: string): string {
    if (value !== undefined) return value
    const ways = `header x-bearerd-param-${name}, query parameter param.${name} or --param ${name}=VALUE`
    throw invalid(
      service,
      `service \`${service}\` needs the parameter \`${name}\` (${ways}); pattern ${patternOf(name)}`,
    )
  }

  function patternOf(name: string): string {
    return parameters.find(parameter => parameter.name === name)!.pattern
  }
}

function invalid(service: string, message: string): AppError {
  return new AppError('invalid_parameter', message, { service })
}

/** `constructor` is a name too. */
function valueIn(given: Params, name: string): string | undefined {
  return Object.hasOwn(given, name) ? given[name] : undefined
}

function readPattern(source: string): Pattern {
  const compiled = compilePattern(source)
  if ('fault' in compiled) throw new Error('compiling a pattern that the rules refused')
  return compiled.pattern
}

/** A name from a caller is told only where it can be one. */
export function unknownParameter(service: string, name: string, known: Iterable<string>): AppError {
  const told = /^[a-z][a-z0-9-]{0,62}$/.test(name) ? ` \`${name}\`` : ' of that name'
  const meant = suggest(name, known)
  const hint = meant ? `; did you mean \`${meant}\`?` : ''
  return new AppError('invalid_parameter', `service \`${service}\` has no parameter${told}${hint}`, { service })
}
