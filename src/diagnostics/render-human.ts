// Diagnostics for people: one line that tools can match, the source line with a caret, a hint. Input never colours the terminal.
import type { Diagnostic, Position } from './diagnostic.ts'

/** Gives the text of a file that was read, with literal secrets masked at unchanged length; undefined when there is none. */
export type SourceText = (file: string) => string | undefined

export interface HumanOptions {
  color: boolean
  sourceText: SourceText
}

const MAX_PROBLEMS_PER_FILE = 50
const MAX_LINE = 160
const MAX_LIST = 110
const TAB = '    '

const STYLE = { error: '\x1b[1;31m', warning: '\x1b[1;33m', bold: '\x1b[1m', dim: '\x1b[2m', reset: '\x1b[0m' }

export function renderConcise(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map(diagnostic => `${headline(diagnostic, plain)}\n`).join('')
}

export function renderHuman(diagnostics: readonly Diagnostic[], options: HumanOptions): string {
  const paint = options.color ? styled : plain
  const counts = new Map<string, number>()
  let text = ''
  for (const diagnostic of diagnostics) {
    const count = (counts.get(diagnostic.file) ?? 0) + 1
    counts.set(diagnostic.file, count)
    if (count <= MAX_PROBLEMS_PER_FILE) text += block(diagnostic, options, paint)
  }
  for (const [file, count] of counts) {
    const more = count - MAX_PROBLEMS_PER_FILE
    if (more > 0)
      text += `${printable(file)}: and ${more} more problem${more === 1 ? '' : 's'}
`
  }
  return text
}

type Paint = (style: keyof typeof STYLE, text: string) => string
const plain: Paint = (_style, text) => text
const styled: Paint = (style, text) => `${STYLE[style]}${text}${STYLE.reset}`

function headline(diagnostic: Diagnostic, paint: Paint): string {
  const place = `${printable(diagnostic.file)}:${diagnostic.range.start.line}:${diagnostic.range.start.column}`
  const severity = paint(diagnostic.severity, diagnostic.severity)
  return `${paint('bold', place)}: ${severity}: ${printable(diagnostic.message)} [${diagnostic.code}]`
}

function block(diagnostic: Diagnostic, options: HumanOptions, paint: Paint): string {
  const notes = notesOf(diagnostic, paint).flatMap(note => wrapped(note).map(line => `  ${line}`))
  const lines = [headline(diagnostic, paint), ...excerpt(diagnostic, options, paint), ...notes]
  return `${lines.join('\n')}\n`
}

/** A list of all keys is longer than a line. */
function wrapped(text: string): string[] {
  if (text.length <= MAX_LINE) return [text]
  const lines = ['']
  for (const word of text.split(/(?<=,) /)) {
    const line = lines.at(-1)!
    if (line !== '' && line.length + word.length > MAX_LIST) lines.push(`  ${word}`)
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`
  }
  return lines
}

/** What is said below a problem: the hint, and the related places. */
export function notesOf(diagnostic: Diagnostic, paint: Paint = plain): string[] {
  const hints = diagnostic.hint ? [`${paint('bold', 'hint:')} ${printable(diagnostic.hint)}`] : []
  const places = (diagnostic.related ?? []).map(({ file, range: { start }, message }) => {
    return `${printable(file)}:${start.line}:${start.column}: ${printable(message)}`
  })
  return [...hints, ...places]
}

function excerpt({ file, range, severity }: Diagnostic, options: HumanOptions, paint: Paint): string[] {
  const line = lineAt(options.sourceText(file), range.start)
  if (line === undefined) return []
  const endColumn = range.end.line === range.start.line ? range.end.column : line.length + 1
  const start = Math.min(range.start.column - 1, line.length)
  const end = Math.max(start + 1, Math.min(endColumn - 1, line.length))
  const cut = window(line, start, end)
  const before = visible(line.slice(cut.from, start))
  const marked = visible(line.slice(start, Math.min(end, cut.to)))
  const after = visible(line.slice(Math.min(end, cut.to), cut.to))
  const lead = cut.from > 0 ? '…' : ''
  const trail = cut.to < line.length ? '…' : ''
  const gutter = String(range.start.line)
  const caret = ' '.repeat(width(lead + before)) + paint(severity, '^'.repeat(Math.max(1, width(marked))))
  return [
    `${paint('dim', `  ${gutter} |`)} ${lead}${before}${marked}${after}${trail}`,
    `${paint('dim', `  ${' '.repeat(gutter.length)} |`)} ${caret}`,
  ]
}

function lineAt(text: string | undefined, position: Position): string | undefined {
  if (text === undefined) return undefined
  let start = 0
  for (let line = 1; line < position.line; line++) {
    const next = text.indexOf('\n', start)
    if (next < 0) return undefined
    start = next + 1
  }
  const end = text.indexOf('\n', start)
  return text.slice(start, end < 0 ? undefined : end).replace(/\r$/, '')
}

/** The part of a long line around the marked range. */
function window(line: string, start: number, end: number): { from: number; to: number } {
  if (line.length <= MAX_LINE) return { from: 0, to: line.length }
  const from = Math.max(0, Math.min(start - 40, line.length - MAX_LINE))
  return { from, to: Math.min(line.length, Math.max(from + MAX_LINE, Math.min(end, from + MAX_LINE))) }
}

/** A zero-width joiner that joins no emoji. */
const LONE_JOINER = /(?<!\p{Extended_Pictographic}[\ufe0f\u{1f3fb}-\u{1f3ff}]?)\u200d/gu

/** Control characters, escapes and text-direction marks as visible placeholders, so that input cannot move the terminal. */
export function printable(text: string): string {
  return text
    .replace(/[\x00-\x1f\x7f-\x9f\u061c\u200b\u200c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g, '\ufffd')
    .replace(LONE_JOINER, '\ufffd')
}

function visible(text: string): string {
  return printable(text.replaceAll('\t', TAB))
}

/** Columns on a terminal: wide characters and emoji take two, combining marks none. */
function width(text: string): number {
  let columns = 0
  for (const { segment } of new Intl.Segmenter().segment(text)) columns += segmentWidth(segment)
  return columns
}

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u

function segmentWidth(segment: string): number {
  if (/^\p{Mark}+$/u.test(segment)) return 0
  return WIDE.test(segment) || segment.includes('\ufe0f') ? 2 : 1
}
