// Where each expression of a URI template stands, and what a value may be there, so that no value can change the host.
import { hidesDots } from './dot-segments.ts'
import type { Expression, TemplatePart } from './template.ts'

/** `start`: an absolute URL. `authority`: host labels. `component`: anything, percent-encoded. */
export type UriPosition = 'start' | 'authority' | 'component'

export type UriPart =
  | { kind: 'text'; text: string }
  | { kind: 'expression'; expression: Expression; position: UriPosition }

export interface UriFault {
  code: 'uri/invalid' | 'uri/host-from-value'
  message: string
  hint?: string
  within?: { start: number; end: number }
}

export interface UriTemplate {
  parts: UriPart[]
  /** The URL with every constant filled in and a placeholder for what is read later. */
  url: URL
  /** False when scheme and host are known only at run time. */
  hostKnown: boolean
  /** Whether a caller, a secret or a token response has a part in the host. */
  hostFromValue: boolean
}

/** The constant text of an expression, or undefined when it is known only at run time. */
export type ConstantOf = (expression: Expression) => string | undefined

/** Whether a caller's value is part of an expression. */
export type IsParameter = (expression: Expression) => boolean

/** What a value in the authority is made of. */
export const HOST_CHARACTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.'
/** Texts that a value in the authority may be: labels of a host, or a port. */
export const HOST_LABELS = /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/

const PLACEHOLDER = 'x'
const PLACEHOLDER_PORT = '1'
const PLACEHOLDER_START = 'https://placeholder.invalid'

export function analyzeUri(
  template: readonly TemplatePart[],
  constantOf: ConstantOf,
  isParameter: IsParameter = () => false,
): { ok: true; value: UriTemplate } | { ok: false; fault: UriFault } {
  const parts: UriPart[] = []
  const filledIn: FilledPart[] = []
  let text = ''
  let hostKnown = true
  let hostFromValue = false
  /** The last parameter in the authority, and what follows it there. */
  let parameter: { part: TemplatePart & { kind: 'expression' }; suffix: string } | undefined
  for (const part of template) {
    if (part.kind === 'text') {
      parts.push(part)
      filledIn.push({ text: part.text })
      text += part.text
      if (parameter) parameter.suffix += part.text
      continue
    }
    const position = positionAfter(text)
    if (!position) return { ok: false, fault: { ...NO_SCHEME, within: part } }
    const constant = constantOf(part.expression)
    if (constant === undefined && position !== 'component') hostKnown = false
    const callers = position !== 'component' && isParameter(part.expression)
    hostFromValue ||= callers || !hostKnown
    const filled = constant === undefined ? placeholderAt(position, text) : encodeAt(position, constant)
    if (filled === undefined) return { ok: false, fault: { ...hostFault(position), within: part } }
    parts.push(
      constant === undefined
        ? { kind: 'expression', expression: part.expression, position }
        : { kind: 'text', text: filled },
    )
    text += filled
    filledIn.push({ text: filled, position })
    if (parameter) parameter.suffix += constant === undefined ? UNKNOWN : filled
    if (callers) parameter = { part, suffix: '' }
  }
  if (parameter && !LITERAL_SUFFIX.test(parameter.suffix.split(/[/?#]/, 1)[0]!))
    return { ok: false, fault: { ...CALLERS_HOST, within: parameter.part } }
  if (movesPath(filledIn)) return { ok: false, fault: MOVED_PATH }
  const url = parseUrl(text)
  return 'code' in url ? { ok: false, fault: url } : { ok: true, value: { parts, url, hostKnown, hostFromValue } }
}

const NO_SCHEME: UriFault = {
  code: 'uri/invalid',
  message: 'a URI starts with https:// or with an expression that is a whole URL',
  hint: 'an expression cannot be a part of the scheme',
}

/** Stands for text that is known only at run time: no part of a host that is written out. */
const UNKNOWN = '\0'

/** Two labels or more that no value can change, the last one no number, which would make the host an IPv4 address. */
const LITERAL_SUFFIX = /^[A-Za-z0-9-]*(?:\.[A-Za-z0-9-]+)+\.[A-Za-z][A-Za-z0-9-]*(?::\d+)?$/

const CALLERS_HOST: UriFault = {
  code: 'uri/host-from-value',
  message: 'a caller could choose the host that the credential goes to',
  hint: 'after a parameter in the host write two labels or more, such as `{{params.tenant}}.shop.example`',
}

const MOVED_PATH: UriFault = {
  code: 'uri/invalid',
  message: 'a value that is `.` or `..` would move the path',
}

/** A piece of a URI with its value filled in; `position` for an expression. */
export interface FilledPart {
  text: string
  position?: UriPosition
}

/** Whether a value makes a segment of the path `.` or `..`, in any spelling that a URL parser or some server would resolve. */
export function movesPath(parts: readonly FilledPart[]): boolean {
  if (!parts.some(({ position }) => position === 'component')) return false
  const segmentsWith = (textOf: (part: FilledPart) => string): string[] =>
    parts
      .map(part => (part.position === 'start' ? PLACEHOLDER_START : textOf(part)))
      .join('')
      .split(/[?#]/, 1)[0]!
      .split('/')
  const written = segmentsWith(({ text, position }) => (position === 'component' ? PLACEHOLDER : text))
  return segmentsWith(({ text }) => text).some((segment, index) => segment !== written[index] && hidesDots(segment))
}

/** Undefined where no expression may stand: inside the scheme. */
function positionAfter(text: string): UriPosition | undefined {
  if (text === '') return 'start'
  const scheme = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//.exec(text)
  if (!scheme) return undefined
  return /[/?#]/.test(text.slice(scheme[0].length)) ? 'component' : 'authority'
}

function placeholderAt(position: UriPosition, before: string): string {
  if (position === 'start') return PLACEHOLDER_START
  return position === 'authority' && /:\d*$/.test(before) ? PLACEHOLDER_PORT : PLACEHOLDER
}

/** The value as it stands in the URI, or undefined when it may not stand there: no value can change the host. */
export function encodeAt(position: UriPosition, value: string): string | undefined {
  if (position === 'component') return value.isWellFormed() ? encodeURIComponent(value) : undefined
  if (position === 'authority') return HOST_LABELS.test(value) && !value.includes('..') ? value : undefined
  const url = URL.canParse(value) ? new URL(value) : undefined
  const usable =
    url && isHttp(url) && !url.username && !url.password && !url.search && !url.hash && !/[\s\\]/.test(value)
  return usable ? value : undefined
}

function hostFault(position: UriPosition): UriFault {
  const needed = position === 'start' ? 'an absolute http(s) URL' : 'host labels such as `eu` or `api.crm`'
  return {
    code: 'uri/host-from-value',
    message: `the value of this expression must be ${needed} here`,
    hint: 'a value must not be able to change the host',
  }
}

function isHttp(url: URL): boolean {
  return url.protocol === 'https:' || url.protocol === 'http:'
}

function parseUrl(text: string): URL | UriFault {
  const invalid = (message: string, hint: string): UriFault => ({ code: 'uri/invalid', message, hint })
  if (!/^https?:\/\//i.test(text)) return invalid('not an absolute http(s) URL', 'start it with https://')
  if (/[\s\\]/.test(text)) return invalid('blanks and backslashes cannot stand in a URI', 'write %20 and /')
  // `https:///x` would be read as the host x.
  if (!/^https?:\/\/[^/?#]/i.test(text) || !URL.canParse(text))
    return invalid('not a valid URL', 'for example https://api.example/v3')
  const url = new URL(text)
  if (url.username || url.password)
    return invalid('user information does not belong in a URI', 'an account holds the credentials')
  if (url.hash || text.includes('#')) return invalid('a fragment (`#`) does not belong in this URI', 'remove it')
  return url
}

/** Loopback by name or address: the only hosts where plain http is safe. */
export function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase()
  return host === 'localhost' || host.endsWith('.localhost') || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host)
}
