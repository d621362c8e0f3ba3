// What makes a text no YAML at all: what is no text in UTF-8, before it is parsed, and what nests too deep, meanwhile.

export interface TextFault {
  code: string
  message: string
  offset: number
  /** Default: one character. */
  end?: number
  hint?: string
}

export const MAX_DEPTH = 200

/** The first byte that is no text, if there is one. */
export function notUtf8(text: string): TextFault | undefined {
  const hint = 'save the file as UTF-8'
  const zero = text.indexOf('\0')
  if (zero >= 0) return { code: 'yaml/syntax', message: 'NUL byte: this is not text in UTF-8', offset: zero, hint }
  const broken = text.indexOf('\ufffd')
  return broken < 0 ? undefined : { code: 'yaml/syntax', message: 'not valid UTF-8', offset: broken, hint }
}

export function tooDeepAt(offset: number): TextFault {
  const hint = 'no configuration needs that: check how this file was made'
  return { code: 'yaml/too-deep', message: `more than ${MAX_DEPTH} levels of nesting`, offset, hint }
}
