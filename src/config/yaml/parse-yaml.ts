// YAML text -> documents of the YAML package, in bounded time and memory: nonsense ends the parsing early.
import type { TextFault } from './precheck.ts'
import { Composer, Lexer, Parser, type YamlDocument } from './yaml.ts'

export interface ParsedYaml {
  documents: YamlDocument[]
  /** Why the rest of the text was not looked at. */
  fault?: TextFault
}

/** Without the parser's own check of unique keys, which is quadratic: the reader has one. Tags of the core schema only. */
const OPTIONS = { uniqueKeys: false, prettyErrors: false, logLevel: 'silent', resolveKnownTags: false } as const

/** Words and signs of one file; a service takes about forty. */
const MAX_TOKENS = 1_000_000

/** Faults after which the rest of a text means nothing. */
const MAX_FAULTS = 100

const MAX_DOCUMENTS = 10_000

const TOO_LARGE = {
  code: 'file/too-large',
  message: `more than ${MAX_TOKENS} words and signs, or ${MAX_DOCUMENTS} documents, in one file`,
  offset: 0,
  hint: 'split it into several files',
}

export function parseYaml(text: string): ParsedYaml {
  if (isTooLarge(text)) return { documents: [], fault: TOO_LARGE }
  const composer = new Composer(OPTIONS)
  const documents: YamlDocument[] = []
  try {
    composeAll(text, composer, documents)
  } catch (error) {
    if (!(error instanceof TooManyFaults)) throw error
  }
  // A file without a document is one that is empty.
  for (const document of composer.end(documents.length === 0, text.length)) documents.push(document as YamlDocument)
  return { documents }
}

/** Splitting into words costs little of what the parsing costs; a text that is short enough cannot have too many. */
function isTooLarge(text: string): boolean {
  if (text.length < MAX_DOCUMENTS * 4) return false
  let words = 0
  let marks = 0
  for (const lexeme of new Lexer().lex(text)) {
    if (lexeme === '---' || lexeme === '...') marks++
    if (++words > MAX_TOKENS || marks > MAX_DOCUMENTS) return true
  }
  return false
}

function composeAll(text: string, composer: Composer, documents: YamlDocument[]): void {
  const note = countFaults(composer)
  for (const token of new Parser().parse(text)) {
    if (token.type === 'error') note()
    for (const document of composer.next(token)) documents.push(document as YamlDocument)
  }
}

class TooManyFaults extends Error {}

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
