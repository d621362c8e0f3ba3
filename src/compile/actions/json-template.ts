// A JSON value with templates -> a function of values.
import type { JsonTemplate, Value } from '../../config/model/model.ts'
import type { Scope } from '../../config/templates/scope.ts'
import { parseTemplate } from '../../config/templates/template.ts'
import { compileText, type TextPlan, type Values } from '../text.ts'

export interface JsonPlan {
  texts: TextPlan[]
  /** Equal for equal templates. */
  words: unknown
  /** Undefined for an optional input that is absent: a member is left out, an item is null. */
  value(values: Values): unknown
}

export function compileJson(json: JsonTemplate, scope: Scope): JsonPlan {
  switch (json.kind) {
    case 'literal':
      return { texts: [], words: json.value, value: () => json.value }
    case 'text':
      return compileJsonText(json.value, scope)
    case 'list': {
      const items = json.items.map(item => compileJson(item, scope))
      return {
        texts: items.flatMap(({ texts }) => texts),
        words: items.map(({ words }) => words),
        value: values => items.map(item => item.value(values) ?? null),
      }
    }
    case 'object': {
      const members = json.members.map(([name, item]) => [name, compileJson(item, scope)] as const)
      return {
        texts: members.flatMap(([, { texts }]) => texts),
        words: { members: members.map(([name, { words }]) => [name, words]) },
        value: values => Object.fromEntries(members.map(([name, item]) => [name, item.value(values)])),
      }
    }
  }
}

function compileJsonText(value: Value, scope: Scope): JsonPlan {
  const text = compileText(value, scope)
  const words = { text: text.identity }
  const sole = soleGiven(value, scope)
  if (!sole) return { texts: [text], words, value: values => text.render(values) }
  const typed = (values: Values): unknown => {
    const given = values.given?.(sole.name)
    // Rendering says what is missing.
    return given === undefined && !sole.optional ? text.render(values) : given
  }
  return { texts: [text], words, value: typed }
}

/** The input or file variable that a text is, when it is nothing else. */
export function soleGiven(value: Value, scope: Scope): { name: string; optional: boolean } | undefined {
  const parsed = value.kind === 'template' ? parseTemplate(value.text) : undefined
  const [part, ...more] = parsed?.ok ? parsed.parts : []
  if (part?.kind !== 'expression' || part.expression.kind !== 'variable' || more.length > 0) return undefined
  const binding = scope.lookup(part.expression.name)
  return binding?.kind === 'given' ? binding : undefined
}
