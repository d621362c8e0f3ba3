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
const MAX_TOKENS = 2_000_000

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
  const composer = new Composer(OPTIONS)
  const documents: YamlDocument[] = []
  try {
    if (!composeAll(text, composer, documents)) return { documents: [], fault: TOO_LARGE }
  } catch (error) {
    if (!(error instanceof TooManyFaults)) throw error
  }
  // A file without a document is one that is empty.
  for (const document of composer.end(documents.length === 0, text.length)) documents.push(document as YamlDocument)
  return { documents }
}

/** False when the text is too large. */
function composeAll(text: string, composer: Composer, documents: YamlDocument[]): boolean {
  const note = countFaults(composer)
  const parser = new Parser()
  let marks = 0
  const take = (tokens: ReturnType<Parser['next']>): void => {
    for (const token of tokens) {
      if (token.type === 'error') note()
      if (token.type === 'document' || token.type === 'doc-end') marks++
      for (const document of composer.next(token)) documents.push(document as YamlDocument)
    }
  }
  let count = 0
  for (const lexeme of new Lexer().lex(text)) {
    if (++count > MAX_TOKENS || marks > MAX_DOCUMENTS) return false
    take(parser.next(lexeme))
  }
  take(parser.end())
  return true
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
