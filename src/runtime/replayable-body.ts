// A request body that can be sent again: small ones are read first, large ones stay a stream.

/** Bodies up to this size are read before they are sent. */
export const MAX_REPLAYABLE_BYTES = 64 * 1024

export type ReplayableBody =
  | { kind: 'none' }
  | { kind: 'bytes'; bytes: Uint8Array<ArrayBuffer> }
  | { kind: 'stream'; stream: ReadableStream<Uint8Array> }

/** Reads until the end or the limit, whichever comes first. */
export async function readReplayable(
  body: ReadableStream<Uint8Array> | null,
  maxBytes = MAX_REPLAYABLE_BYTES,
): Promise<ReplayableBody> {
  if (!body) return { kind: 'none' }
  const reader = body.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  while (size <= maxBytes) {
    const { done, value } = await reader.read()
    if (done) return { kind: 'bytes', bytes: new Uint8Array(Buffer.concat(chunks)) }
    chunks.push(value)
    size += value.byteLength
  }
  return { kind: 'stream', stream: continued(chunks, reader) }
}

/** What was read already, then the rest. */
function continued(chunks: Uint8Array[], reader: ReadableStreamDefaultReader<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      const chunk = chunks.shift()
      if (chunk) return controller.enqueue(chunk)
      const { done, value } = await reader.read()
      if (done) controller.close()
      else controller.enqueue(value)
    },
    cancel: reason => reader.cancel(reason),
  })
}
