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

/** Brackets and braces that open a collection: those at the start of a value, not those within a text. */
function deepFlow(text: string): number | undefined {
  let depth = 0
  for (const match of text.matchAll(/(?:^|[[{,:?-])[ \t\r\n]*(?=[[{])|[\]}]|(?<=^|[ \t])#.*/gm)) {
    const first = match[0].charAt(0)
    if (first === '#') continue
    if (first === ']' || first === '}') depth = Math.max(0, depth - 1)
    else depth++
    if (depth > MAX_DEPTH) return match.index + match[0].length
  }
  return undefined
}

/** Lines that stand further right than the ones above, and `- - -` within a line. */
function deepBlock(text: string): number | undefined {
  const columns: number[] = []
  for (const match of text.matchAll(/^((?:[-?] +| )*)(?=[^ #\r\n])/gm)) {
    const lead = match[1]!
    const levels = [...lead.matchAll(/[-?]/g)].map(({ index }) => index)
    for (const column of [...levels, lead.length]) {
      while (columns.length > 0 && columns.at(-1)! >= column) columns.pop()
      columns.push(column)
      if (columns.length > MAX_DEPTH) return match.index + column
    }
  }
  return undefined
}
