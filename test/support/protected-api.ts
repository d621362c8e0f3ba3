// An API that wants a bearer token and says what it received. Every route answers 401 when `check` does not accept it.
// Routes: /stream?mb=N, /slow?ms=N, /redirect?to=URL&status=N, /status/NNN; any other path echoes the request as JSON.
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import { listenOnLoopback, sendJson } from './loopback.ts'

export interface ApiRequest {
  method: string
  /** With the query, as it came. */
  path: string
  headers: IncomingHttpHeaders
  accepted: boolean
}

/** The JSON of an echo; `body` only for texts of up to 64 KiB. */
export interface Echo {
  method: string
  path: string
  headers: IncomingHttpHeaders
  bodyBytes: number
  body?: string
}

export interface ProtectedApiOptions {
  /** Asks whoever issued the token. */
  check: (token: string) => Promise<boolean>
  /** Where the token is expected; the Authorization header when left out. */
  tokenFrom?: (request: IncomingMessage) => string | undefined
  port?: number
}

export interface ProtectedApi {
  url: string
  /** Every request in the order of arrival, the refused ones too. */
  requests: ApiRequest[]
  count(): number
  close(): Promise<void>
}

type Route = (request: IncomingMessage, response: ServerResponse, url: URL) => void | Promise<void>

const MAX_ECHOED_BYTES = 64 * 1024
const OTHER_ORIGIN = 'http://other-origin.invalid/landing'

export function bearerOf(request: IncomingMessage): string | undefined {
  return /^Bearer ([\w.~+/-]+=*)$/i.exec(request.headers.authorization ?? '')?.[1]
}

export async function startProtectedApi(options: ProtectedApiOptions): Promise<ProtectedApi> {
  const { check, tokenFrom = bearerOf, port } = options
  const requests: ApiRequest[] = []
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url: path = '', headers } = request
    const seen: ApiRequest = { method, path, headers, accepted: false }
    requests.push(seen)
    const token = tokenFrom(request)
    seen.accepted = token !== undefined && (await check(token))
    if (!seen.accepted) return refuse(request, response)
    const url = new URL(path, 'http://127.0.0.1')
    await routeOf(url.pathname)(request, response, url)
  }
  const { url, close } = await listenOnLoopback((request, response) => {
    answer(request, response).catch(() => response.destroy())
  }, port)
  return { url, requests, count: () => requests.length, close }
}

function refuse(request: IncomingMessage, response: ServerResponse): void {
  request.resume()
  sendJson(response, 401, { error: 'invalid_token' }, { 'WWW-Authenticate': 'Bearer error="invalid_token"' })
}

function routeOf(pathname: string): Route {
  if (pathname === '/stream') return stream
  if (pathname === '/slow') return slow
  if (pathname === '/redirect') return redirect
  return pathname.startsWith('/status/') ? status : echo
}

const echo: Route = async (request, response) => {
  const { method = '', url: path = '', headers } = request
  const kept: Buffer[] = []
  let bodyBytes = 0
  for await (const chunk of request) {
    bodyBytes += chunk.length
    if (bodyBytes <= MAX_ECHOED_BYTES) kept.push(chunk)
  }
  const body = bodyBytes > 0 && bodyBytes <= MAX_ECHOED_BYTES ? { body: Buffer.concat(kept).toString() } : {}
  sendJson(response, 200, { method, path, headers, bodyBytes, ...body } satisfies Echo)
}

const stream: Route = (request, response, url) => {
  request.resume()
  const megabytes = Number(url.searchParams.get('mb') ?? 8)
  const chunk = Buffer.alloc(64 * 1024, 'b')
  response.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Length': megabytes * 1024 * 1024 })
  Readable.from(Array.from({ length: megabytes * 16 }, () => chunk)).pipe(response)
}

const slow: Route = async (request, response, url) => {
  request.resume()
  await setTimeout(Number(url.searchParams.get('ms') ?? 1000), undefined, { ref: false })
  sendJson(response, 200, { path: url.pathname })
}

const redirect: Route = (request, response, url) => {
  request.resume()
  const location = url.searchParams.get('to') ?? OTHER_ORIGIN
  response.writeHead(Number(url.searchParams.get('status') ?? 302), { Location: location }).end()
}

const status: Route = (request, response, url) => {
  request.resume()
  const code = Number(url.pathname.slice('/status/'.length))
  if (code === 204 || code === 304) response.writeHead(code).end()
  else sendJson(response, code, { status: code })
}
