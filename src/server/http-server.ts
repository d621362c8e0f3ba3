// The HTTP server of a listener: plain, or https with a certificate that can be replaced while it runs.
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'

/** Certificate, key and authorities in PEM. */
export interface TlsContext {
  cert: string
  key: string
  ca?: string
}

export interface ListenerTls {
  readonly context: TlsContext
  /** Whether the certificate is for this host name or address. */
  covers(host: string): boolean
}

export type HttpServer = Server & { setSecureContext?(context: TlsContext): void }

/** Every client is asked for a certificate and none is refused for it: who has none says a token. */
export function createHttpServer(handler: RequestListener, tls: ListenerTls | undefined): HttpServer {
  const options = { requestTimeout: 0 }
  if (!tls) return createServer(options, handler)
  const { context } = tls
  return createTlsServer({ ...options, ...context, requestCert: true, rejectUnauthorized: false }, handler)
}
