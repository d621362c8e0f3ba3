// Files -> Config: parse, schema, rules. Pure: no file, no network, no secret is read here. Every finding of every file at
// once, sorted by place.
import { type Checked, type Diagnostic, hasErrors, sortDiagnostics } from '../diagnostics/diagnostic.ts'
import { type Document, type ParsedFile, type Path, parseFile } from './document.ts'
import { buildDraft, type Draft } from './draft.ts'
import { locateFinding } from './locate.ts'
import type { Config } from './model.ts'
import { reduceErrors, type SchemaFinding } from './reduce-errors.ts'
import { rules } from './rules/index.ts'
import type { Source } from './source.ts'
import { validateSchema } from './validate-schema.ts'

/** One file's own findings, which depend on nothing but its text. */
interface CheckedFile {
  parsed: ParsedFile
  diagnostics: Diagnostic[]
  findings: Map<Document, SchemaFinding[]>
}

/** Keeps what was found out about unchanged files, so that one changed file among many costs one file. */
export interface CheckCache {
  files: Map<string, { text: string; checked: CheckedFile }>
}

export function createCheckCache(): CheckCache {
  return { files: new Map() }
}

export function checkConfig(sources: readonly Source[], cache: CheckCache = createCheckCache()): Checked<Config> {
  const files = sources.map(source => checkCached(source, cache))
  forgetOthers(cache, sources)
  const documents = files.flatMap(file => file.parsed.documents)
  const complete = files.every(file => !hasErrors(file.parsed.diagnostics))
  const findings = new Map(files.flatMap(file => [...file.findings]))
  const draft = buildDraft(documents, (document, path) => isRefused(findings.get(document) ?? [], path), complete)
  const diagnostics = sortDiagnostics([...files.flatMap(file => file.diagnostics), ...runRules(draft)])
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
  const diagnostics = [...parsed.diagnostics]
  const findings = new Map<Document, SchemaFinding[]>()
  parsed.documents.forEach((document, index) => {
    const value = documentValue(document, index)
    const found = reduceErrors(validateSchema(value), value)
    findings.set(document, found)
    const told = found.filter(finding => !document.rejected(finding.path))
    diagnostics.push(
      ...told.map(finding => locateFinding({ ...finding, place: { document, path: finding.path } }, 'error')),
    )
  })
  return { parsed, diagnostics, findings }
}

/** `version` is said once a file; an empty document is an empty mapping, so that the missing version is the finding. */
function documentValue(document: Document, index: number): unknown {
  const value = document.value ?? {}
  if (index === 0 || typeof value !== 'object' || Array.isArray(value)) return value
  return { version: 1, ...value }
}

function isRefused(findings: readonly SchemaFinding[], path: Path): boolean {
  return findings.some(finding => path.every((segment, index) => String(finding.path[index]) === String(segment)))
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
    daemon: draft.daemon,
    files: sources.map(source => source.file),
  }
}
