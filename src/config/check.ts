// Files -> Config: parse, schema, rules. Pure: no file, no network, no secret is read here. Every finding of every file at
// once, sorted by place.
import { type Remember, rememberNothing } from '../base/memory.ts'
import { atOnce, mapInSteps, type Steps } from '../base/steps.ts'
import { type Checked, type Diagnostic, hasErrors, sortDiagnostics } from '../diagnostics/diagnostic.ts'
import { type CheckedFile, checkFile } from './check-file.ts'
import { buildDraft, type Draft } from './definitions/draft.ts'
import { type Part, partOf } from './definitions/part.ts'
import { groupSources } from './group-files.ts'
import { applyIgnores } from './ignore.ts'
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
  let done = 0
  const checkOne = (source: Source): CheckedFile => {
    const onPart = (part: number) => onProgress({ done, reading: { file: source.file, part } })
    const file = remember('file', source.path, [source.text, source.file], () => checkFile(source, onPart))
    onProgress({ done: ++done })
    return file
  }
  const groups = groupSources(sources).map(group => ({ id: group.id, files: group.sources.map(checkOne) }))
  return atOnce(checkFiles(groups, remember, unread))
}

/** Files that are looked at together. */
export interface FileGroup {
  /** One within a configuration. */
  id: string
  files: readonly CheckedFile[]
}

/** Groups that are joined in a moment. */
const FEW = 10

export function* checkFiles(
  groups: readonly FileGroup[],
  remember: Remember,
  unread: readonly Diagnostic[],
): Steps<Checked<Config>> {
  const read = yield* mapInSteps(groups, ({ id, files }) => remember('files', id, files, () => joined(id, files)), FEW)
  const parts = read.map(({ part }) => part)
  const draft = buildDraft(parts, !hasErrors(unread) && read.every(({ isRead }) => isRead), remember)
  yield
  const looked = yield* mapInSteps(draft.parts, (part, index) => lookAgain(part, index, draft, remember), 1)
  yield
  const found = [...unread, ...read.flatMap(({ diagnostics }) => diagnostics), ...lookAtAll(draft, looked)]
  for (const { diagnostics } of looked) for (const diagnostic of diagnostics) found.push(diagnostic)
  const ignores = read.flatMap(files => files.ignores)
  const diagnostics = sortDiagnostics(applyIgnores(withoutRepeats(sortDiagnostics(found)), ignores))
  return hasErrors(diagnostics) ? { ok: false, diagnostics } : { ok: true, value: draft, diagnostics }
}

function joined(id: string, files: readonly CheckedFile[]) {
  return {
    part: partOf(
      id,
      files.flatMap(({ definitions }) => definitions),
    ),
    isRead: files.every(file => file.isRead),
    diagnostics: files.flatMap(({ diagnostics }) => diagnostics),
    ignores: files.flatMap(({ ignores }) => ignores),
  }
}

/** A part is looked at again when it is another one, or what its definitions may name is. */
function lookAgain(part: Part, index: number, { scopes, from }: Draft, remember: Remember): Looked {
  return remember('look', part.id, from[index]!, () => lookAtPart(part, scopes))
}
