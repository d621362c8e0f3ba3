// What makes a text no YAML at all, found before the parser spends time or stack on it.

export interface TextFault {
  code: string
  message: string
  offset: number
  /** Default: one character. */
  end?: number
  hint?: string
}

export const MAX_DEPTH = 200

/** The first reason not to parse this text, if there is one. */
export function precheckText(text: string): TextFault | undefined {
  return notUtf8(text) ?? tooDeep(text)
}

function notUtf8(text: string): TextFault | undefined {
  const hint = 'save the file as UTF-8'
  const zero = text.indexOf('\0')
  if (zero >= 0) return { code: 'yaml/syntax', message: 'NUL byte: this is not text in UTF-8', offset: zero, hint }
  const broken = text.indexOf('\ufffd')
  return broken < 0 ? undefined : { code: 'yaml/syntax', message: 'not valid UTF-8', offset: broken, hint }
}

/** The parser recurses: refuse what nests deeper than any configuration does. */
function tooDeep(text: string): TextFault | undefined {
  const offset = deepFlow(text) ?? deepBlock(text)
  return offset === undefined ? undefined : tooDeepAt(offset)
}

export function tooDeepAt(offset: number): TextFault {
  const hint = 'no configuration needs that: check how this file was made'
  return { code: 'yaml/too-deep', message: `more than ${MAX_DEPTH} levels of nesting`, offset, hint }
}

/** Brackets and braces that open a collection: those at the start of a value, not those within a text or a comment. */
function deepFlow(text: string): number | undefined {
  let depth = 0
  let opens = true
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!
    if (BLANK.has(char)) continue
    if (char === '#' && (at === 0 || BLANK.has(text[at - 1]!))) {
      at = lineEnd(text, at)
      opens = true
      continue
    }
    if (char === ']' || char === '}') depth = Math.max(0, depth - 1)
    const opened: boolean = opens && (char === '[' || char === '{')
    if (opened && ++depth > MAX_DEPTH) return at
    opens = opened || OPENERS.has(char) || text[at + 1] === '\n'
  }
  return undefined
}

const BLANK = new Set([' ', '\t', '\r', '\n'])
const OPENERS = new Set([',', ':', '?', '-'])

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end < 0 ? text.length : end
}

/** Lines that stand further right than the ones above, and `- - -` within a line. */
function deepBlock(text: string): number | undefined {
  const columns: number[] = []
  for (let start = 0; start < text.length; start = lineEnd(text, start) + 1) {
    let at = start
    for (; text[at] === ' ' || isIndicator(text, at); at++) {
      if (text[at] !== ' ' && enter(columns, at - start)) return at
    }
    const ends = at >= text.length || text[at] === '#' || text[at] === '\r' || text[at] === '\n'
    if (!ends && enter(columns, at - start)) return at
  }
  return undefined
}

function isIndicator(text: string, at: number): boolean {
  return (text[at] === '-' || text[at] === '?') && text[at + 1] === ' '
}

/** Notes a column where a collection may start; says whether that is too deep. */
function enter(columns: number[], column: number): boolean {
  while (columns.length > 0 && columns.at(-1)! >= column) columns.pop()
  columns.push(column)
  return columns.length > MAX_DEPTH
}
