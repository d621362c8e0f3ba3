// The HTTP server of a listener: plain, or https with a certificate that can be replaced while it runs.
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Socket } from 'node:net'
import type { TlsOptions } from 'node:tls'
import { DEFAULT_LIMITS } from '../config/definitions/read-daemon.ts'
import type { Limits } from '../config/model/model.ts'
import type { Executor } from '../runtime/executor.ts'
import { answerOnSocket } from './client-error.ts'
import { problem } from './problem.ts'
import { acceptTunnels } from './proxy/tunnels.ts'
import { isStalled } from './proxy/upload.ts'
import type { RefusedConnections } from './refused-connections.ts'

/** Certificate, key and authorities in PEM. */
export interface TlsContext {
  cert: string
  key: string
  /** Empty: no client's certificate comes from an authority; not one of the usual ones either. */
  ca: string | string[]
}

export interface ListenerTls {
  readonly context: TlsContext
  /** Whether the certificate is for this host name or address. */
  covers(host: string): boolean
}

export type HttpServer = Server & { setSecureContext?(context: TlsContext): void }

type LimitsSource = Pick<Executor, 'daemonSettings'>

export interface HttpServerParts {
  tls?: ListenerTls | undefined
  executor: LimitsSource
  refused: RefusedConnections
  /** Default those of the running generation. */
  limits?: Limits | undefined
}

/** Of the running generation. */
export function limitsOf({ daemonSettings }: LimitsSource): Limits {
  return daemonSettings.limits ?? DEFAULT_LIMITS
}

/**
 * Every client is asked for a certificate and none is refused for it: who has none says a token. How long a body takes is
 * limited by the service's timeout, not here. How many connections may be open follows a reload; the other limits are those
 * of the start.
 */
export function createHttpServer(
  handler: RequestListener,
  { tls, executor, refused, limits = limitsOf(executor) }: HttpServerParts,
): HttpServer {
  const options: ServerOptions & Pick<TlsOptions, 'handshakeTimeout'> = {
    requestTimeout: 0,
    // Nobody waits for the end of a body that is not there.
    optimizeEmptyRequests: true,
    maxHeaderSize: limits.headersBytes,
    headersTimeout: limits.headersTimeoutMs,
    keepAliveTimeout: limits.idleMs,
    handshakeTimeout: limits.headersTimeoutMs,
    connectionsCheckingInterval: Math.min(5_000, Math.max(50, limits.headersTimeoutMs / 2)),
  }
  const listener: RequestListener = (request, response) => {
    // Of a server that closes: the last answer on its connection.
    if (!server.listening) response.setHeader('Connection', 'close')
    remember(request.socket, response)
    handler(request, response)
  }
  const server = tls
    ? createTlsServer({ ...options, ...tls.context, requestCert: true, rejectUnauthorized: false }, listener)
    : createServer(options, listener)
  server.setTimeout(limits.bodyTimeoutMs, socket => endIfPaused(socket, limits.bodyTimeoutMs))
  const open = endWithServer(server)
  acceptTunnels(server, listener, open)
  server.on('connection', (socket: Socket) => {
    if (open.size <= limitsOf(executor).connections) return
    refused.tell(FULL, socket)
    // Within TLS nothing could be said yet.
    if (tls) socket.destroy()
    else answerOnSocket(socket, FULL)
  })
  return server
}

/**
 * The open connections of a server. When it closes, those that have said nothing yet end at once, and those with an answer
 * under way behind it, instead of being kept for a next request; `closeAllConnections` ends also those that are not yet
 * through their TLS handshake.
 */
function endWithServer(server: Server): ReadonlySet<Socket> {
  const open = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  const { close, closeAllConnections } = server
  server.close = done => {
    close.call(server, done)
    for (const socket of open) {
      if (socket.bytesRead === 0) socket.destroy()
      else endBehindAnswer(socket)
    }
    return server
  }
  server.closeAllConnections = () => {
    closeAllConnections.call(server)
    for (const socket of open) socket.destroy()
  }
  return open
}

type AnsweringSocket = Socket & { [RESPONSE]?: ServerResponse }

const RESPONSE = Symbol('response')

function endBehindAnswer(socket: AnsweringSocket): void {
  const response = socket[RESPONSE]
  if (!response || response.writableFinished) return
  if (!response.headersSent) response.setHeader('Connection', 'close')
  response.once('finish', () => socket.destroySoon())
}

/** The last one on its connection. */
function remember(socket: AnsweringSocket, response: ServerResponse): void {
  socket[RESPONSE] = response
}

/** Nothing moved for a time. Waits on where it is not the caller who does not read, or does not send what it began. */
function endIfPaused(socket: AnsweringSocket, timeoutMs: number): void {
  const response = socket[RESPONSE]
  const isIdle = !response || response.writableFinished
  if (isIdle || socket.writableLength > 0 || isAbandoned(response.req)) socket.destroy()
  else socket.setTimeout(timeoutMs)
}

/** Who listens answers. */
function isAbandoned(request: IncomingMessage): boolean {
  return isStalled(request) && request.listenerCount('timeout') === 0
}

const FULL = problem('too_busy', 503, 'Too busy', 'too many connections are open; see `daemon.limits.connections`')
