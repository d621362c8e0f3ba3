// Files -> Config: parse, schema, rules. Pure: no file, no network, no secret is read here. Every finding of every file at
// once, sorted by place.
import { type Remember, rememberNothing } from '../base/memory.ts'
import { atOnce, mapInSteps, type Steps } from '../base/steps.ts'
import { type Checked, type Diagnostic, hasErrors, sortDiagnostics } from '../diagnostics/diagnostic.ts'
import { type CheckedFile, checkFile } from './check-file.ts'
import type { Definitions } from './definitions/definitions.ts'
import { buildDraft, type Draft } from './definitions/draft.ts'
import { applyIgnores, type IgnoreComment } from './ignore.ts'
import type { Config } from './model/config.ts'
import { withoutRepeats } from './repeats.ts'
import { type Looked, lookAtAll, lookAtPart } from './run-rules.ts'
import type { Source } from './yaml/source.ts'

/** How many files are done, and how much of the one that is read, from 0 to 1. */
export interface CheckProgress {
  done: number
  reading?: { file: string; part: number }
}

export interface CheckOptions {
  /** What could not be read. It is told with the rest, and that names of it are missing is not. */
  unread?: readonly Diagnostic[]
  onProgress?(progress: CheckProgress): void
}

export function checkConfig(
  sources: readonly Source[],
  remember: Remember = rememberNothing,
  { unread = [], onProgress = () => {} }: CheckOptions = {},
): Checked<Config> {
  const files = sources.map((source, index): CheckedFile => {
    const onPart = (part: number) => onProgress({ done: index, reading: { file: source.file, part } })
    const file = remember(`file ${source.path}`, [source.text, source.file], () => checkFile(source, onPart))
    onProgress({ done: index + 1 })
    return file
  })
  return atOnce(checkFiles(files, sources, remember, unread))
}

/** `files` are what the sources hold, in their order. */
export function* checkFiles(
  files: readonly CheckedFile[],
  sources: readonly Source[],
  remember: Remember,
  unread: readonly Diagnostic[],
): Steps<Checked<Config>> {
  const { written, ignores, isRead, ...read } = joined(files)
  yield
  const draft = buildDraft(written, !hasErrors(unread) && isRead, remember)
  yield
  const looked = yield* mapInSteps(draft.parts, part => lookAgain(part, draft, remember))
  yield
  const found = [...unread, ...read.diagnostics, ...lookAtAll(draft, looked)]
  for (const { diagnostics } of looked) for (const diagnostic of diagnostics) found.push(diagnostic)
  const diagnostics = sortDiagnostics(applyIgnores(withoutRepeats(sortDiagnostics(found)), ignores))
  if (hasErrors(diagnostics)) return { ok: false, diagnostics }
  return { ok: true, value: toConfig(draft, sources), diagnostics }
}

function joined(files: readonly CheckedFile[]) {
  const written: Definitions[] = []
  const diagnostics: Diagnostic[] = []
  const ignores: IgnoreComment[] = []
  let isRead = true
  for (const file of files) {
    for (const definitions of file.definitions) written.push(definitions)
    for (const diagnostic of file.diagnostics) diagnostics.push(diagnostic)
    for (const comment of file.ignores) ignores.push(comment)
    isRead &&= file.isRead
  }
  return { written, diagnostics, ignores, isRead }
}

/** A document is looked at again when it is another one, or what its definitions may name is. */
function lookAgain(part: Definitions, { scopes }: Draft, remember: Remember): Looked {
  const { accounts, services, actions, values } = part
  const sources: unknown[] = []
  for (const owners of [accounts, services, actions]) for (const owner of owners) scopes.addSources(owner, sources)
  return remember(part, sources, () => lookAtPart({ accounts, services, actions, values, scopes }))
}

function toConfig(draft: Draft, sources: readonly Source[]): Config {
  return {
    vars: draft.vars,
    accounts: draft.accountsByKey,
    services: draft.servicesByName,
    actions: new Map(draft.actions.map(action => [action.name, action])),
    daemon: draft.daemon,
    bearers: draft.bearers,
    scopes: draft.scopes,
    files: sources.map(source => source.file),
  }
}
