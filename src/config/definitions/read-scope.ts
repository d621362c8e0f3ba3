// The written `scope` of an account -> its scopes (RFC 6749 section 3.3), each of which may hold expressions.
import type { OAuth2, Place, Value } from '../model/model.ts'
import { at, readText } from './value.ts'

/** An expression is one piece, whatever blanks are in its braces. */
const ITEM = /(?:\{\{[^{}]*\}\}|[^\s,])+/g

const NONE: Value[] = []

/** A text is split at commas and blanks, order and case kept; a list is taken literally. */
export function readScope(raw: string | string[], place: Place): Pick<OAuth2, 'scope' | 'scopeTemplates'> {
  if (!Array.isArray(raw))
    return { scope: raw.match(ITEM) ?? [], scopeTemplates: hasExpression(raw) ? [readText(raw, place)] : NONE }
  if (!raw.some(hasExpression)) return { scope: raw, scopeTemplates: NONE }
  const templates = raw.flatMap((text, index) => (hasExpression(text) ? [readText(text, at(place, index))] : []))
  return { scope: raw, scopeTemplates: templates }
}

function hasExpression(text: string): boolean {
  return text.includes('{{')
}

/** Whether a value stays within one scope: characters of a scope token, and nothing that separates it from the next one. */
export function fitsInScope(text: string, separator: string): boolean {
  return /^[\x21\x23-\x2b\x2d-\x5b\x5d-\x7e]*$/.test(text) && !text.includes(separator)
}
