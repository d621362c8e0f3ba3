// The files of deliveries in the state folder: streamed in, safe on the disk before they count, and gone with what they
// belonged to. What an upload that broke off has left is removed.
import { createHash } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { AppError, systemErrorCode } from '../base/error.ts'
import { contentTypeOf, safeBaseName } from '../compile/actions/file-name.ts'
import type { StoredFile } from './delivery.ts'
import type { Quota } from './quota.ts'
import { streamToFile } from './stream-to-file.ts'

export interface UploadLimits {
  /** Bytes of one delivery. */
  maxBytes: number
}

/** The files of one delivery on their way in. */
export interface Upload {
  /** Reads the stream to its end. Rejects with AppError `storage_full` or `body_too_large`, or with the stream's own error. */
  add(content: Readable, file: { name: string; type?: string }): Promise<void>
  /** They stay, on the disk whatever happens; or `content` is for the queue to keep. */
  keep(): Promise<{ files: StoredFile[]; content?: Buffer }>
  /** Removes what came. */
  drop(): Promise<void>
}

export interface LeftoverRules {
  /** Those of these ids whose files are needed. */
  neededAmong(ids: readonly string[]): Promise<readonly string[]>
  /** Younger ones may be another process's uploads. */
  minAgeMs: number
}

const MANY = 1_000

export class ContentStore {
  readonly #directory: string
  readonly #folder: string
  readonly #uploads: string
  readonly #quota: Quota
  readonly #nowMs: () => number

  constructor(directory: string, quota: Quota, nowMs: () => number) {
    this.#directory = directory
    this.#folder = join(directory, 'content')
    this.#uploads = join(directory, 'uploads')
    this.#quota = quota
    this.#nowMs = nowMs
  }

  async open(): Promise<void> {
    for (const folder of [this.#uploads, this.#folder]) await mkdir(folder, { recursive: true, mode: 0o700 })
  }

  /** Names the folder when it has no name yet: by it, replicas tell whether they see the same one. */
  async identity(newName: string): Promise<string> {
    const path = join(this.#directory, 'fleet')
    await writeFile(path, newName, { flag: 'wx', mode: 0o600, flush: true }).catch(error => {
      if (systemErrorCode(error) !== 'EEXIST') throw error
    })
    return (await readFile(path, 'utf8')).trim()
  }

  /** Removes what uploads that broke off and processes that died have left. */
  async clean({ neededAmong, minAgeMs }: LeftoverRules): Promise<void> {
    const old = async (folder: string) => {
      const found: string[] = []
      for (const id of await readdir(folder))
        if (this.#nowMs() - (await lastChangeMs(join(folder, id))) >= minAgeMs) found.push(id)
      return found
    }
    for (const id of await old(this.#uploads)) await this.#delete(this.#uploads, id)
    const kept = await old(this.#folder)
    for (let at = 0; at < kept.length; at += MANY) {
      const some = kept.slice(at, at + MANY)
      const needed = new Set(await neededAmong(some))
      for (const id of some) if (!needed.has(id)) await this.#delete(this.#folder, id)
    }
  }

  async begin(id: string, { maxBytes }: UploadLimits): Promise<Upload> {
    const folder = join(this.#uploads, id)
    await storing(() => mkdir(folder, { mode: 0o700 }))
    const files: StoredFile[] = []
    let received = 0
    let keptBytes = 0
    const take = (bytes: number): void => {
      received += bytes
      checkSize(received, maxBytes)
      this.#quota.receive(id, bytes)
    }
    return {
      add: async (content, file) => {
        files.push(await receive(content, file, { path: join(folder, String(files.length)), take }))
      },
      keep: async () => {
        const target = join(this.#folder, id)
        await storing(async () => {
          // Its age counts from now on, whenever the upload began.
          await utimes(folder, this.#nowMs() / 1000, this.#nowMs() / 1000)
          await syncFolder(folder)
          await rename(folder, target)
          await syncFolder(this.#folder)
        })
        keptBytes = this.#quota.kept(id)
        return { files: files.map((file, index) => ({ ...file, path: `content/${id}/${index}` })) }
      },
      drop: async () => {
        this.#quota.dropped(id)
        this.#quota.removed(keptBytes)
        keptBytes = 0
        await this.#delete(this.#uploads, id)
        await this.#delete(this.#folder, id)
      },
    }
  }

  /** Where a file is: the folder may be mounted elsewhere than where it was when the file came. */
  locate(file: StoredFile): StoredFile {
    return { ...file, path: resolve(this.#directory, file.path) }
  }

  remove(id: string): Promise<void> {
    return this.#delete(this.#folder, id)
  }

  #delete(folder: string, id: string): Promise<void> {
    return rm(join(folder, id), { recursive: true, force: true })
  }
}

/** Throws AppError `body_too_large`. */
export function checkSize(bytes: number, maxBytes: number): void {
  if (bytes > maxBytes) throw new AppError('body_too_large', 'the body is larger than `daemon.limits.requestBody`')
}

/** Of a folder and of what lies in it; one that cannot be looked at is not old. */
async function lastChangeMs(folder: string): Promise<number> {
  try {
    const names = await readdir(folder)
    const found = await Promise.all([folder, ...names.map(name => join(folder, name))].map(path => stat(path)))
    return Math.max(...found.map(({ mtimeMs }) => mtimeMs))
  } catch {
    return Number.POSITIVE_INFINITY
  }
}

async function receive(
  content: Readable,
  { name, type }: { name: string; type?: string },
  { path, take }: { path: string; take(bytes: number): void },
): Promise<StoredFile> {
  const hash = createHash('sha256')
  let size = 0
  const see = (chunk: Buffer): void => {
    take(chunk.length)
    size += chunk.length
    hash.update(chunk)
  }
  await storing(() => streamToFile(content, path, see))
  const own = safeBaseName(name)
  return { name: own, size, type: type ?? contentTypeOf(own), path, sha256: hash.digest('hex') }
}

/** A disk that is full is an answer of its own. */
async function storing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const code = systemErrorCode(error)
    if (code !== 'ENOSPC' && code !== 'EDQUOT' && code !== 'EFBIG') throw error
    throw new AppError('storage_full', 'the disk of the state folder is full; nothing was accepted')
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
