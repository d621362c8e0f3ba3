// Files that a caller names -> what is known of them before they are sent. Their content stays on the disk.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { AppError, systemErrorCode } from '../base/error.ts'
import { contentTypeOf, safeBaseName } from '../compile/actions/file-name.ts'
import type { GivenFile } from '../runtime/delivering.ts'
import type { StoredFile } from './delivery.ts'

/** Throws AppError `file_unavailable` for the first one that is no readable file. */
export async function openFiles(
  given: readonly GivenFile[],
  options: { directory: string; sha256: boolean },
): Promise<StoredFile[]> {
  const files: StoredFile[] = []
  for (const file of given) files.push(await openFile(typeof file === 'string' ? { path: file } : file, options))
  return files
}

async function openFile(
  { path, name, type }: Exclude<GivenFile, string>,
  { directory, sha256 }: { directory: string; sha256: boolean },
): Promise<StoredFile> {
  const absolute = resolve(directory, path)
  const own = safeBaseName(name ?? basename(path))
  const size = await sizeOf(absolute, path)
  return {
    name: own,
    size,
    type: type ?? contentTypeOf(own),
    path: absolute,
    ...(sha256 && { sha256: await hashFile(absolute) }),
  }
}

const REASONS: Record<string, string> = {
  ENOENT: 'no such file',
  EACCES: 'permission denied',
  ENAMETOOLONG: 'its name is too long',
  ERR_INVALID_ARG_VALUE: 'its name holds a NUL',
}

async function sizeOf(path: string, shown: string): Promise<number> {
  let handle: FileHandle | undefined
  const unavailable = (reason: string) =>
    new AppError('file_unavailable', `${JSON.stringify(shown).slice(1, -1)}: ${reason}`)
  try {
    handle = await open(path, 'r')
    const info = await handle.stat()
    if (info.isFile()) return info.size
    throw unavailable(info.isDirectory() ? 'this is a folder' : 'this is no regular file')
  } catch (error) {
    if (error instanceof AppError) throw error
    const code = systemErrorCode(error) ?? ''
    throw unavailable(REASONS[code] ?? `cannot be read (${code})`)
  } finally {
    await handle?.close()
  }
}

export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}
