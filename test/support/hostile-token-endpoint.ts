// A token endpoint that does what a test tells it, whatever a real one would never do. It records every request.
import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import { listenOnLoopback, readBody } from './loopback.ts'

export interface TokenRequest {
  method: string
  url: string
  headers: IncomingHttpHeaders
  body: string
}

/** Writes one response, or none. */
export type Answer = (response: ServerResponse) => void

/** Chooses the answer for a request; `index` counts from 0. It may wait, to hold the answer back. */
export type TokenEndpoint = (request: TokenRequest, index: number) => Answer | Promise<Answer>

export interface StartedTokenEndpoint {
  /** `http://127.0.0.1:PORT/token` */
  url: string
  requests: TokenRequest[]
  close(): Promise<void>
}

export async function startTokenEndpoint(handler: TokenEndpoint, port?: number): Promise<StartedTokenEndpoint> {
  const requests: TokenRequest[] = []
  const { url, close } = await listenOnLoopback(async (request, response) => {
    try {
      const { method = '', url = '', headers } = request
      const seen = { method, url, headers, body: (await readBody(request)).toString() }
      const index = requests.push(seen) - 1
      const answer = await handler(seen, index)
      answer(response)
    } catch {
      response.destroy()
    }
  }, port)
  return { url: `${url}/token`, requests, close }
}

export function text(status: number, body: string, headers: Record<string, string> = {}): Answer {
  return response => void response.writeHead(status, { 'Content-Type': 'text/plain', ...headers }).end(body)
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return text(status, JSON.stringify(body), { 'Content-Type': 'application/json', ...headers })
}

/** A token response as RFC 6749 section 5.1 wants it. */
export function token(accessToken: string, members: Record<string, unknown> = {}): Answer {
  return json(200, { access_token: accessToken, token_type: 'Bearer', expires_in: 3600, ...members })
}

export function html(status: number, body = '<!doctype html><title>Sign in</title><h1>Sign in</h1>'): Answer {
  return text(status, body, { 'Content-Type': 'text/html; charset=utf-8' })
}

export function redirect(location: string, status = 302): Answer {
  return text(status, '', { Location: location })
}

/** Starts a JSON string that never ends. */
export function endless(status = 200): Answer {
  return response => {
    const chunk = 'x'.repeat(16 * 1024)
    const pump = (): void => {
      while (!response.destroyed && response.write(chunk));
    }
    response.writeHead(status, { 'Content-Type': 'application/json' }).write('{"access_token":"')
    response.on('drain', pump)
    pump()
  }
}

/** Accepts the request and says nothing. */
export function never(): Answer {
  return () => {}
}

/** Sends the headers and the beginning of a body, then nothing more. */
export function stalled(status = 200, beginning = '{"access_token":'): Answer {
  return response => {
    response.writeHead(status, { 'Content-Type': 'application/json' }).write(beginning)
  }
}

/** Promises more bytes than it sends, then ends the connection. */
export function cut(status = 200, beginning = '{"access_token":'): Answer {
  return response => {
    const headers = { 'Content-Type': 'application/json', 'Content-Length': beginning.length + 100 }
    response.writeHead(status, headers).write(beginning, () => response.destroy())
  }
}

/** Ends the connection without a response. */
export function reset(): Answer {
  return response => void response.socket?.resetAndDestroy()
}
