// Paths (files, folders, globs) -> sources. The only file of this folder that touches the disk. Reads no secret.
import * as fs from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { promisify } from 'node:util'
import { systemErrorCode } from '../base/error.ts'
import { mapLimited } from '../base/map-limited.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { suggest } from '../diagnostics/suggest.ts'
import { LARGER, MAX_BYTES, type Source } from './yaml/source.ts'

// `node:fs/promises` loads a good part of Node, which every start of a short command would wait for.
const stat = promisify(fs.stat)
const readdir = promisify(fs.readdir)
const readFile = promisify(fs.readFile)

export interface ReadSources {
  sources: Source[]
  /** `file/not-found`, `file/unreadable`, `file/empty-folder`, `file/too-large`. */
  diagnostics: Diagnostic[]
}

/** What was read, by path, and all of it in order. Without a state it is read again whatever its times say. */
export interface ReadCache {
  files: Map<string, { state: string | undefined; source: Source }>
  last?: { paths: string; read: ReadSources }
}

export function createReadCache(): ReadCache {
  return { files: new Map() }
}

/** Which files may have changed: those with these paths, those that their times betray, or all whatever their times say. */
export type Suspects = ReadonlySet<string> | 'times' | 'all'

interface Again {
  cache: ReadCache
  suspects: Suspects
}

/** As `readSources`, without reading what is not suspected. */
export async function readAgain(paths: readonly string[], directory: string, again: Again): Promise<ReadSources> {
  const { cache, suspects } = again
  const id = paths.join('\n')
  const known = cache.last?.paths === id && typeof suspects !== 'string' ? cache.last.read : undefined
  const few = known && (await readFew(known, suspects as ReadonlySet<string>, directory))
  for (const source of few?.sources ?? [])
    if ((suspects as ReadonlySet<string>).has(source.path)) cache.files.set(source.path, { state: undefined, source })
  const read = few ?? (await readSources(paths, directory, again))
  cache.last = { paths: id, read }
  return read
}

/** Undefined when that is not enough: one of the paths is no file of the configuration, or cannot be read. */
async function readFew(
  { sources, diagnostics }: ReadSources,
  suspects: ReadonlySet<string>,
  directory: string,
): Promise<ReadSources | undefined> {
  const read = new Map<string, Source>()
  for (const known of sources) {
    const { path } = known
    if (!suspects.has(path)) continue
    const source = await readSource(path, directory)
    if ('code' in source) return undefined
    read.set(path, source.text === known.text ? known : source)
  }
  if (read.size < suspects.size || diagnostics.length > 0) return undefined
  return { sources: sources.map(source => read.get(source.path) ?? source), diagnostics }
}

/** Every file that the paths mean, each once, in the order of the paths and by name within a folder. */
export async function readSources(paths: readonly string[], directory: string, again?: Again): Promise<ReadSources> {
  const diagnostics: Diagnostic[] = []
  const files = new Set<string>()
  for (const path of paths) {
    const found = await filesOf(path, directory)
    diagnostics.push(...found.diagnostics)
    for (const file of found.files) files.add(file)
  }
  const read = await mapLimited([...files], 32, file => readCached(file, directory, again))
  const sources = read.filter(result => 'text' in result)
  diagnostics.push(...read.filter(result => 'code' in result))
  const known = again?.cache.files
  for (const path of known?.keys() ?? []) if (!files.has(path)) known?.delete(path)
  // Beside other files it may be one that waits for its first.
  return judgeEmptyFolders({ sources, diagnostics }, () => sources.length > 0)
}

const EMPTY_FOLDER = 'file/empty-folder'

/** A warning for a folder that may be empty, an error for any other. */
export function judgeEmptyFolders(read: ReadSources, mayBeEmpty: (folder: string) => boolean): ReadSources {
  const judge = (one: Diagnostic): Diagnostic => ({ ...one, severity: mayBeEmpty(one.file) ? 'warning' : 'error' })
  return { ...read, diagnostics: read.diagnostics.map(one => (one.code === EMPTY_FOLDER ? judge(one) : one)) }
}

export function emptyFolders({ diagnostics }: ReadSources): Set<string> {
  return new Set(diagnostics.filter(({ code }) => code === EMPTY_FOLDER).map(({ file }) => file))
}

const YAML_FILE = /\.ya?ml$/i

function fileProblem(code: string, file: string, message: string, hint?: string): Diagnostic {
  const range = { start: { line: 1, column: 1 }, end: { line: 1, column: 1 } }
  return { code, severity: 'error', message, file, range, ...(hint && { hint }) }
}

function displayName(path: string, directory: string): string {
  const name = relative(directory, path)
  return name === '' || name.startsWith('..') ? path : name
}

interface FoundFiles {
  files: string[]
  diagnostics: Diagnostic[]
}

function faulty(...diagnostics: Diagnostic[]): FoundFiles {
  return { files: [], diagnostics }
}

async function filesOf(path: string, directory: string): Promise<FoundFiles> {
  const absolute = resolve(directory, path)
  const name = displayName(absolute, directory)
  try {
    if (!(await stat(absolute)).isDirectory()) return { files: [absolute], diagnostics: [] }
    const found = await yamlFilesBelow(absolute, directory)
    return found.files.length + found.diagnostics.length > 0
      ? found
      : faulty(fileProblem(EMPTY_FOLDER, name, 'this folder holds no .yaml or .yml file'))
  } catch (error) {
    if (!isMissing(error)) return faulty(unreadable(name, error))
  }
  const matches = /[*?[{]/.test(path) ? await expandGlob(path, directory) : []
  return matches.length > 0 ? { files: matches, diagnostics: [] } : faulty(await notFound(absolute, name))
}

function isMissing(error: unknown): boolean {
  return systemErrorCode(error) === 'ENOENT' || systemErrorCode(error) === 'ENOTDIR'
}

async function expandGlob(pattern: string, directory: string): Promise<string[]> {
  // Node 20 has none; there the shell expands.
  if (!fs.glob) return []
  const matches = await promisify<string, { cwd: string }, string[]>(fs.glob)(pattern, { cwd: directory })
  return matches
    .map(match => resolve(directory, match))
    .filter(match => YAML_FILE.test(match))
    .sort()
}

async function notFound(absolute: string, name: string): Promise<Diagnostic> {
  const siblings = await readdir(dirname(absolute)).catch(() => [])
  const nearest = suggest(absolute.slice(dirname(absolute).length + 1), siblings)
  const hint = nearest
    ? `did you mean \`${displayName(join(dirname(absolute), nearest), dirname(absolute))}\`?`
    : undefined
  return fileProblem('file/not-found', name, 'no such file or folder', hint)
}

function unreadable(name: string, error: unknown): Diagnostic {
  const code = systemErrorCode(error) ?? 'unknown reason'
  const [reason, hint] = REASONS[code] ?? [code]
  return fileProblem('file/unreadable', name, `cannot be read: ${reason}`, hint)
}

const REASONS: Record<string, [reason: string, hint: string]> = {
  EACCES: ['permission denied', 'check the permissions'],
  ENOENT: ['it is gone, or a link that leads nowhere', 'remove the link, or make what it points to'],
  ELOOP: ['a link that leads to itself', 'remove the link'],
}

/** Hidden entries are skipped: Kubernetes keeps `..data` there, editors their swap files. Links are followed. */
async function yamlFilesBelow(folder: string, directory: string, depth = 0): Promise<FoundFiles> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => error as Error)
  if (entries instanceof Error) return faulty(unreadable(displayName(folder, directory), entries))
  const found = faulty()
  const visible = entries.filter(({ name }) => !name.startsWith('.') && name !== 'node_modules')
  for (const entry of visible.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name)
    const info = entry.isSymbolicLink() ? await stat(path).catch(() => undefined) : entry
    if (info?.isDirectory() && depth < 16) {
      const below = await yamlFilesBelow(path, directory, depth + 1)
      found.files.push(...below.files)
      found.diagnostics.push(...below.diagnostics)
    }
    // What a link leads to is found out by reading it.
    if ((!info || info.isFile()) && YAML_FILE.test(entry.name)) found.files.push(path)
  }
  return found
}

/** Two writes within this time may leave the same times behind. */
const UNSAFE_MS = 2_000

async function readCached(path: string, directory: string, again?: Again): Promise<Source | Diagnostic> {
  if (!again) return readSource(path, directory)
  const { cache, suspects } = again
  const info = await stat(path).catch(() => undefined)
  const state = info && [info.dev, info.ino, info.size, info.mtimeMs, info.ctimeMs].join()
  const known = cache.files.get(path)
  if (known && state && known.state === state && suspects !== 'all') return known.source
  const read = await readSource(path, directory)
  const rests = info && Math.abs(Date.now() - Math.max(info.mtimeMs, info.ctimeMs)) > UNSAFE_MS
  if ('code' in read) {
    cache.files.delete(path)
    return read
  }
  // One text in memory for one content, and one source for which it is checked.
  const source = known?.source.text === read.text ? known.source : read
  cache.files.set(path, { state: rests ? state : undefined, source })
  return source
}

async function readSource(path: string, directory: string): Promise<Source | Diagnostic> {
  const file = displayName(path, directory)
  const tooLarge = () => fileProblem('file/too-large', file, LARGER, 'split it into several files')
  try {
    // A pipe has no size.
    if ((await stat(path)).size > MAX_BYTES) return tooLarge()
    const bytes = await readFile(path)
    if (bytes.length > MAX_BYTES) return tooLarge()
    return { path, file, text: decode(bytes) }
  } catch (error) {
    return unreadable(file, error)
  }
}

/** UTF-8, with UTF-16 by its byte order mark, as YAML 1.2 section 5.2 wants; without the mark itself. */
export function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  return new TextDecoder('utf-8').decode(bytes)
}

function isSame(a: Source, b: Source): boolean {
  return a === b || (a.path === b.path && a.text === b.text)
}

/** Whether two readings of the same paths say the same. */
export function sameSources(a: ReadSources, b: ReadSources): boolean {
  const same = a.sources.length === b.sources.length && a.diagnostics.length === b.diagnostics.length
  const problems = ({ diagnostics }: ReadSources) => JSON.stringify(diagnostics.map(({ code, file }) => [code, file]))
  return same && a.sources.every((source, index) => isSame(source, b.sources[index]!)) && problems(a) === problems(b)
}
