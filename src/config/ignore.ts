// `# bearerd-ignore CODE[, CODE]`: at the end of a line for that line, on a line of its own for the next one. Text behind
// the codes is the user's own. A comment that suppresses nothing is a finding; what YAML itself refuses is never suppressed.
import type { Diagnostic, Range } from '../diagnostics/diagnostic.ts'
import { didYouMeanCode } from '../diagnostics/suggest.ts'
import { rules } from './rules/index.ts'
import type { SchemaFinding } from './schema/schema-finding.ts'
import type { ParsedFile } from './yaml/document.ts'
import type { Comment } from './yaml/parse-yaml.ts'
import { type LineIndex, lineIndex } from './yaml/source.ts'

export interface IgnoreComment {
  file: string
  range: Range
  /** The line that it speaks for. */
  line: number
  codes: { code: string; range: Range }[]
}

const MARK = 'bearerd-ignore'
const COMMENT = /^(#[ \t]*bearerd-ignore(?![\w-])[ \t:]*)([^\s,]+(?:[ \t]*,[ \t]*[^\s,]+)*)?/

const SCHEMA_CODES: Record<SchemaFinding['code'], true> = {
  'schema/unknown-key': true,
  'schema/missing-key': true,
  'schema/type': true,
  'schema/value': true,
  'schema/not-allowed': true,
}

/** What a comment can suppress. */
export const SUPPRESSIBLE_CODES: ReadonlySet<string> = new Set([
  ...Object.keys(SCHEMA_CODES),
  ...rules.flatMap(rule => rule.codes),
])

/** The comments of a file; a file without the word costs a search. */
export function findIgnores({ source, comments }: ParsedFile): IgnoreComment[] {
  if (!source.text.includes(MARK)) return []
  const lines = lineIndex(source.text)
  const placedComments = comments.map(comment => placed(comment, source.text, lines))
  speakForNextLine(placedComments)
  return placedComments.flatMap(({ offset, text, line }) => {
    const [match, lead, list = ''] = COMMENT.exec(text) ?? []
    if (match === undefined) return []
    const codes = [...list.matchAll(/[^\s,]+/g)].map(({ 0: code, index }) => {
      const start = offset + lead!.length + index
      return { code, range: lines.range(start, start + code.length) }
    })
    return { file: source.file, range: lines.range(offset, offset + text.trimEnd().length), line, codes }
  })
}

interface PlacedComment extends Comment {
  /** On a line of its own. */
  isAlone: boolean
  line: number
}

function placed(comment: Comment, text: string, lines: LineIndex): PlacedComment {
  const { line, column } = lines.position(comment.offset)
  const isAlone = text.slice(comment.offset - column + 1, comment.offset).trim() === ''
  return { ...comment, isAlone, line }
}

/** A comment that is alone means the next line; of several below each other all mean the line after the last one. */
function speakForNextLine(comments: readonly PlacedComment[]): void {
  let below: { own: number; line: number } | undefined
  for (const comment of comments.toReversed()) {
    const own = comment.line
    if (comment.isAlone) {
      comment.line = below?.own === own + 1 ? below.line : own + 1
      below = { own, line: comment.line }
    }
  }
}

/**
 * What is left of the diagnostics, and what is wrong with the comments. A suppressed warning is gone; a suppressed error
 * is marked, because a configuration with it cannot run all the same.
 */
export function applyIgnores(diagnostics: readonly Diagnostic[], comments: readonly IgnoreComment[]): Diagnostic[] {
  if (comments.length === 0) return [...diagnostics]
  const places = new Set(
    comments.flatMap(({ file, line, codes }) => codes.map(({ code }) => placeOf(file, line, code))),
  )
  const used = new Set<string>()
  const left = diagnostics.flatMap((diagnostic): Diagnostic[] => {
    const place = placeOf(diagnostic.file, diagnostic.range.start.line, diagnostic.code)
    if (!places.has(place) || !SUPPRESSIBLE_CODES.has(diagnostic.code)) return [diagnostic]
    used.add(place)
    return diagnostic.severity === 'error' ? [{ ...diagnostic, suppressed: true }] : []
  })
  const isKnown = searched(diagnostics)
  return [...left, ...comments.flatMap(comment => faultsOf(comment, { used, isKnown }))]
}

function placeOf(file: string, line: number, code: string): string {
  return `${code} ${line} ${file}`
}

/** Whether a code would have been found in a file: rules do not see what the parser or the schema refused. */
function searched(diagnostics: readonly Diagnostic[]): (file: string, code: string) => boolean {
  const unread = new Set(diagnostics.filter(({ code }) => !SUPPRESSIBLE_CODES.has(code)).map(({ file }) => file))
  const complete = unread.size === 0 && !diagnostics.some(({ code }) => code in SCHEMA_CODES)
  return (file, code) => (code in SCHEMA_CODES ? !unread.has(file) : complete)
}

interface Outcome {
  /** Places where something was suppressed. */
  used: ReadonlySet<string>
  isKnown(file: string, code: string): boolean
}

function faultsOf(comment: IgnoreComment, { used, isKnown }: Outcome): Diagnostic[] {
  const { file, line, range, codes } = comment
  if (codes.length === 0) return [unused(file, range, 'this comment names no code', 'write `# bearerd-ignore CODE`')]
  const faults: Diagnostic[] = []
  const idle: IgnoreComment['codes'] = []
  for (const item of codes) {
    if (SUPPRESSIBLE_CODES.has(item.code)) {
      if (!used.has(placeOf(file, line, item.code)) && isKnown(file, item.code)) idle.push(item)
    } else faults.push(notSuppressible(file, item))
  }
  return [...faults, ...idleFaults(comment, idle)]
}

/** Told once for a comment of which nothing is left, else for each code. */
function idleFaults({ file, line, range, codes }: IgnoreComment, idle: IgnoreComment['codes']): Diagnostic[] {
  const where = line === range.start.line ? 'on this line' : `on line ${line}`
  if (idle.length < codes.length)
    return idle.map(({ code, range }) => unused(file, range, `no \`${code}\` ${where}`, 'remove it from the comment'))
  const names = codes.map(({ code }) => `\`${code}\``).join(' or ')
  return [unused(file, range, `this comment suppresses nothing: no ${names} ${where}`, 'remove it')]
}

function unused(file: string, range: Range, message: string, hint: string): Diagnostic {
  return { code: 'ignore/unused', severity: 'warning', message, file, range, hint }
}

const NEVER = /^(?:yaml|file|ignore)\//

function notSuppressible(file: string, { code, range }: IgnoreComment['codes'][number]): Diagnostic {
  if (NEVER.test(code))
    return unused(file, range, `\`${code}\` cannot be suppressed`, 'remove it: such a problem must be solved')
  const hint = didYouMeanCode(code, SUPPRESSIBLE_CODES) ?? '`bearerd rules` lists them'
  return { code: 'ignore/unknown-code', severity: 'warning', message: `no code \`${code}\``, file, range, hint }
}
