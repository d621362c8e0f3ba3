// Step 2: the texts and URIs of an account or a service, compiled in its scope.
import type { NamedValue, Value } from '../../config/model/model.ts'
import type { Scope } from '../../config/templates/scope.ts'
import { compileText, type TextPlan } from '../text.ts'

export interface NamedText {
  name: string
  text: TextPlan
}

export function compileNamed(values: readonly NamedValue[], scope: Scope): NamedText[] {
  return values.map(({ name, value }) => ({ name, text: compileText(value, scope) }))
}

export function compileOptional(value: Value | undefined, scope: Scope): TextPlan | undefined {
  return value && compileText(value, scope)
}
