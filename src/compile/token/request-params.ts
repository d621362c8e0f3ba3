// The extra parameters and headers of a token request, compiled: values in, what is sent out.

import { AppError } from '../../base/error.ts'
import type { NamedParam, Param, TokenRequestSettings, Value } from '../../config/model/model.ts'
import type { Scope } from '../../config/templates/scope.ts'
import { isHeaderValue } from '../header-value.ts'
import { compileText, type TextPlan, type Values } from '../text.ts'
import type { Parameter, ParameterValue } from './request-body.ts'

export interface ParamsPlan {
  texts: TextPlan[]
  /** Names and everything constant. */
  words: readonly unknown[]
  render(values: Values): Parameter[]
}

export function compileParams(params: readonly NamedParam[], scope: Scope): ParamsPlan {
  const compiled = params.map(({ name, param }) => ({ name, ...compileParam(param, scope) }))
  return {
    texts: compiled.flatMap(({ texts }) => texts),
    words: compiled.map(({ name, word }) => [name, word]),
    render: values => compiled.map(({ name, render }): Parameter => [name, render(values)]),
  }
}

interface CompiledParam {
  texts: TextPlan[]
  /** Its shape, without texts. */
  word: unknown
  render(values: Values): ParameterValue
}

function compileParam(param: Param, scope: Scope): CompiledParam {
  switch (param.kind) {
    case 'constant':
      return { texts: [], word: [param.constant], render: () => param.constant }
    case 'value': {
      const text = compileText(param.value, scope)
      return { texts: [text], word: 'text', render: text.render }
    }
    case 'list': {
      const items = param.items.map(item => compileParam(item, scope))
      return {
        texts: items.flatMap(({ texts }) => texts),
        word: ['list', ...items.map(({ word }) => word)],
        render: values => items.map(({ render }) => render(values)),
      }
    }
    case 'mapping': {
      const { texts, words, render } = compileParams(param.entries, scope)
      return { texts, word: ['mapping', ...words], render: values => Object.fromEntries(render(values)) }
    }
  }
}

/** One text alone, several as a list (RFC 8707 section 2, RFC 8693 section 2.1). */
export function compileSeveral(name: string, values: readonly Value[], scope: Scope): ParamsPlan {
  const texts = values.map(value => compileText(value, scope))
  return {
    texts,
    words: [name, texts.length],
    render(given) {
      const rendered = texts.map(text => text.render(given))
      if (rendered.length === 0) return []
      return [[name, rendered.length === 1 ? rendered[0]! : rendered]]
    },
  }
}

export interface HeadersPlan {
  texts: TextPlan[]
  words: readonly unknown[]
  render(values: Values): [name: string, value: string][]
}

export function compileHeaders(account: string, headers: TokenRequestSettings['headers'], scope: Scope): HeadersPlan {
  const compiled = headers.map(({ name, value }) => ({ name, text: compileText(value, scope) }))
  return {
    texts: compiled.map(({ text }) => text),
    words: compiled.map(({ name }) => name.toLowerCase()),
    render: values => compiled.map(({ name, text }) => [name, headerValue(account, name, text.render(values))]),
  }
}

/** RFC 9110 section 5.5: no control characters, which would start another header; nothing that one byte cannot hold. */
function headerValue(account: string, name: string, text: string): string {
  if (isHeaderValue(text)) return text
  const message = `the value of header \`${name}\` of account \`${account}\` holds characters that no header may hold`
  throw new AppError('secret_unavailable', message, { account })
}

/** The last one of a name counts, whatever the case of its letters. */
export function mergeHeaders(headers: readonly (readonly [string, string])[]): [string, string][] {
  const merged = new Map<string, [string, string]>()
  for (const [name, value] of headers) merged.set(name.toLowerCase(), [name, value])
  return [...merged.values()]
}
