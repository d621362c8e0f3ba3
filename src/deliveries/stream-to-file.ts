// A stream -> a new file, which is on the disk when it has ended.
import { type FileHandle, open } from 'node:fs/promises'
import { type Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { freeBuffer } from '../base/free-buffer.ts'

/** What comes while the disk works is written at once, and no more is taken than this. */
const AHEAD_BYTES = 1024 * 1024

/** Nobody else may have the chunks of the stream: their memory is freed. `see` gets each of them before, and may throw. */
export async function streamToFile(content: Readable, path: string, see: (chunk: Buffer) => void): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await pipeline(content, sinkTo(file, see))
    await file.sync()
  } finally {
    await file.close()
  }
}

function sinkTo(file: FileHandle, see: (chunk: Buffer) => void): Writable {
  const write = async (chunks: readonly Buffer[]) => {
    for (const chunk of chunks) see(chunk)
    await writeAll(file, chunks)
    for (const chunk of chunks) freeBuffer(chunk)
  }
  return new Writable({
    highWaterMark: AHEAD_BYTES,
    writev: (parts, done) => void write(parts.map(({ chunk }) => chunk)).then(() => done(), done),
  })
}

async function writeAll(file: FileHandle, chunks: readonly Buffer[]): Promise<void> {
  let left = chunks
  for (let bytes = chunks.reduce((sum, { length }) => sum + length, 0); bytes > 0; ) {
    const { bytesWritten } = await file.writev(left)
    bytes -= bytesWritten
    // It took a part of them only.
    if (bytes > 0) left = [Buffer.concat(left).subarray(bytesWritten)]
  }
}
