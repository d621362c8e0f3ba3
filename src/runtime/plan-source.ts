// Files -> Plan, again and again: the owner of everything that is remembered from one reload to the next, so that one changed
// file among many costs one file.
import { Memory, type Remember } from '../base/memory.ts'
import type { Steps } from '../base/steps.ts'
import { compileInSteps } from '../compile/compile.ts'
import type { Plan } from '../compile/plan.ts'
import { checkFiles, type FileGroup } from '../config/check.ts'
import { type CheckedFile, checkFile } from '../config/check-file.ts'
import { groupSources, type SourceGroup } from '../config/group-files.ts'
import {
  createReadCache,
  emptyFolders,
  judgeEmptyFolders,
  type ReadSources,
  readAgain,
  type Suspects,
  sameSources,
} from '../config/read.ts'
import type { Source } from '../config/yaml/source.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { inTurns } from './in-turns.ts'

export interface ReadPlan {
  /** Undefined with errors. */
  plan?: Plan
  diagnostics: Diagnostic[]
  /** How many files were read. */
  files: number
}

export class PlanSource {
  readonly #directory: string
  readonly #files = createReadCache()
  readonly #written = new WeakMap<Source, CheckedFile>()
  readonly #known = new WeakMap<SourceGroup, FileGroup>()
  #groups: readonly SourceGroup[] = []
  /** What is remembered of the check outlives a file with errors, after which nothing is compiled. */
  readonly #checked = new Memory()
  readonly #compiled = new Memory()
  #read: ReadSources | undefined
  /** When a plan was read last. */
  #empty: ReadonlySet<string> = new Set()

  constructor(directory: string) {
    this.#directory = directory
  }

  /** Where nothing runs yet, folders may be empty. */
  async load(paths: readonly string[], isStart: boolean): Promise<ReadPlan> {
    const read = await this.#readAgain(paths, 'all')
    return this.#plan(isStart ? judgeEmptyFolders(read, () => true) : read)
  }

  async reload(paths: readonly string[]): Promise<ReadPlan> {
    return this.#planAgain(await this.#readAgain(paths, 'all'))
  }

  /** Undefined when the files say what they said when they were read last, whatever came of that. */
  async readChanged(paths: readonly string[], suspects: Suspects): Promise<ReadPlan | undefined> {
    const last = this.#read
    const read = await this.#readAgain(paths, suspects)
    return last && sameSources(last, read) ? undefined : this.#planAgain(read)
  }

  async #readAgain(paths: readonly string[], suspects: Suspects): Promise<ReadSources> {
    this.#read = await readAgain(paths, this.#directory, { cache: this.#files, suspects })
    return this.#read
  }

  /** A folder may go on waiting for its first file. One that had files lost them: what runs is not replaced by nothing. */
  #planAgain(read: ReadSources): Promise<ReadPlan> {
    return this.#plan(judgeEmptyFolders(read, folder => this.#empty.has(folder)))
  }

  /** Whether all of these are files of the configuration. */
  knows(paths: ReadonlySet<string>): boolean {
    return this.#read !== undefined && this.#read.sources.filter(({ path }) => paths.has(path)).length === paths.size
  }

  /** Requests go on meanwhile, between one step and the next. */
  async #plan(all: ReadSources): Promise<ReadPlan> {
    const { sources, diagnostics: unread } = all
    const groups = await inTurns(this.#checkGroups(sources))
    const checked = await remembering(this.#checked, remember => checkFiles(groups, remember, unread))
    const read = { diagnostics: checked.diagnostics, files: sources.length }
    if (!checked.ok) return read
    this.#empty = emptyFolders(all)
    return { ...read, plan: await remembering(this.#compiled, remember => compileInSteps(checked.value, remember)) }
  }

  *#checkGroups(sources: readonly Source[]): Steps<FileGroup[]> {
    this.#groups = groupSources(sources, this.#groups)
    const checked: FileGroup[] = []
    for (const group of this.#groups) checked.push(this.#known.get(group) ?? (yield* this.#checkGroup(group)))
    return checked
  }

  *#checkGroup(group: SourceGroup): Steps<FileGroup> {
    const files: CheckedFile[] = []
    for (const source of group.sources) {
      files.push(this.#checkOne(source))
      yield
    }
    const checked = { id: group.id, files }
    this.#known.set(group, checked)
    return checked
  }

  /** One content of one file is one source. */
  #checkOne(source: Source): CheckedFile {
    const known = this.#written.get(source) ?? checkFile(source, () => {})
    this.#written.set(source, known)
    return known
  }
}

async function remembering<T>(memory: Memory, steps: (remember: Remember) => Steps<T>): Promise<T> {
  const { remember, end } = memory.begin()
  const result = await inTurns(steps(remember))
  end()
  return result
}
