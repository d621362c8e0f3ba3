// The body of an answer -> what is kept with the delivery, and the text that says whether the token was accepted. Never more
// of it than one of them wants.
import type { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'
import { isJudged, MAX_JUDGED_BYTES } from '../compile/rejection.ts'
import { decodedText } from '../runtime/decoded-text.ts'
import type { KeptResponse } from '../runtime/delivering.ts'

export interface ReadOptions {
  /** Undefined: nothing is kept. */
  keepBytes?: number
  /** Whether the body of an answer with this status says something about the token. */
  judges?(status: number): boolean
}

export interface ReadAnswer {
  response?: KeptResponse
  /** Absent: it says nothing about the token, or is no body that is looked at. */
  judged?: string
}

const MAX_DISCARDED_BYTES = 256 * 1024

/** Rejects with an error of the connection only where the body is to be kept. */
export async function readAnswer(
  { statusCode: status, headers, body }: Dispatcher.ResponseData,
  { keepBytes, judges }: ReadOptions,
): Promise<ReadAnswer> {
  const header = (name: string) => String(headers[name] ?? '')
  const isRead = judges?.(status) === true && isJudged(header('content-type'), header('content-length'))
  if (keepBytes === undefined && !isRead) {
    // Without its end the connection is closed instead of used again; the answer stands already.
    await body.dump({ limit: MAX_DISCARDED_BYTES }).catch(() => undefined)
    return {}
  }
  const reading = readUpTo(body, Math.max(keepBytes ?? 0, isRead ? MAX_JUDGED_BYTES : 0))
  const bytes = await (keepBytes === undefined ? reading.catch(() => Buffer.alloc(0)) : reading)
  const isWhole = isRead && bytes.length <= MAX_JUDGED_BYTES
  return {
    ...(isWhole && { judged: decodedText(bytes, header('content-encoding'), MAX_JUDGED_BYTES) }),
    ...(keepBytes !== undefined && { response: kept(bytes, { status, keepBytes, type: headers['content-type'] }) }),
  }
}

/** More than `limit` where there is more. */
async function readUpTo(body: Readable, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    chunks.push(chunk as Buffer)
    size += (chunk as Buffer).length
    if (size > limit) break
  }
  return Buffer.concat(chunks)
}

function kept(bytes: Buffer, of: { status: number; keepBytes: number; type: unknown }): KeptResponse {
  const { status, keepBytes, type } = of
  return {
    status,
    ...(typeof type === 'string' && { contentType: type }),
    body: bytes.subarray(0, keepBytes),
    cut: bytes.length > keepBytes,
  }
}
