// One caller's request on its way to a service: what is known about it while it is forwarded.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { LiveService } from '../runtime/live-service.ts'
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
  startedAtMs: number
  /** A new token was asked for because of a 401. */
  renewed: boolean
  /** A connection that the service had closed was replaced. */
  reconnected: boolean
}

export function createForwarding(exchange: Exchange, service: LiveService, rest: string): Forwarding {
  const body = bodyKind(exchange.request)
  return { ...exchange, service, rest, body, startedAtMs: performance.now(), renewed: false, reconnected: false }
}

function bodyKind({ headers }: IncomingMessage): Body {
  if (headers['transfer-encoding'] !== undefined) return { kind: 'stream' }
  const length = Number(headers['content-length'] ?? 0)
  if (length === 0) return { kind: 'none' }
  return length <= MAX_REPLAYABLE_BYTES ? { kind: 'buffer', bytes: Buffer.alloc(0) } : { kind: 'stream' }
}

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
