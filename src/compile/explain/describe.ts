// Values in words for people: constants filled in, secrets as references. What is or may be a secret is never shown.
import { isAbsolute, relative } from 'node:path'
import type { InjectRule, OAuth2, Place, Value } from '../../config/model/model.ts'
import { constantsOf, type Scope } from '../../config/templates/scope.ts'
import { type Expression, parseTemplate, type TemplatePart } from '../../config/templates/template.ts'
import { analyzeUri } from '../../config/templates/uri-template.ts'
import { describeExpression, describeReference } from '../text.ts'

export type SecretValue = Extract<Value, { kind: 'secret' }>

/** A variable that a text uses. No variable is made of other ones. */
export interface Leaf {
  name: string
  /** When its value is a reference. */
  secret?: SecretValue
}

/** Names whose values are better not shown, wherever they are written. */
const SECRET_NAME = /sec|pas|pw|cred|assertion|token|key|auth|cookie|session|signature/i

export function looksSecret(name: string): boolean {
  return SECRET_NAME.test(name)
}

/** Where a secret comes from; file paths relative to the working directory where that is shorter. */
export function describeSecret({ reference, place }: SecretValue): string {
  return reference.kind === 'file' ? `file ${shortPath(reference.path, place)}` : describeReference(reference)
}

/** The source has two names, of which the shorter one starts at the working directory. */
function shortPath(path: string, { document }: Place): string {
  const { path: whole, file } = document.source
  if (!isAbsolute(path) || !whole.endsWith(`/${file}`)) return path
  const short = relative(whole.slice(0, -file.length - 1) || '/', path)
  return short.length < path.length ? short : path
}

/** The variables of a text, each once; none for a reference. */
export function leavesOf(value: Value, scope: Scope): Leaf[] {
  const parsed = value.kind === 'secret' ? undefined : parseTemplate(value.text)
  const names = new Set(parsed?.ok ? parsed.variables.map(({ name }) => name) : [])
  return [...names].map(name => {
    const binding = scope.lookup(name)
    const secret = binding?.kind === 'value' && binding.value.kind === 'secret' ? binding.value : undefined
    return { name, ...(secret && { secret }) }
  })
}

/** `text` is shown, `uri` too but for credentials in its query, `secret` only by the names in it. */
export type Use = 'text' | 'uri' | 'secret'

export function describeValue(value: Value, scope: Scope, use: Use): string {
  if (value.kind === 'secret') return describeSecret(value)
  if (use === 'secret') return describeHidden(value, scope)
  return use === 'uri' ? describeUri(value.text, scope) : describeText(value.text, scope)
}

/** With a blank between two; empty for none. */
export function describeScopes({ scope: written }: OAuth2, scope: Scope): string {
  return written.map(text => describeText(text, scope)).join(' ')
}

/** The credential in a request, without it. */
export function describeInject({ in: where, name, prefix, value }: InjectRule, scope: Scope): string {
  const made =
    value.kind === 'template' && value.text === '{{bearer}}' ? '' : ` (${describeValue(value, scope, 'secret')})`
  return `${where === 'header' ? 'header' : 'query parameter'} ${name}: ${prefix}[secret]${made}`
}

function describeHidden(value: Value, scope: Scope): string {
  const names = leavesOf(value, scope).map(({ name }) => name)
  return names.length > 0 ? `template of ${names.join(', ')}` : 'literal in the file'
}

function describeText(text: string, scope: Scope): string {
  const constantOf = shownConstants(scope)
  return partsOf(text)
    .map(part =>
      part.kind === 'text' ? part.text : (constantOf(part.expression) ?? `{{${describeExpression(part.expression)}}}`),
    )
    .join('')
}

/** As the compiler fills it in, encoded for its place. */
function describeUri(text: string, scope: Scope): string {
  const analyzed = analyzeUri(partsOf(text), shownConstants(scope))
  if (!analyzed.ok) return text
  const shown = analyzed.value.parts.map(part =>
    part.kind === 'text' ? part.text : `{{${describeExpression(part.expression)}}}`,
  )
  return coverQuery(shown.join(''))
}

function partsOf(text: string): readonly TemplatePart[] {
  const parsed = parseTemplate(text)
  return parsed.ok ? parsed.parts : [{ kind: 'text', text }]
}

function shownConstants(scope: Scope): (expression: Expression) => string | undefined {
  const constantOf = constantsOf(scope)
  return expression => (looksSecret(describeExpression(expression)) ? undefined : constantOf(expression))
}

function coverQuery(url: string): string {
  return url.replace(/([?&])([^=&#]*)=([^&#]*)/g, (all, start: string, name: string, value: string) =>
    looksSecret(name) && !/^\{\{[^{}]*\}\}$/.test(value) ? `${start}${name}=[secret]` : all,
  )
}
