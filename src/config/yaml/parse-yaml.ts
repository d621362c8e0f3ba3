// YAML text -> documents of the YAML package, in bounded time and memory: nonsense ends the parsing early.
import { LARGER, MAX_BYTES } from './source.ts'
import { MAX_DEPTH, type TextFault, tooDeepAt } from './text-fault.ts'
import { Composer, type CST, Lexer, Parser, type YamlDocument } from './yaml.ts'

export interface ParsedYaml {
  documents: YamlDocument[]
  /** From its `#` to the end of the line. */
  comments: Comment[]
  /** Why the rest of the text was not looked at; there are no documents then. */
  fault?: TextFault
}

export interface Comment {
  offset: number
  text: string
}

/** Without the parser's own check of unique keys, which is quadratic: the reader has one. Tags of the core schema only. */
const OPTIONS = { uniqueKeys: false, prettyErrors: false, logLevel: 'silent', resolveKnownTags: false } as const

/** Words and signs of one file; a service takes about seventy. */
const MAX_TOKENS = 1_000_000

/** Keys of one mapping, or items of one list. */
const MAX_ENTRIES = 20_000

/** Comments, line ends and signs between two values. */
const MAX_BETWEEN = 100_000

/** Faults after which the rest of a text means nothing. */
const MAX_FAULTS = 100

const MAX_DOCUMENTS = 10_000

function tooLarge(message: string, offset = 0): TextFault {
  return { code: 'file/too-large', message, offset, hint: 'split it into several files' }
}

/** `onPart` hears how much of a large text is read, from 0 to 1. */
export function parseYaml(text: string, onPart: (part: number) => void): ParsedYaml {
  const parsed: ParsedYaml = { documents: [], comments: [] }
  try {
    if (text.length > MAX_BYTES) throw new Refused(tooLarge(LARGER))
    composeAll(text, parsed, onPart)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return { documents: [], comments: parsed.comments, fault: error.fault }
  }
  return parsed
}

class Refused extends Error {
  readonly fault: TextFault

  constructor(fault: TextFault) {
    super(fault.message)
    this.fault = fault
  }
}

class TooManyFaults extends Error {}

/** Counts a word, and tells how many there were. */
function countWords(): (lexeme: string) => number {
  let words = 0
  let marks = 0
  return lexeme => {
    if (lexeme === '---' || lexeme === '...') marks++
    if (++words > MAX_TOKENS) throw new Refused(tooLarge(`more than ${MAX_TOKENS} words and signs in one file`))
    if (marks > MAX_DOCUMENTS) throw new Refused(tooLarge(`more than ${MAX_DOCUMENTS} documents in one file`))
    return words
  }
}

function composeAll(text: string, { documents, comments }: ParsedYaml, onPart: (part: number) => void): void {
  const composer = new Composer(OPTIONS)
  const note = countFaults(composer)
  try {
    for (const token of tokensOf(text, comments, onPart)) {
      if (token.type === 'error') note()
      for (const document of composer.next(token)) documents.push(document)
    }
  } catch (error) {
    if (!(error instanceof TooManyFaults)) throw error
  }
  // A file without a document is one that is empty.
  for (const document of composer.end(documents.length === 0, text.length)) documents.push(document)
}

/** Words between two tellings of how far it is. */
const PART_WORDS = 10_000

/** The lexer's sign that a text follows, which may start with a `#`. */
const SCALAR_FOLLOWS = '\x1f'

/** The words of the text in one pass, with what they make. */
function* tokensOf(text: string, comments: Comment[], onPart: (part: number) => void): Generator<CST.Token> {
  const parser = new Parser()
  const count = countWords()
  let isScalar = false
  for (const lexeme of new Lexer().lex(text)) {
    if (count(lexeme) % PART_WORDS === 0) onPart(parser.offset / text.length)
    if (!isScalar && lexeme.startsWith('#')) comments.push({ offset: parser.offset, text: lexeme })
    isScalar = !isScalar && lexeme === SCALAR_FOLLOWS
    yield* parser.next(lexeme)
    checkShape(parser)
  }
  yield* parser.end()
}

/** What composes the document recurses: refuse what nests deeper than any configuration does, or is longer. */
function checkShape({ stack }: Parser): void {
  const top = stack.at(-1)
  if (!top) return
  if (wordsBefore(top) > MAX_BETWEEN)
    throw new Refused(tooLarge(`more than ${MAX_BETWEEN} words and signs without a value`))
  // The lowest is the document, and a word may stand on the collections.
  if (!('items' in top)) return
  if (stack.length > MAX_DEPTH + 1) throw new Refused(tooDeepAt(top.offset))
  if (top.items.length > MAX_ENTRIES)
    throw new Refused(tooLarge(`more than ${MAX_ENTRIES} entries in one mapping or list`, top.offset))
}

/** What the parser keeps for the value that comes next, or to complain about. */
function wordsBefore(token: CST.Token): number {
  if ('items' in token) return token.items.at(-1)?.start?.length ?? 0
  if ('end' in token) return token.end?.length ?? 0
  return 'start' in token ? token.start.length : 0
}

/** Ends the composing at one fault too many; returns what counts those that the composer is handed. */
function countFaults(composer: Composer): () => void {
  let count = 0
  const note = (): void => {
    // Once: what ends a document may report too.
    if (++count === MAX_FAULTS) throw new TooManyFaults()
  }
  const inner = composer as unknown as { onError: (...fault: unknown[]) => void }
  const report = inner.onError
  inner.onError = (...fault) => {
    report(...fault)
    note()
  }
  return note
}
