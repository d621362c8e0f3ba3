// The text of a file as it may be printed: every secret that is written in it is covered, at unchanged length.
import type { Range } from '../diagnostics/diagnostic.ts'
import { suggest } from '../diagnostics/suggest.ts'
import { looksLikeSecret } from './definitions/secret-shape.ts'
import { type Document, type Path, parseFile } from './yaml/document.ts'
import type { Source } from './yaml/source.ts'

/** Names of keys that hold secrets, well or badly spelt. Too many are better than too few. */
const SECRET_NAME = /sec|pas|pw(?!arm)|cred|assertion|token$|key$|^value$/i
const SECRET_HEADER = /authorization|cookie/i

/** Last words of such names; spelt so badly that only the first letter and most of the others are right, they hold secrets too. */
const SECRET_WORDS = ['secret', 'password', 'passwd', 'credentials', 'assertion', 'token', 'key', 'value']

/** Near to those, and none of them. */
const PLAIN_WORDS = ['socket', 'values']

/** Below a secret's key, these say where it is. */
const REFERENCE_KEYS = new Set(['env', 'file', 'exec', 'systemd', 'account', 'field'])

/** Keys whose entries have names of the user's choice. */
const SECTIONS = new Set(['accounts', 'services', 'actions'])

/** For excerpts in diagnostics. A file that cannot be parsed is searched for what looks like `password: …`. */
export function maskSecrets(source: Source): string {
  const { documents, diagnostics } = parseFile(source)
  const text = coverRanges(source.text, documents.flatMap(secretRanges))
  const unread = diagnostics.some(({ code }) => code === 'yaml/syntax' || code === 'yaml/too-deep')
  return coverUserInformation(unread ? coverLines(text) : text)
}

function secretRanges(document: Document): Range[] {
  const ranges: Range[] = []
  const seen = { secret: new Set<unknown>(), other: new Set<unknown>() }
  const walk = (value: unknown, path: Path, secret: boolean): void => {
    if (typeof value !== 'object' || value === null) {
      // What stands behind an unknown tag has no value, but a text.
      const named = path.at(-1) === 'env' && typeof value === 'string' && looksLikeSecret(value)
      if (!named && !(secret && (value !== null || document.rawScalar(path)?.raw))) return
      const { range, via } = document.locate(path, 'value')
      ranges.push(via ?? range)
      return
    }
    // What aliases repeat is looked at once.
    const known = secret ? seen.secret : seen.other
    if (known.has(value)) return
    known.add(value)
    for (const [key, child] of Object.entries(value)) {
      // `clientSecret:abc` in braces is one key.
      const [name, glued] = key.split(':', 2)
      if (glued && isSecret(name!, path, secret)) ranges.push(document.locate([...path, key], 'key').range)
      walk(child, [...path, key], isSecret(key, path, secret))
    }
  }
  walk(document.value, [], false)
  return ranges
}

/** What an assertion is made of, besides its key; and where a token stands in an answer. */
const HARMLESS: Record<string, Set<string>> = {
  clientAssertion: new Set(['alg', 'kid', 'typ', 'audience', 'lifetime', 'type', 'at', 'in']),
  assertion: new Set(['alg', 'kid', 'typ', 'audience', 'lifetime', 'at']),
  tokenResponse: new Set(['token']),
}

function isSecret(key: string, parent: Path, inherited: boolean): boolean {
  if (HARMLESS[String(parent.at(-1))]?.has(key)) return false
  if (inherited) return !REFERENCE_KEYS.has(key)
  if (parent.length === 1 && SECTIONS.has(String(parent[0]))) return false
  return SECRET_NAME.test(key) || isSecretHeader(key, parent) || isMisspelt(key)
}

/** The headers of a misspelt key are secret as well; `authorization` is also the key of an account that tells its kind. */
function isSecretHeader(key: string, parent: Path): boolean {
  if (key !== 'authorization') return SECRET_HEADER.test(key)
  return parent.length > 2 && suggest(String(parent.at(-1)), ['headers']) !== undefined
}

function isMisspelt(key: string): boolean {
  const word = key
    .split(/[\W_]|(?=[A-Z][a-z])/)
    .at(-1)!
    .toLowerCase()
  const meant = suggest(word, [...PLAIN_WORDS, ...SECRET_WORDS])
  return meant !== undefined && meant[0] === word[0] && !PLAIN_WORDS.includes(meant)
}

function coverRanges(text: string, ranges: readonly Range[]): string {
  if (ranges.length === 0) return text
  const lines = text.split('\n')
  for (const { start, end } of ranges) {
    for (let at = start.line; at <= end.line; at++) {
      const line = lines[at - 1] ?? ''
      const from = at === start.line ? start.column - 1 : 0
      const to = at === end.line ? end.column - 1 : line.length
      lines[at - 1] = line.slice(0, from) + coverValue(line.slice(from, to)) + line.slice(to)
    }
  }
  return lines.join('\n')
}

/** Quotes around a value stay, and the names within expressions, which are what the diagnostic may be about. */
function coverValue(text: string): string {
  if (/^[|>][+-]?\d?[+-]?\r?$/.test(text)) return text
  const [, open, inner, close] = /^(["']?)(.*?)(["']?)$/s.exec(text)!
  const pieces = inner!.split(/(\{\{[^{}'"]*(?:\}\}|$))/)
  return open + pieces.map((piece, index) => (index % 2 ? piece : cover(piece))).join('') + close
}

const UNREAD_SECRET =
  /((?:sec|pas|pw|cred|authorization(?!["']?:\s*(?:none|basic|query|header|oauth2)\s*[,}\r\n])|cookie|token(?=["']?\s*:)|key(?=["']?\s*:)|\bvalue)[\w-]*["']?\s*:[ \t]*)([^\s[{].*)/gi

/** The rest of a line after what looks like a secret's key, up to the next key. */
function coverLines(text: string): string {
  return text.replace(UNREAD_SECRET, (_all, key: string, rest: string) => {
    const end = /[,}]\s*(?:[\w"'-]+\s*:|$)/.exec(rest)?.index ?? rest.length
    return key + coverValue(rest.slice(0, end)) + rest.slice(end)
  })
}

/** `https://user:word@host`. */
function coverUserInformation(text: string): string {
  return text.replace(/(\/\/[^\s/@:]*:)([^\s@]+)(?=@)/g, (_all, before: string, word: string) => before + cover(word))
}

function cover(text: string): string {
  return text.replace(/[^\s]/g, '*')
}
