// A caller's body that goes on to the service as it comes. One that does not say its length is kept on the way, as long as it
// is small: then it can be sent again from its beginning.
import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { collectPassed } from '../../base/collect-passed.ts'
import { AppError } from '../../base/error.ts'
import { MAX_REPLAYABLE_BYTES } from '../../runtime/replayable-body.ts'

export interface UploadParts {
  request: IncomingMessage
  /** Its name. */
  service: string
  maxBytes: number | undefined
}

const FIRST_KEPT_BYTES = 1024

export class Upload {
  readonly #request: IncomingMessage
  readonly #service: string
  /** What came so far, in one piece: a small chunk may hold much memory. Undefined where it is not kept. */
  #kept: Buffer | undefined
  #keptBytes = 0
  #leftBytes: number
  /** What the service gets. */
  #sent: Readable | undefined
  #begun = false

  constructor({ request, service, maxBytes = Infinity }: UploadParts) {
    this.#request = request
    this.#service = service
    this.#leftBytes = maxBytes
    if (request.headers['transfer-encoding'] !== undefined) this.#kept = Buffer.allocUnsafe(FIRST_KEPT_BYTES)
  }

  get isReplayable(): boolean {
    return this.#kept !== undefined
  }

  /**
   * From its beginning. A stream of its own: an answer that comes early ends the upload, and must not end the caller's
   * connection.
   */
  stream(): Readable {
    const stream: Readable = new Readable({ read: () => void (this.#sent === stream && this.#request.resume()) })
    stream.on('error', () => {})
    this.#sent = stream
    if (this.#keptBytes > 0) stream.push(this.#kept?.subarray(0, this.#keptBytes))
    if (this.#request.readableEnded) stream.push(null)
    if (!this.#begun) this.#begin()
    return stream
  }

  /** What comes now waits for the next stream. This one ends: over HTTP/2 it would be open for as long as the connection. */
  hold(): void {
    const sent = this.#sent
    this.#sent = undefined
    sent?.push(null)
    this.#request.pause()
  }

  #begin(): void {
    this.#begun = true
    this.#request.on('timeout', () => isStalled(this.#request) && this.#sent?.destroy(bodyTooSlow()))
    this.#request.on('data', (chunk: Buffer) => this.#take(chunk))
    this.#request.once('end', () => this.#sent?.push(null))
  }

  #take(chunk: Buffer): void {
    collectPassed(chunk.length)
    this.#leftBytes -= chunk.length
    if (this.#leftBytes < 0) this.#sent?.destroy(bodyTooLarge(this.#service))
    this.#keep(chunk)
    const stream = this.#sent
    // What comes after its end is dropped.
    if (stream && !stream.destroyed && !stream.push(chunk)) this.#request.pause()
  }

  #keep(chunk: Buffer): void {
    if (!this.#kept) return
    const bytes = this.#keptBytes + chunk.length
    if (bytes > MAX_REPLAYABLE_BYTES) {
      this.#kept = undefined
      return
    }
    if (bytes > this.#kept.length) {
      const larger = Buffer.allocUnsafe(Math.min(2 * bytes, MAX_REPLAYABLE_BYTES))
      this.#kept.copy(larger, 0, 0, this.#keptBytes)
      this.#kept = larger
    }
    chunk.copy(this.#kept, this.#keptBytes)
    this.#keptBytes = bytes
  }
}

/** Of one that comes in parts: the caller has stopped, and the service has all that came. */
export function isStalled(request: IncomingMessage): boolean {
  return !request.complete && request.readableLength === 0
}

export function bodyTooSlow(): AppError {
  return new AppError('request_timeout', 'the body did not come in time; see `daemon.limits.bodyTimeout`')
}

export function bodyTooLarge(service: string): AppError {
  return new AppError('body_too_large', 'the body is larger than `daemon.limits.requestBody`', { service })
}
