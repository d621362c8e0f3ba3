// An answer to a request whose body has not come to its end: the rest is read and dropped for a while. A connection that is
// closed while bytes arrive is reset, and the answer would be lost with it (RFC 9112 section 9.6).
import type { IncomingMessage } from 'node:http'

const LINGER_MS = 5_000
const LINGER_BYTES = 64 * 1024 * 1024

/** A body that ends within 5 seconds and 64 MiB leaves the connection as it was; with a longer one it ends. */
export function dropRest(request: IncomingMessage): void {
  if (request.complete || request.readableEnded) return
  const { socket } = request
  let left = LINGER_BYTES
  const timer = setTimeout(() => socket.destroy(), LINGER_MS)
  request.once('close', () => clearTimeout(timer))
  request.unpipe()
  request.on('data', (chunk: Buffer) => {
    left -= chunk.length
    if (left < 0) socket.destroy()
  })
  request.resume()
}
