// Template text -> parts. Expressions only: every other node of Handlebars' syntax tree is refused, so nothing but the
// documented variables and functions can ever run. The only file that knows Handlebars.
import { createRequire } from 'node:module'
import { parseDuration } from '../../base/duration.ts'

export type TemplatePart =
  | { kind: 'text'; text: string }
  /** A variable such as `vars.region`, or a function of variables and texts. Offsets count in the template's text. */
  | { kind: 'expression'; expression: Expression; start: number; end: number }

export type Expression =
  | { kind: 'variable'; name: string; start: number; end: number }
  | { kind: 'literal'; text: string }
  | { kind: 'call'; function: TemplateFunction; arguments: Expression[] }

export const TEMPLATE_FUNCTIONS = ['base64', 'json', 'date'] as const
export type TemplateFunction = (typeof TEMPLATE_FUNCTIONS)[number]

export interface TemplateFault {
  code: 'template/syntax' | 'template/unsupported'
  message: string
  start: number
  end: number
  hint?: string
}

export type ParsedTemplate =
  | { ok: true; parts: TemplatePart[]; variables: { name: string; start: number; end: number }[] }
  | { ok: false; fault: TemplateFault }

const cache = new Map<string, ParsedTemplate>()
const MAX_CACHED = 50_000

/** Never throws; the same text gives the same answer. */
export function parseTemplate(text: string): ParsedTemplate {
  let parsed = cache.get(text)
  if (!parsed) {
    parsed = parsePlain(text) ?? parseWithHandlebars(text)
    if (cache.size >= MAX_CACHED) cache.clear()
    cache.set(text, parsed)
  }
  return parsed
}

/** A variable, or a function with its arguments. Not beside a third brace: that is another statement. */
const PLAIN_EXPRESSION =
  /(?<!\{)\{\{\s*(?:(base64|json|date)(?=\s))?((?:\s*(?:[a-z][A-Za-z0-9_-]*(?:\.[A-Za-z][A-Za-z0-9_-]*)*|"[^"\\{}]*"|'[^'\\{}]*')(?=[\s}]))+)\s*\}\}(?!\})/dg

/** Texts with nothing but plain variables and functions of one: nearly all, and fifty times as fast as a full parse. */
function parsePlain(text: string): ParsedTemplate | undefined {
  const parts: TemplatePart[] = []
  let end = 0
  for (const match of text.matchAll(PLAIN_EXPRESSION)) {
    const start = match.index
    if (start > end) parts.push({ kind: 'text', text: text.slice(end, start) })
    end = start + match[0].length
    const expression = plainExpression(match)
    if (!expression) return undefined
    parts.push({ kind: 'expression', expression, start, end })
  }
  if (end < text.length) parts.push({ kind: 'text', text: text.slice(end) })
  const odd = parts.some(part => part.kind === 'text' && /\{\{|\\$/.test(part.text))
  return odd
    ? undefined
    : { ok: true, parts, variables: parts.flatMap(part => (part.kind === 'text' ? [] : variablesOf(part.expression))) }
}

/** Handlebars reads them as values where they are arguments. */
const WORDS = new Set(['true', 'false', 'null', 'undefined'])

/** Undefined for what the full parse explains: too many arguments, or too few. */
function plainExpression(match: RegExpExecArray): Expression | undefined {
  const [, called, words] = match
  const from = match.indices![2]![0]
  const given = [...words!.matchAll(/"[^"]*"|'[^']*'|[^\s"']+/g)].map(({ 0: word, index }): Expression => {
    if (/^["']/.test(word)) return { kind: 'literal', text: word.slice(1, -1) }
    return { kind: 'variable', name: word, start: from + index, end: from + index + word.length }
  })
  if (called === undefined) return given.length === 1 && given[0]!.kind === 'variable' ? given[0] : undefined
  if (given.some(part => part.kind === 'variable' && WORDS.has(part.name))) return undefined
  const call = readFunction(called as TemplateFunction, given)
  return 'code' in call ? undefined : call
}

function variablesOf(expression: Expression): { name: string; start: number; end: number }[] {
  if (expression.kind === 'variable') return [expression]
  return expression.kind === 'call' ? expression.arguments.flatMap(variablesOf) : []
}

interface AstNode {
  type: string
  loc: { start: { line: number; column: number }; end: { line: number; column: number } }
  [key: string]: unknown
}

type HandlebarsParse = (text: string) => { body: AstNode[] }
let handlebarsParse: HandlebarsParse | undefined

/** Loaded at the first template that is more than plain variables. */
function loadParse(): HandlebarsParse {
  handlebarsParse ??= createRequire(import.meta.url)('handlebars').parseWithoutProcessing as HandlebarsParse
  return handlebarsParse
}

/** No template of a person is longer, or calls deeper. */
const MAX_LENGTH = 65_536
const MAX_DEPTH = 8
const TOO_DEEP = `functions within functions, more than ${MAX_DEPTH} of them`

function parseWithHandlebars(text: string): ParsedTemplate {
  if (text.length > MAX_LENGTH) {
    const fault = unsupported(`a template has at most ${MAX_LENGTH} characters`)
    return { ok: false, fault: { ...fault, start: 0, end: text.length } }
  }
  const deep = deepCall(text)
  if (deep) return { ok: false, fault: deep }
  const offsetOf = offsets(text)
  let body: AstNode[]
  try {
    body = loadParse()(text).body
  } catch {
    return { ok: false, fault: syntaxFault(text) }
  }
  const parts: TemplatePart[] = []
  for (const node of body) {
    const [start, end] = [offsetOf(node.loc.start), offsetOf(node.loc.end)]
    if (node.type === 'ContentStatement') {
      parts.push({ kind: 'text', text: String(node.value) })
      continue
    }
    const read = readStatement(node, offsetOf)
    if ('code' in read) return { ok: false, fault: { ...read, start, end } }
    parts.push({ kind: 'expression', expression: read, start, end })
  }
  const variables = parts.flatMap(part => (part.kind === 'text' ? [] : variablesOf(part.expression)))
  return { ok: true, parts, variables }
}

/** Handlebars takes time by the square of how deep calls are: an expression with far more than may be is not given to it. */
function deepCall(text: string): TemplateFault | undefined {
  for (const { 0: expression, index } of text.matchAll(/\{\{[^}]*/g)) {
    if (expression.split('(').length <= 10 * MAX_DEPTH) continue
    return { ...unsupported(TOO_DEEP), start: index, end: index + expression.length }
  }
  return undefined
}

type Unsupported = Omit<TemplateFault, 'start' | 'end'>
type OffsetOf = (position: { line: number; column: number }) => number

function unsupported(message: string): Unsupported {
  const hint = `a template holds {{variables}} and the functions ${TEMPLATE_FUNCTIONS.join(', ')}, nothing else`
  return { code: 'template/unsupported', message, hint }
}

const STATEMENT_WORDS: Record<string, string> = {
  BlockStatement: 'blocks are not supported in templates',
  PartialStatement: 'partials are not supported in templates',
  PartialBlockStatement: 'partials are not supported in templates',
  DecoratorBlock: 'decorators are not supported in templates',
  Decorator: 'decorators are not supported in templates',
  CommentStatement: 'comments are not supported in templates',
}

function readStatement(node: AstNode, offsetOf: OffsetOf): Expression | Unsupported {
  if (node.type !== 'MustacheStatement')
    return unsupported(STATEMENT_WORDS[node.type] ?? `${node.type} is not supported`)
  if (node.escaped === false)
    return unsupported('triple braces are not supported: values are always encoded for their place')
  return readCall(node, offsetOf)
}

function readCall(node: AstNode, offsetOf: OffsetOf, depth = 0): Expression | Unsupported {
  if (depth > MAX_DEPTH) return unsupported(TOO_DEEP)
  const parameters = node.params as AstNode[]
  if (node.hash) return unsupported('named arguments are not supported in templates')
  if (parameters.length === 0) return readExpression(node.path as AstNode, offsetOf, depth)
  const name = String((node.path as AstNode).original)
  if (parameters[0]!.depth) return unsupported('`..` is not supported in templates')
  if (!TEMPLATE_FUNCTIONS.includes(name as TemplateFunction))
    return unsupported(`\`${name}\` is not a function of templates`)
  const read = parameters.map(parameter => readExpression(parameter, offsetOf, depth))
  const fault = read.find(part => 'code' in part)
  if (fault) return fault as Unsupported
  return readFunction(name as TemplateFunction, read as Expression[])
}

/** The format of a date, and how much later it is, are written out, so that they can be checked here. */
function readFunction(name: TemplateFunction, given: Expression[]): Expression | Unsupported {
  if (name === 'date' && !isDateCall(given)) {
    const message = '`date` takes a time, a format in quotes and, for a later one, a duration in quotes'
    return unsupported(`${message}, such as \`{{date now "yyyy-MM-dd" "7d"}}\``)
  }
  if (name === 'json' && given.length !== 1) return unsupported(`\`${name}\` takes one argument`)
  return { kind: 'call', function: name, arguments: given }
}

function isDateCall([, format, later, ...more]: readonly Expression[]): boolean {
  const isLater = later === undefined || (later.kind === 'literal' && parseDuration(later.text) !== undefined)
  return format?.kind === 'literal' && isLater && more.length === 0
}

function readExpression(node: AstNode, offsetOf: OffsetOf, depth: number): Expression | Unsupported {
  if (node.type === 'SubExpression') return readCall(node, offsetOf, depth + 1)
  if (node.type === 'StringLiteral' || node.type === 'NumberLiteral')
    return { kind: 'literal', text: String(node.value) }
  if (node.type !== 'PathExpression') return unsupported(`a ${node.type} is not supported in templates`)
  const name = String(node.original)
  const [start, end] = [offsetOf(node.loc.start), offsetOf(node.loc.end)]
  // `vars.[region]` is a second spelling of `vars.region`.
  const plain = !node.data && !node.depth && /^[A-Za-z0-9_.-]+$/.test(name) && end - start === name.length
  return plain ? { kind: 'variable', name, start, end } : unsupported(`\`${name}\` is not a variable`)
}

/** Handlebars counts lines from 1 and columns from 0. */
function offsets(text: string): OffsetOf {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return position => (starts[position.line - 1] ?? 0) + position.column
}

function syntaxFault(text: string): TemplateFault {
  const [start, close] = firstBroken(text)
  const end = close < 0 ? text.length : close + 2
  const message = close < 0 ? '`{{` without its `}}`' : 'this expression cannot be read'
  return { code: 'template/syntax', message, start, end, hint: 'write {{vars.name}}' }
}

/** Where the first expression that cannot be read alone opens and closes; the last one if each of them can. */
function firstBroken(text: string): [open: number, close: number] {
  let open = text.indexOf('{{')
  for (;;) {
    const close = text.indexOf('}}', open)
    const next = close < 0 ? -1 : text.indexOf('{{', close + 2)
    if (next < 0 || !isReadable(text.slice(open, close + 2))) return [Math.max(0, open), close]
    open = next
  }
}

function isReadable(expression: string): boolean {
  try {
    loadParse()(expression)
    return true
  } catch {
    return false
  }
}

/**
 * The functions of templates: `base64` of the UTF-8 bytes of all texts together, `json` as a JSON string, `date` of an
 * RFC 3339 time in a format, a duration later.
 */
export function callFunction(name: TemplateFunction, ...texts: readonly string[]): string {
  if (name === 'date') return formatDate(texts[0]!, texts[1] ?? '', parseDuration(texts[2] ?? '') ?? 0)
  const text = texts.join('')
  return name === 'base64' ? Buffer.from(text, 'utf8').toString('base64') : JSON.stringify(text)
}

const DATE_PARTS: Record<string, (iso: string) => string> = {
  yyyy: iso => iso.slice(0, 4),
  MM: iso => iso.slice(5, 7),
  dd: iso => iso.slice(8, 10),
  HH: iso => iso.slice(11, 13),
  mm: iso => iso.slice(14, 16),
  ss: iso => iso.slice(17, 19),
  SSS: iso => iso.slice(20, 23),
}

/** In UTC. Empty for what is no time. */
function formatDate(time: string, format: string, laterMs: number): string {
  const date = new Date(Date.parse(time) + laterMs)
  if (Number.isNaN(date.getTime())) return ''
  const iso = date.toISOString()
  return format.replace(/yyyy|MM|dd|HH|mm|ss|SSS/g, part => DATE_PARTS[part]!(iso))
}
