// The HTTP server of a listener: plain, or https with a certificate that can be replaced while it runs.
import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Socket } from 'node:net'
import { DEFAULT_LIMITS } from '../config/definitions/read-daemon.ts'
import type { Limits } from '../config/model/model.ts'
import type { Executor } from '../runtime/executor.ts'
import { answerOnSocket } from './client-error.ts'
import { problem } from './problem.ts'
import { acceptTunnels } from './tunnels.ts'

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
  tls: ListenerTls | undefined,
  executor: LimitsSource,
  limits = limitsOf(executor),
): HttpServer {
  const options: ServerOptions = {
    requestTimeout: 0,
    maxHeaderSize: limits.headersBytes,
    headersTimeout: limits.headersTimeoutMs,
    keepAliveTimeout: limits.idleMs,
    connectionsCheckingInterval: Math.min(5_000, Math.max(50, limits.headersTimeoutMs / 2)),
  }
  const listener: RequestListener = (request, response) => {
    // Of a server that closes: the last answer on its connection.
    if (!server.listening) response.setHeader('Connection', 'close')
    handler(request, response)
  }
  const server = tls
    ? createTlsServer({ ...options, ...tls.context, requestCert: true, rejectUnauthorized: false }, listener)
    : createServer(options, listener)
  acceptTunnels(server, listener)
  let open = 0
  server.on('connection', (socket: Socket) => {
    open++
    socket.once('close', () => open--)
    if (open <= limitsOf(executor).connections) return
    // Within TLS nothing could be said yet.
    if (tls) socket.destroy()
    else answerOnSocket(socket, FULL)
  })
  return server
}

const FULL = problem('too_busy', 503, 'Too busy', 'too many connections are open; see `daemon.limits.connections`')
