// One caller's request on its way to a service: what is known about it while it is forwarded.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { AppError } from '../base/error.ts'
import type { LiveService } from '../runtime/live-service.ts'
import type { Repeats } from '../runtime/repeats.ts'
import { MAX_REPLAYABLE_BYTES } from '../runtime/replayable-body.ts'

export interface Exchange {
  request: IncomingMessage
  response: ServerResponse
  requestId(): string
}

export type Body = { kind: 'none' } | { kind: 'buffer'; bytes: Buffer } | { kind: 'stream' }

export interface Forwarding extends Exchange {
  service: LiveService
  rest: string
  body: Body
  /** Of a body; Infinity: any. */
  maxBytes: number
  startedAtMs: number
  /** A new token was asked for because of a 401. */
  renewed: boolean
  /** The service asked for a nonce, and got it. */
  proven: boolean
  /** A connection that the service had closed was replaced. */
  reconnected: boolean
  /** Of a request that `retry` is for. */
  repeats: Repeats | undefined
  /** Gives the place among those that run at once to the next one. */
  leaveSlot: (() => void) | undefined
  /** Of the service, while it is waited for or on its way. */
  answer: { callerIsGone(): void } | undefined
}

/** Tells the answer when the caller leaves before its end. */
export function createForwarding(
  { request, response, requestId }: Exchange,
  service: LiveService,
  rest: string,
  maxBytes = Infinity,
): Forwarding {
  const forwarding: Forwarding = {
    request,
    response,
    requestId,
    service,
    rest,
    body: bodyKind(request),
    maxBytes,
    startedAtMs: performance.now(),
    renewed: false,
    proven: false,
    reconnected: false,
    repeats: undefined,
    leaveSlot: undefined,
    answer: undefined,
  }
  response.once('close', () => forwarding.answer?.callerIsGone())
  return forwarding
}

function bodyKind({ headers }: IncomingMessage): Body {
  if (headers['transfer-encoding'] !== undefined) return { kind: 'stream' }
  const length = Number(headers['content-length'] ?? 0)
  if (length === 0) return { kind: 'none' }
  return length <= MAX_REPLAYABLE_BYTES ? { kind: 'buffer', bytes: Buffer.alloc(0) } : { kind: 'stream' }
}

/** How long a caller may pause within a small body. */
const PAUSE_MS = 30_000

/** Rejects with AppError `request_timeout` when nothing more comes; the connection stays open for the answer. */
export function readBody(request: IncomingMessage, pauseMs = PAUSE_MS): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const late = () => reject(new AppError('request_timeout', `no more of the body came for ${pauseMs / 1000} s`))
    const timer = setTimeout(late, pauseMs)
    request.on('data', (chunk: Buffer) => {
      timer.refresh()
      chunks.push(chunk)
    })
    request.once('end', () => resolve(Buffer.concat(chunks)))
    request.once('close', () => {
      clearTimeout(timer)
      reject(new AppError('request_timeout', 'the caller left within the body'))
    })
  })
}

export function bodyTooLarge(service: string): AppError {
  return new AppError('body_too_large', 'the body is larger than `daemon.limits.requestBody`', { service })
}
