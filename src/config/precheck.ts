// What makes a text no YAML at all, found before the parser spends time or stack on it.

export interface TextFault {
  code: string
  message: string
  offset: number
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

/** The parser recurses: refuse flow collections that nest deeper than any configuration does. */
function tooDeep(text: string): TextFault | undefined {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at)
    if (char === 0x5b || char === 0x7b) depth++
    else if (char === 0x5d || char === 0x7d) depth = Math.max(0, depth - 1)
    if (depth > MAX_DEPTH) return tooDeepAt(at)
  }
  return undefined
}

export function tooDeepAt(offset: number): TextFault {
  return { code: 'yaml/too-deep', message: `more than ${MAX_DEPTH} levels of nesting`, offset }
}
