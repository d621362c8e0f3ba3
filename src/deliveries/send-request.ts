// One request of a delivery -> the answer of its server. Files are streamed from the disk, with their length; redirects are
// not followed. Every failure is an AppError that says whether the same request may succeed later.
import type { Dispatcher } from 'undici'
import { AppError, type AppErrorDetails, appErrorIn, systemErrorCode } from '../base/error.ts'
import type { BodyPart } from '../compile/actions/action-plan.ts'
import type { Connection } from '../compile/plan.ts'
import { createConnections } from '../runtime/connections/connections.ts'
import type { StoredFile } from './delivery.ts'
import { type ReadAnswer, type ReadOptions, readAnswer } from './read-answer.ts'
import { readFile } from './read-file.ts'

export interface OutgoingRequest {
  url: URL
  method: string
  headers: readonly (readonly [string, string])[]
  body: readonly BodyPart[]
  files: readonly StoredFile[]
}

export interface SendOptions extends ReadOptions {
  /** Who is sent to, for errors. */
  target: string
  service?: string
  /** Until the response headers, and between parts of the body. */
  timeoutMs: number
  timeoutMessage?: string
  /** How the service is reached, where it says so. */
  connection?: Connection
  signal?: AbortSignal
  onSent?(bytes: number): void
}

export interface ServerAnswer extends ReadAnswer {
  status: number
  retryAfter?: string
  /** The headers WWW-Authenticate and DPoP-Nonce. */
  challenge?: string
  dpopNonce?: string
}

const connections = createConnections({ agent: { connect: { timeout: 10_000 }, keepAliveTimeout: 10_000 } })

export async function sendRequest(outgoing: OutgoingRequest, options: SendOptions): Promise<ServerAnswer> {
  const { url, method, headers } = outgoing
  const body = bodyOf(outgoing, options)
  try {
    const answer = await connections.dispatcher(options.connection, url.origin).request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: method as Dispatcher.HttpMethod,
      headers: [...headers.flat(), ...(body ? ['Content-Length', String(body.size)] : [])],
      // The client asks for the next part when its socket has room.
      body: (body?.content ?? null) as Buffer | null,
      headersTimeout: options.timeoutMs,
      bodyTimeout: options.timeoutMs,
      ...(options.signal && { signal: options.signal }),
    })
    const { 'retry-after': retryAfter, 'www-authenticate': challenge, 'dpop-nonce': dpopNonce } = answer.headers
    const read = await readAnswer(answer, options)
    return {
      status: answer.statusCode,
      ...(typeof retryAfter === 'string' && { retryAfter }),
      ...(challenge !== undefined && { challenge: String(challenge) }),
      ...(typeof dpopNonce === 'string' && { dpopNonce }),
      ...read,
    }
  } catch (error) {
    options.signal?.throwIfAborted()
    throw body?.fault() ?? appErrorIn(error) ?? failure(error, options)
  }
}

interface OutgoingBody {
  size: number
  content: Buffer | AsyncIterable<Buffer>
  /** Why its own bytes could not be read. */
  fault(): AppError | undefined
}

function bodyOf({ body, files }: OutgoingRequest, { onSent }: SendOptions): OutgoingBody | undefined {
  if (body.length === 0) return undefined
  const size = body.reduce(
    (sum, part) => sum + (part.kind === 'bytes' ? part.bytes.length : files[part.index]!.size),
    0,
  )
  const [only] = body
  if (body.length === 1 && only?.kind === 'bytes') return { size, content: only.bytes, fault: () => undefined }
  let fault: AppError | undefined
  async function* bytes(): AsyncGenerator<Buffer> {
    try {
      for (const part of body) {
        if (part.kind === 'bytes') yield part.bytes
        else yield* readFile(files[part.index]!, onSent)
      }
    } catch (error) {
      fault = error instanceof AppError ? error : unreadable(error)
      throw fault
    }
  }
  return { size, content: bytes(), fault: () => fault }
}

function unreadable(error: unknown): AppError {
  return new AppError(
    'file_unavailable',
    `a file of the delivery cannot be read (${systemErrorCode(error) ?? 'unknown reason'})`,
  )
}

const TIMEOUTS = ['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']
const RESETS = ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH']

/** Errors of the client hold the request: only their code goes on. */
function failure(error: unknown, { target, service, timeoutMessage }: SendOptions): AppError {
  const code = systemErrorCode(error) ?? 'connection failed'
  const details: AppErrorDetails = { transient: true, ...(service !== undefined && { service }) }
  if (TIMEOUTS.includes(code))
    return new AppError('upstream_timeout', timeoutMessage ?? `${target} did not answer in time`, details)
  if (RESETS.includes(code))
    return new AppError('upstream_reset', `${target} closed the connection before its answer was complete`, details)
  return new AppError('upstream_unreachable', `${target} cannot be reached (${code})`, details)
}
