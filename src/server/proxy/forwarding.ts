// One caller's request on its way to a service: what is known about it while it is forwarded.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { AppError } from '../../base/error.ts'
import type { Limits } from '../../config/model/model.ts'
import type { LiveService } from '../../runtime/generation/live-service.ts'
import type { Repeats } from '../../runtime/repeats.ts'
import { MAX_REPLAYABLE_BYTES } from '../../runtime/replayable-body.ts'
import { bodyTooSlow, Upload } from './upload.ts'

export interface Exchange {
  request: IncomingMessage
  response: ServerResponse
  requestId: string
}

export type BodyLimits = Pick<Limits, 'requestBodyBytes' | 'bodyTimeoutMs'>

export type Body = { kind: 'none' } | { kind: 'buffer'; bytes: Buffer } | { kind: 'stream'; upload: Upload }

export interface Forwarding extends Exchange {
  service: LiveService
  rest: string
  body: Body
  limits: BodyLimits
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
  limits: BodyLimits,
): Forwarding {
  const forwarding: Forwarding = {
    request,
    response,
    requestId,
    service,
    rest,
    body: bodyOf(request, () => new Upload({ request, service: service.plan.name, maxBytes: limits.requestBodyBytes })),
    limits,
    startedAtMs: performance.now(),
    renewed: false,
    proven: false,
    reconnected: false,
    repeats: undefined,
    leaveSlot: undefined,
    answer: undefined,
  }
  response.on('close', () => forwarding.answer?.callerIsGone())
  return forwarding
}

function bodyOf({ headers }: IncomingMessage, createUpload: () => Upload): Body {
  const length = Number(headers['content-length'] ?? 0)
  const isChunked = headers['transfer-encoding'] !== undefined
  if (isChunked || length > MAX_REPLAYABLE_BYTES) return { kind: 'stream', upload: createUpload() }
  return length === 0 ? { kind: 'none' } : { kind: 'buffer', bytes: Buffer.alloc(0) }
}

/** Whether it can be sent once more as it is. */
export function isReplayable(body: Body): boolean {
  return body.kind !== 'stream' || body.upload.isReplayable
}

/** Rejects with AppError `request_timeout` when it is not there in time; the connection stays open for the answer. */
export function readBody(request: IncomingMessage, limitMs: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const late = () => reject(bodyTooSlow())
    const timer = setTimeout(late, limitMs)
    request.once('timeout', late)
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.once('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)))
    request.once('close', () => {
      clearTimeout(timer)
      // An error costs, with its stack, more than the body.
      if (!request.readableEnded) reject(new AppError('request_timeout', 'the caller left within the body'))
    })
  })
}
