// A stream -> a new file, which is on the disk when it has ended.
import { type FileHandle, open } from 'node:fs/promises'
import { type Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { freeBuffer } from '../base/free-buffer.ts'

/** What comes while the disk works is written at once, and no more is taken than this. */
const AHEAD_BYTES = 1024 * 1024

/** Nobody else may have the chunks of the stream: their memory is freed. `see` gets each of them before, and may throw. */
export function streamToFile(content: Readable, path: string, see: (chunk: Buffer) => void): Promise<void> {
  let file: FileHandle
  const write = async (chunks: readonly Buffer[]) => {
    for (const chunk of chunks) see(chunk)
    await writeAll(file, chunks)
    for (const chunk of chunks) freeBuffer(chunk)
  }
  const create = async () => {
    file = await open(path, 'wx', 0o600)
  }
  const sink = new Writable({
    highWaterMark: AHEAD_BYTES,
    construct: done => settle(create(), done),
    writev: (parts, done) => settle(write(parts.map(({ chunk }) => chunk)), done),
    final: done => settle(file.sync(), done),
    destroy: (error, done) => settle(file?.close(), failure => done(failure ?? error)),
  })
  return pipeline(content, sink)
}

function settle(work: Promise<void> | undefined, done: (error?: Error | null) => void): void {
  Promise.resolve(work).then(() => done(), done)
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
