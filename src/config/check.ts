// Files -> Config: parse, schema, rules. Pure: no file, no network, no secret is read here. Every finding of every file at
// once, sorted by place.
import { type Checked, type Diagnostic, hasErrors, sortDiagnostics } from '../diagnostics/diagnostic.ts'
import { buildDraft, type Draft } from './definitions/draft.ts'
import { applyIgnores, findIgnores, type IgnoreComment } from './ignore.ts'
import { locateFinding } from './locate.ts'
import type { Config } from './model/model.ts'
import { rules } from './rules/index.ts'
import { pathId, reduceErrors, refusedPaths } from './schema/reduce-errors.ts'
import { type SchemaError, validateSchema } from './schema/validate-schema.ts'
import { type Document, type ParsedFile, type Path, parseFile } from './yaml/document.ts'
import type { Source } from './yaml/source.ts'

/** Violations of one document that are looked at: more come from a file that was made wrong, not from mistakes. */
const MAX_ERRORS = 10_000

/** One file's own findings, which depend on nothing but its text. */
interface CheckedFile {
  parsed: ParsedFile
  diagnostics: Diagnostic[]
  /** Paths at or above something that the schema refused. */
  refused: Map<Document, ReadonlySet<string>>
  ignores: IgnoreComment[]
}

/** Keeps what was found out about unchanged files, so that one changed file among many costs one file. */
export interface CheckCache {
  files: Map<string, { text: string; checked: CheckedFile }>
}

export function createCheckCache(): CheckCache {
  return { files: new Map() }
}

/** `onFile` hears how many files are done, after each one. */
export function checkConfig(
  sources: readonly Source[],
  cache: CheckCache = createCheckCache(),
  onFile: (done: number) => void = () => {},
): Checked<Config> {
  const files = sources.map((source, index) => {
    const file = checkCached(source, cache)
    onFile(index + 1)
    return file
  })
  forgetOthers(cache, sources)
  const documents = files.flatMap(file => file.parsed.documents)
  const complete = files.every(file => !hasErrors(file.parsed.diagnostics))
  const refused = new Map(files.flatMap(file => [...file.refused]))
  const isRefused = (document: Document, path: Path) => refused.get(document)?.has(pathId(path)) ?? false
  const draft = buildDraft(documents, isRefused, complete)
  const found = [...files.flatMap(file => file.diagnostics), ...runRules(draft)]
  const ignores = files.flatMap(file => file.ignores)
  const diagnostics = sortDiagnostics(applyIgnores(found, ignores))
  if (hasErrors(diagnostics)) return { ok: false, diagnostics }
  return { ok: true, value: toConfig(draft, sources), diagnostics }
}

function checkCached(source: Source, cache: CheckCache): CheckedFile {
  const known = cache.files.get(source.path)
  if (known && known.text === source.text) return known.checked
  const checked = checkFile(source)
  cache.files.set(source.path, { text: source.text, checked })
  return checked
}

function forgetOthers(cache: CheckCache, sources: readonly Source[]): void {
  if (cache.files.size <= sources.length) return
  const paths = new Set(sources.map(source => source.path))
  for (const path of cache.files.keys()) if (!paths.has(path)) cache.files.delete(path)
}

function checkFile(source: Source): CheckedFile {
  const parsed = parseFile(source)
  const refused = new Map<Document, ReadonlySet<string>>()
  const found = parsed.documents.flatMap((document, index) => {
    const value = documentValue(document, index)
    const errors = validateSchema(value)
    refused.set(document, refusedPaths(errors))
    return findingsOf(document, errors, value)
  })
  return { parsed, diagnostics: parsed.diagnostics.concat(found), refused, ignores: findIgnores(parsed) }
}

function findingsOf(document: Document, errors: readonly SchemaError[], value: unknown): Diagnostic[] {
  return reduceErrors(errors.slice(0, MAX_ERRORS), value)
    .filter(finding => !document.rejected(finding.path))
    .map(finding => locateFinding({ ...finding, place: { document, path: finding.path } }, 'error'))
}

/** `version` is said once a file; an empty document is an empty mapping, so that the missing version is the finding. */
function documentValue(document: Document, index: number): unknown {
  const value = document.value ?? {}
  if (index === 0 || typeof value !== 'object' || Array.isArray(value)) return value
  return { version: 1, ...value }
}

function runRules(draft: Draft): Diagnostic[] {
  const diagnostics: Diagnostic[] = []
  for (const rule of rules) {
    rule.check(draft, finding => {
      const code = finding.code ?? rule.codes[0]
      diagnostics.push(locateFinding({ ...finding, code }, finding.severity ?? rule.severity))
    })
  }
  return diagnostics
}

function toConfig(draft: Draft, sources: readonly Source[]): Config {
  return {
    vars: draft.vars,
    accounts: new Map(draft.accounts.map(account => [account.key, account])),
    services: new Map(draft.services.map(service => [service.name, service])),
    actions: new Map(draft.actions.map(action => [action.name, action])),
    daemon: draft.daemon,
    files: sources.map(source => source.file),
  }
}
