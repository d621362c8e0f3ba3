// A stored file -> its bytes in parts. Their buffers are used again: with a new one for each part, most of the time of a large
// delivery would go into finding memory and giving it back.
import { type FileHandle, open } from 'node:fs/promises'
import { AppError } from '../base/error.ts'
import type { StoredFile } from './delivery.ts'

/** More than any stream keeps before it says that it is full. */
const PART_BYTES = 512 * 1024
/** One part is on the socket, one in a stream before it, one on its way; and one more. */
const BUFFERS = 4

/**
 * As many bytes as were seen before: what grows is cut, and what shrinks ends in AppError `file_unavailable`. A part may be used
 * until the third one after it is asked for: that is, by whoever asks for no more while a stream is full. `onSent` is told of
 * a part when the next one is asked for.
 */
export async function* readFile(
  { path, name, size, bytes }: StoredFile,
  onSent: ((bytes: number) => void) | undefined,
): AsyncGenerator<Buffer> {
  if (size === 0) return
  if (bytes) {
    yield bytes
    onSent?.(size)
    return
  }
  const buffers: Buffer[] = []
  const file = await open(path, 'r')
  try {
    for (let at = 0, turn = 0; at < size; at += PART_BYTES, turn = (turn + 1) % BUFFERS) {
      const buffer = buffers[turn] ?? Buffer.allocUnsafeSlow(Math.min(size, PART_BYTES))
      buffers[turn] = buffer
      const part = buffer.subarray(0, size - at)
      if (!(await fill(part, file, at)))
        throw new AppError('file_unavailable', `file \`${name}\` became shorter while it was read`)
      yield part
      onSent?.(part.length)
    }
  } finally {
    await file.close()
  }
}

/** False when the file ends before. */
async function fill(part: Buffer, file: FileHandle, at: number): Promise<boolean> {
  for (let filled = 0; filled < part.length; ) {
    const { bytesRead } = await file.read(part, filled, part.length - filled, at + filled)
    if (bytesRead === 0) return false
    filled += bytesRead
  }
  return true
}
