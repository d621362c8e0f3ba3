// The files of deliveries in the state folder: streamed in, safe on the disk before they count, and gone with what they
// belonged to. What an upload that broke off has left is removed.
import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AppError, systemErrorCode } from '../base/error.ts'
import { contentTypeOf, safeBaseName } from '../compile/actions/file-name.ts'
import type { StoredFile } from './delivery.ts'

export interface UploadLimits {
  /** Bytes of one delivery. */
  maxBytes: number
}

/** The files of one delivery on their way in. */
export interface Upload {
  /** Reads the stream to its end. Rejects with AppError `storage_full` or `body_too_large`, or with the stream's own error. */
  add(content: Readable, file: { name: string; type?: string }): Promise<void>
  /** They stay, on the disk whatever happens. */
  keep(): Promise<StoredFile[]>
  /** Removes what came. */
  drop(): Promise<void>
}

export class ContentStore {
  readonly #folder: string
  readonly #uploads: string
  readonly #maxBytes: () => number
  readonly #sizes = new Map<string, number>()
  #bytes = 0

  constructor(directory: string, maxBytes: () => number) {
    this.#folder = join(directory, 'content')
    this.#uploads = join(directory, 'uploads')
    this.#maxBytes = maxBytes
  }

  /** `sizes`: bytes of each delivery that still needs its files. All other files are removed. */
  async open(sizes: ReadonlyMap<string, number>): Promise<void> {
    await rm(this.#uploads, { recursive: true, force: true })
    await mkdir(this.#uploads, { recursive: true, mode: 0o700 })
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    for (const [id, size] of sizes) this.#count(id, size)
    for (const id of await readdir(this.#folder))
      if (!sizes.has(id)) await rm(join(this.#folder, id), { recursive: true, force: true })
  }

  /** Throws AppError `storage_full` when so many bytes more do not fit. */
  checkRoom(bytes: number): void {
    if (this.#bytes + bytes <= this.#maxBytes()) return
    throw new AppError(
      'storage_full',
      'the files of waiting deliveries fill `daemon.state.maxSize`; nothing was accepted',
    )
  }

  async begin(id: string, { maxBytes }: UploadLimits): Promise<Upload> {
    const folder = join(this.#uploads, id)
    await storing(() => mkdir(folder, { mode: 0o700 }))
    const files: StoredFile[] = []
    let received = 0
    const take = (bytes: number): void => {
      received += bytes
      if (received > maxBytes)
        throw new AppError('body_too_large', 'the body is larger than `daemon.limits.requestBody`')
      this.checkRoom(bytes)
      this.#count(id, bytes)
    }
    return {
      add: async (content, file) => {
        files.push(await receive(content, file, { path: join(folder, String(files.length)), take }))
      },
      keep: async () => {
        const target = join(this.#folder, id)
        await storing(async () => {
          await syncFolder(folder)
          await rename(folder, target)
          await syncFolder(this.#folder)
        })
        return files.map((file, index) => ({ ...file, path: join(target, String(index)) }))
      },
      drop: async () => {
        this.#forget(id)
        await rm(folder, { recursive: true, force: true })
        await rm(join(this.#folder, id), { recursive: true, force: true })
      },
    }
  }

  async remove(id: string): Promise<void> {
    if (!this.#sizes.has(id)) return
    this.#forget(id)
    await rm(join(this.#folder, id), { recursive: true, force: true })
  }

  #count(id: string, bytes: number): void {
    this.#sizes.set(id, (this.#sizes.get(id) ?? 0) + bytes)
    this.#bytes += bytes
  }

  #forget(id: string): void {
    this.#bytes -= this.#sizes.get(id) ?? 0
    this.#sizes.delete(id)
  }
}

async function receive(
  content: Readable,
  { name, type }: { name: string; type?: string },
  { path, take }: { path: string; take(bytes: number): void },
): Promise<StoredFile> {
  const hash = createHash('sha256')
  let size = 0
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      try {
        take(chunk.length)
        size += chunk.length
        hash.update(chunk)
        done(null, chunk)
      } catch (error) {
        done(error as Error)
      }
    },
  })
  // `flush`: on the disk before it is closed.
  await storing(() => pipeline(content, counted, createWriteStream(path, { mode: 0o600, flush: true })))
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
