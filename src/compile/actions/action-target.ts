// The target of an action: a path that stays below its service's URL, or a whole URL whose host no value can change.
import { AppError } from '../../base/error.ts'
import type { Action } from '../../config/model/model.ts'
import { analyzePath, leavesBase, type PathPart } from '../../config/templates/path-template.ts'
import { constantsOf, type Scope } from '../../config/templates/scope.ts'
import { parseTemplate } from '../../config/templates/template.ts'
import {
  compileExpression,
  compileUri,
  describeExpression,
  hasHostFromValue,
  type TextPlan,
  type Values,
} from '../text.ts'
import type { ActionRequest } from './action-plan.ts'

export interface TargetPlan extends Omit<TextPlan, 'render' | 'dynamic'> {
  expand(values: Values): ActionRequest['target']
}

export function compileTarget(action: Action, scope: Scope): TargetPlan {
  const { kind, value } = action.target
  if (kind === 'path') return compilePath(action, scope)
  const url = compileUri(value, scope, { allowHttp: false, label: `\`url\` of action \`${action.name}\`` })
  const guarded = hasHostFromValue(value, scope)
  return { ...url, expand: values => ({ kind, url: url.expand(values), guarded }) }
}

function compilePath({ name, target }: Action, scope: Scope): TargetPlan {
  const parsed = target.value.kind === 'template' ? parseTemplate(target.value.text) : undefined
  const analyzed = parsed?.ok ? analyzePath(parsed.parts, constantsOf(scope)) : undefined
  if (!analyzed?.ok) throw new Error('compiling a path that the rules refused')
  const pieces = analyzed.parts.map(part => compilePart(part, scope))
  return {
    references: pieces.flatMap(({ references }) => references),
    identity: pieces.map(({ identity }) => identity).join('+'),
    expand(values) {
      const path = pieces.map(({ encode }) => encode(values)).join('')
      if (leavesBase(path))
        throw new AppError('invalid_input', `with these values the path of action \`${name}\` would leave its service`)
      return { kind: 'path', path }
    },
  }
}

function compilePart(part: PathPart, scope: Scope) {
  if (part.kind === 'text') return { references: [], identity: JSON.stringify(part.text), encode: () => part.text }
  const { references, identity, render } = compileExpression(part.expression, scope)
  const name = describeExpression(part.expression)
  return {
    references,
    identity,
    encode(values: Values): string {
      const value = render(values)
      // An empty segment is another path.
      if (value === '' && part.position === 'path')
        throw new AppError('invalid_input', `\`${name}\` is empty, and a path needs it`)
      return encodeURIComponent(value.toWellFormed())
    },
  }
}
