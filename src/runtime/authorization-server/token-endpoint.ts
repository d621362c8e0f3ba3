// One token request over HTTP. No redirect, 1 MiB, one time limit for everything; no error of ky leaves this file, because
// a printed one shows the Authorization header and the form body.

import ky, { isTimeoutError } from 'ky'
import { AppError, type AppErrorDetails, appErrorIn, systemErrorCode } from '../../base/error.ts'
import { cleanForeignText } from '../../base/secret.ts'
import { VERSION } from '../../base/version.ts'
import type { Connection, TokenRequest, TokenResponse } from '../../compile/plan.ts'
import type { TokenResponseRule } from '../../config/model/model.ts'
import { createConnections, fetchThrough } from '../connections/connections.ts'
import { type RawResponse, readTokenResponse } from './token-response.ts'

export interface TokenRequestLimits {
  timeoutMs: number
  /** Asked when the answer is there: `Retry-After` counts from then. */
  nowMs(): number
  /** How the account reads the answer. */
  rule?: TokenResponseRule | undefined
}

export interface TokenEndpoint {
  /** Rejects with AppError: `token_timeout`, `token_unreachable` or what token-response.ts says. */
  send(account: string, request: TokenRequest, limits: TokenRequestLimits): Promise<TokenResponse>
  /** As it was answered, whatever the status; for what is no token request. Rejects as `send` does. */
  post(account: string, request: TokenRequest, timeoutMs: number): Promise<RawResponse>
  /** A document about a server, such as its metadata: any status, no redirect followed. Rejects as `send` does. */
  read(
    account: string,
    document: { url: URL; connection?: Connection | undefined },
    timeoutMs: number,
  ): Promise<RawResponse>
}

const MAX_BYTES = 1024 * 1024
const USER_AGENT = `bearerd/${VERSION}`

export const tokenEndpoint: TokenEndpoint = {
  async send(account, request, { timeoutMs, nowMs, rule }) {
    const details: AppErrorDetails = { account, endpoint: endpointOf(request) }
    const raw = await exchange(request, details, timeoutMs)
    const about = { ...details, ...aboutAnswer(raw) }
    const response = readTokenResponse(raw, about, request.secrets, { nowMs: nowMs(), ...(rule && { rule }) })
    return about.dpopNonce === undefined ? response : { ...response, dpopNonce: about.dpopNonce }
  },
  post(account, request, timeoutMs) {
    const endpoint = `${request.url.host}${request.url.pathname}`
    return exchange(request, { account, endpoint }, timeoutMs)
  },
  read(account, { url, connection }, timeoutMs) {
    const request = {
      url,
      method: 'GET',
      headers: [['Accept', 'application/json']],
      ...(connection && { connection }),
    } as const
    return exchange(request, { account, endpoint: `${url.host}${url.pathname}` }, timeoutMs)
  },
}

/** For whoever asks why. */
function aboutAnswer({ contentType, date, header }: RawResponse): AppErrorDetails {
  const dpopNonce = header?.('dpop-nonce')
  const dateMs = Date.parse(date ?? '')
  return {
    contentType: cleanForeignText(contentType, [], 60),
    ...(Number.isFinite(dateMs) && { dateMs }),
    ...(dpopNonce && { dpopNonce }),
  }
}

type HttpRequest = Pick<TokenRequest, 'url' | 'headers' | 'connection'> & { method: string; body?: string }

async function exchange(request: HttpRequest, details: AppErrorDetails, timeoutMs: number): Promise<RawResponse> {
  const limit = startLimit(timeoutMs)
  try {
    const response = await Promise.race([open(request, limit.signal), limit.reached]).catch(error => {
      throw translate(error, details, timeoutMs, request.connection)
    })
    const text = await readLimited(response, limit.signal).catch(error => {
      throw translate(error, { ...details, status: response.status }, timeoutMs)
    })
    return rawResponse(response, text)
  } finally {
    limit.clear()
  }
}

/** Held by its timer: fetch listens through a signal made of this one, which may be collected before it has told anything. */
function startLimit(timeoutMs: number) {
  const controller = new AbortController()
  const { promise: reached, reject } = Promise.withResolvers<never>()
  reached.catch(() => {})
  const timer = setTimeout(() => {
    const error = new DOMException('the time limit is reached', 'TimeoutError')
    controller.abort(error)
    reject(error)
  }, Math.ceil(timeoutMs))
  return { signal: controller.signal, reached, clear: () => clearTimeout(timer) }
}

/** Token requests are rare: a connection that is kept serves their repetitions. */
const connections = createConnections({ agent: { keepAliveTimeout: 5_000 } })

function open(request: HttpRequest, signal: AbortSignal): Promise<Response> {
  const { connection, body } = request
  const through =
    connection &&
    ((input: Request) =>
      fetchThrough(connections.dispatcher(connection, request.url.origin), input, { ...(body && { body }) }))
  return ky(request.url, {
    ...(through && { fetch: through as typeof fetch }),
    method: request.method,
    headers: headersOf(request),
    // An empty text would be given a content type; without a body its length is said all the same.
    ...(body && { body }),
    redirect: 'manual',
    retry: 0,
    throwHttpErrors: false,
    timeout: false,
    signal,
  })
}

/** For people: never the query, and no secret that a template put into the path. */
function endpointOf({ url, secrets }: TokenRequest): string {
  return `${url.host}${cleanForeignText(url.pathname, secrets)}`
}

/** An account may name a user agent of its own. */
function headersOf({ headers }: HttpRequest): Headers {
  const sent = new Headers([['User-Agent', USER_AGENT]])
  for (const [name, value] of headers) sent.set(name, value)
  return sent
}

function rawResponse(response: Response, text: string): RawResponse {
  return {
    status: response.status,
    contentType: response.headers.get('content-type') ?? '',
    retryAfter: response.headers.get('retry-after'),
    location: response.headers.get('location'),
    date: response.headers.get('date'),
    header: name => response.headers.get(name),
    text,
  }
}

class TooLarge extends Error {}

async function readLimited(response: Response, signal: AbortSignal): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  const reader = response.body?.getReader()
  const stop = () => void reader?.cancel().catch(() => {})
  signal.addEventListener('abort', stop)
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
    size += part.value.byteLength
    if (size > MAX_BYTES) {
      stop()
      throw new TooLarge()
    }
    chunks.push(part.value)
  }
  signal.throwIfAborted()
  return Buffer.concat(chunks).toString('utf8')
}

function translate(error: unknown, details: AppErrorDetails, timeoutMs: number, { proxy }: Connection = {}): AppError {
  const who = `account \`${details.account}\`: ${details.endpoint}`
  if (error instanceof TooLarge)
    return new AppError('token_invalid_response', `${who} answers more than 1 MiB; check accessTokenUri`, details)
  if (isTimeoutError(error) || (error as Error).name === 'TimeoutError' || (error as Error).name === 'AbortError') {
    return new AppError(
      'token_timeout',
      `${who} did not answer within ${Math.ceil(timeoutMs)} ms; is it reachable from here?`,
      {
        ...details,
        transient: true,
      },
    )
  }
  const own = appErrorIn(error)
  if (own) return new AppError(own.code, `${who}: ${own.message}`, details)
  const code = systemErrorCode(error)
  const reason = (code && REASONS[code]) ?? code ?? 'the connection failed'
  const by = proxy ? ' (by the configured proxy)' : ''
  return new AppError('token_unreachable', `${who} cannot be reached${by}: ${reason}`, { ...details, transient: true })
}

const REASONS: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'the name cannot be resolved now',
  UND_ERR_SOCKET: 'the connection was closed',
  UND_ERR_CONNECT_TIMEOUT: 'connecting took too long',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  UND_ERR_ABORTED: 'the proxy refused the connection; check its user name and password',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is of an authority that is not trusted; give it as tls.caFile',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is of an authority that is not trusted; give it as tls.caFile',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is of an authority that is not trusted; give it as tls.caFile',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
}
