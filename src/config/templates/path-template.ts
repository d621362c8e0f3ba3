// A template of path and query below a URL: where each expression stands, so that no value can leave the URL's own path.

import { hidesDots } from './dot-segments.ts'
import type { Expression, TemplatePart } from './template.ts'
import type { ConstantOf } from './uri-template.ts'

export type PathPart =
  | { kind: 'text'; text: string }
  | { kind: 'expression'; expression: Expression; position: 'path' | 'query' }

export interface PathFault {
  code: 'uri/invalid'
  message: string
  hint: string
  within?: { start: number; end: number }
}

/** Constants are filled in, percent-encoded; what is left is known only when the path is used. */
export function analyzePath(
  template: readonly TemplatePart[],
  constantOf: ConstantOf,
): { ok: true; parts: PathPart[] } | { ok: false; fault: PathFault } {
  const parts: PathPart[] = []
  let text = ''
  for (const part of template) {
    const position = text.includes('?') ? 'query' : 'path'
    const constant = part.kind === 'text' ? part.text : encoded(constantOf(part.expression))
    if (constant !== undefined) parts.push({ kind: 'text', text: constant })
    else if (part.kind === 'expression') parts.push({ kind: 'expression', expression: part.expression, position })
    text += constant ?? 'x'
  }
  const fault = faultOf(text)
  return fault ? { ok: false, fault: { code: 'uri/invalid', ...fault } } : { ok: true, parts }
}

function encoded(value: string | undefined): string | undefined {
  return value === undefined ? undefined : encodeURIComponent(value)
}

function faultOf(text: string): { message: string; hint: string } | undefined {
  if (/[\s\\\x00-\x1f\x7f]/.test(text))
    return { message: 'blanks and backslashes cannot stand in a path', hint: 'write %20 and /' }
  if (text.includes('#'))
    return { message: 'a fragment (`#`) does not belong in a path', hint: 'write %23, or remove it' }
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) return { message: 'a `%` that encodes nothing', hint: 'write %25' }
  if (leavesBase(text))
    return { message: 'this path could leave the URL of its service', hint: 'remove `.` and `..` from it' }
  return undefined
}

/**
 * Whether some server could read a path as one outside of its start: a dot segment in any spelling, also beside an encoded
 * slash, a backslash or a semicolon.
 */
export function leavesBase(pathAndQuery: string): boolean {
  const [path = ''] = pathAndQuery.split('?', 1)
  return path.split(/[/\\]/).some(hidesDots)
}
