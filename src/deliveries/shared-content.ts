// The files of deliveries where replicas share a queue: small ones go with the delivery into the database, larger ones into
// the folder that all replicas see, where there is one.
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { AppError } from '../base/error.ts'
import { contentTypeOf, safeBaseName } from '../compile/actions/file-name.ts'
import { type ContentStore, checkSize, type Upload, type UploadLimits } from './content-store.ts'
import type { StoredFile } from './delivery.ts'
import type { Quota } from './quota.ts'

/** Files of one delivery that the database takes; they are in memory while they come. */
export const MAX_DATABASE_BYTES = 1024 * 1024

/** What else a body may hold: its input, and what a form adds. */
const MAX_OTHER_BYTES = 2 * 1024 * 1024

export interface SharedContentParts {
  quota: Quota
  /** Undefined: everything must fit into the database. */
  folder: ContentStore | undefined
}

interface HeldFile {
  file: { name: string; type?: string }
  bytes: Buffer
}

export class SharedContent {
  readonly #parts: SharedContentParts

  constructor(parts: SharedContentParts) {
    this.#parts = parts
  }

  /** Throws AppError `body_too_large` for what cannot fit, before it is read. */
  checkExpected(bytes: number): void {
    if (!this.#parts.folder && bytes > MAX_DATABASE_BYTES + MAX_OTHER_BYTES) throw needsFolder()
  }

  begin(id: string, limits: UploadLimits): Upload {
    const { quota, folder } = this.#parts
    const held: HeldFile[] = []
    let heldBytes = 0
    let keptBytes = 0
    let spilled: Upload | undefined
    const take = (bytes: number): void => {
      heldBytes += bytes
      checkSize(heldBytes, limits.maxBytes)
      if (heldBytes > MAX_DATABASE_BYTES && !folder) throw needsFolder()
      quota.receive(id, bytes)
    }
    const spill = async (): Promise<Upload> => {
      quota.dropped(id)
      const upload = await folder!.begin(id, limits)
      for (const { file, bytes } of held) await upload.add(Readable.from([bytes]), file)
      return upload
    }
    return {
      async add(content, file) {
        if (spilled) return spilled.add(content, file)
        const chunks: Buffer[] = []
        const source: AsyncIterator<Buffer> = content[Symbol.asyncIterator]()
        try {
          for (let next = await source.next(); !next.done; next = await source.next()) {
            take(next.value.length)
            chunks.push(next.value)
            if (heldBytes <= MAX_DATABASE_BYTES) continue
            spilled = await spill()
            return await spilled.add(Readable.from(rest(chunks, source)), file)
          }
        } catch (error) {
          await source.return?.()
          throw error
        }
        held.push({ file, bytes: Buffer.concat(chunks) })
      },
      async keep() {
        if (spilled) return spilled.keep()
        keptBytes = quota.kept(id)
        return { files: held.map(describe), content: Buffer.concat(held.map(({ bytes }) => bytes)) }
      },
      async drop() {
        quota.dropped(id)
        quota.removed(keptBytes)
        keptBytes = 0
        await spilled?.drop()
      },
    }
  }

  /** With their bytes, or where they are. `content` reads what the database has of them. */
  async locate(files: readonly StoredFile[], content: () => Promise<Buffer | undefined>): Promise<StoredFile[]> {
    const { folder } = this.#parts
    if (files.every(({ path, size }) => path === '' && size === 0)) return [...files]
    if (files.some(({ path }) => path !== '')) {
      if (folder) return files.map(file => folder.locate(file))
      throw new AppError('file_unavailable', 'its files are in the folder that `daemon.state.dir` named')
    }
    const bytes = await content()
    if (!bytes) throw new AppError('file_unavailable', 'its content is not in the database any more')
    let start = 0
    return files.map(file => {
      start += file.size
      return { ...file, bytes: bytes.subarray(start - file.size, start) }
    })
  }
}

function needsFolder(): AppError {
  return new AppError(
    'body_too_large',
    'files of more than 1 MiB need a folder that all replicas share: name one as `daemon.state.dir`, beside `url`',
  )
}

async function* rest(chunks: readonly Buffer[], source: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* chunks
    for (let next = await source.next(); !next.done; next = await source.next()) yield next.value
  } finally {
    await source.return?.()
  }
}

function describe({ file: { name, type }, bytes }: HeldFile): StoredFile {
  const own = safeBaseName(name)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return { name: own, size: bytes.length, type: type ?? contentTypeOf(own), path: '', sha256 }
}
