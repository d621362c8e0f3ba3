// The target of an action: a path that stays below its service's URL, or a whole URL whose host no value can change.
import { AppError, type AppErrorDetails } from '../../base/error.ts'
import type { Action } from '../../config/model/model.ts'
import { analyzePath, leavesBase, type PathPart } from '../../config/templates/path-template.ts'
import { constantsOf, type Scope } from '../../config/templates/scope.ts'
import { type Expression, parseTemplate } from '../../config/templates/template.ts'
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
  /** Throws AppError `invalid_input` for values that may not stand there, whatever its secrets are. */
  check(values: Values): void
}

export function compileTarget(action: Action, scope: Scope): TargetPlan {
  const { kind, value } = action.target
  if (kind === 'path') return compilePath(action, scope)
  const url = compileUri(value, scope, { allowHttp: false, label: `\`url\` of action \`${action.name}\`` })
  const guarded = hasHostFromValue(value, scope)
  return {
    ...url,
    expand: values => ({ kind, url: url.expand(values), guarded }),
    check(values) {
      if (url.references.length === 0) asInput(() => url.expand(values))
    },
  }
}

function asInput(expand: () => unknown): void {
  try {
    expand()
  } catch (error) {
    throw error instanceof AppError ? new AppError('invalid_input', error.message) : error
  }
}

/** Stands for a value that is not known. */
const SOME = 'x'

function compilePath({ name, target }: Action, scope: Scope): TargetPlan {
  const parsed = target.value.kind === 'template' ? parseTemplate(target.value.text) : undefined
  const analyzed = parsed?.ok ? analyzePath(parsed.parts, constantsOf(scope)) : undefined
  if (!analyzed?.ok) throw new Error('compiling a path that the rules refused')
  const { parts } = analyzed
  const pieces = parts.map(part => compilePart(part, scope))
  const join = (texts: readonly string[]): string => {
    const path = texts.join('')
    if (leavesBase(path)) throw leaving(name, parts, texts)
    return path
  }
  return {
    references: pieces.flatMap(({ references }) => references),
    identity: pieces.map(({ identity }) => identity).join('+'),
    expand: values => ({ kind: 'path', path: join(pieces.map(({ encode }) => encode(values))) }),
    check(values) {
      join(pieces.map(({ encode, references }) => (references.length > 0 ? SOME : encode(values))))
    },
  }
}

/** Names the value without which the path would stay, if there is one. */
function leaving(action: string, parts: readonly PathPart[], texts: readonly string[]): AppError {
  const isCause = ({ kind }: PathPart, index: number) =>
    kind === 'expression' && !leavesBase(texts.with(index, SOME).join(''))
  const part = parts.find(isCause)
  const message = `the path of action \`${action}\` would leave its service`
  if (part?.kind !== 'expression') return new AppError('invalid_input', `with these values ${message}`)
  const detail = 'makes a `.` or `..` of a part of the path'
  const said = `${message}: \`${describeExpression(part.expression)}\` ${detail}; give another value`
  return new AppError('invalid_input', said, pointersOf(part.expression, detail))
}

function pointersOf(expression: Expression, detail: string): AppErrorDetails {
  if (expression.kind !== 'variable' || !expression.name.startsWith('input.')) return {}
  return { errors: [{ pointer: expression.name.slice('input'.length).replaceAll('.', '/'), detail }] }
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
      if (value !== '' || part.position === 'query') return encodeURIComponent(value.toWellFormed())
      // An empty segment is another path.
      const detail = 'is empty, and a path needs it'
      throw new AppError('invalid_input', `\`${name}\` ${detail}`, pointersOf(part.expression, detail))
    },
  }
}
