// Forwards a caller's request to its service with the credential injected, streaming both ways. Without a credential nothing
// is forwarded. After a 401 one new token and one replay, where the body can be sent again.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Agent, type Dispatcher } from 'undici'
import { AppError, systemErrorCode } from '../base/error.ts'
import type { Log } from '../base/log.ts'
import type { Authorized, LiveService } from '../runtime/live-service.ts'
import { requestHeaders, responseHeaders } from './forward-headers.ts'
import { forwardPath, forwardQuery } from './forward-path.ts'
import type { Metrics } from './metrics.ts'
import { PROBLEM_TYPE, problemOf } from './problem.ts'

export interface ProxyOptions {
  log: Log
  metrics: Metrics
}

export interface ServiceProxy {
  /** Answers the request completely; never rejects. `rest` is what follows `/proxy`, as the caller wrote it. */
  forward(exchange: Exchange, service: LiveService, rest: string): void
  /** Waits for nothing: closes the connections to services. */
  close(): Promise<void>
}

export interface Exchange {
  request: IncomingMessage
  response: ServerResponse
  requestId(): string
}

/** Bodies up to this size are read first, so that they can be sent again. */
const MAX_REPLAYABLE_BYTES = 64 * 1024

const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE'])

type Body = { kind: 'none' } | { kind: 'buffer'; bytes: Buffer } | { kind: 'stream' }

interface Forwarding extends Exchange {
  service: LiveService
  rest: string
  body: Body
  startedAtMs: number
  /** A new token was asked for because of a 401. */
  renewed: boolean
  /** A connection that the service had closed was replaced. */
  reconnected: boolean
}

export function createProxy({ log, metrics }: ProxyOptions): ServiceProxy {
  const agent = new Agent({ connect: { timeout: 10_000 }, keepAliveTimeout: 10_000, bodyTimeout: 0, headersTimeout: 0 })

  const fail = (forwarding: Forwarding, error: unknown) => {
    const { service, response } = forwarding
    const problem = { ...problemOf(error, service.plan.name), requestId: forwarding.requestId() }
    log.warn({ service: service.plan.name, code: problem.code, requestId: problem.requestId }, problem.detail)
    if (response.headersSent) return response.destroy()
    finish(forwarding, problem.status)
    response.writeHead(problem.status, { 'Content-Type': PROBLEM_TYPE, 'Cache-Control': 'no-store' })
    response.end(JSON.stringify(problem))
  }

  const finish = (forwarding: Forwarding, status: number) =>
    metrics.proxyRequest(forwarding.service.plan.name, status, performance.now() - forwarding.startedAtMs)

  const send = (forwarding: Forwarding, authorized: Authorized) => {
    const { service, request } = forwarding
    const { removes } = service.plan
    const { serverUrl, injection } = authorized
    const keepLength = forwarding.body.kind === 'stream'
    const options = {
      origin: serverUrl.origin,
      path: forwardQuery(forwardPath(serverUrl.pathname, forwarding.rest), removes.query, injection.query),
      method: request.method as Dispatcher.HttpMethod,
      headers: requestHeaders(request.rawHeaders, removes.headers, injection.headers, keepLength),
      body:
        forwarding.body.kind === 'buffer' ? forwarding.body.bytes : forwarding.body.kind === 'stream' ? request : null,
      bodyTimeout: service.plan.timeoutMs,
    }
    agent.dispatch(options, new Answer(forwarding, authorized, { fail, finish, retry, renew }))
  }

  const guarded = (forwarding: Forwarding, authorized: Authorized) => {
    try {
      send(forwarding, authorized)
    } catch (error) {
      fail(forwarding, error)
    }
  }

  const retry = (forwarding: Forwarding, authorized: Authorized) => {
    forwarding.reconnected = true
    guarded(forwarding, authorized)
  }

  const renew = (forwarding: Forwarding, refused: Authorized) => {
    const { service } = forwarding
    forwarding.renewed = true
    metrics.tokenRejected(service.plan.name)
    service.account.source.reject(refused.credential)
    service.authorize().then(
      authorized => guarded(forwarding, authorized),
      error => fail(forwarding, error),
    )
  }

  return {
    forward(exchange, service, rest) {
      const startedAtMs = performance.now()
      const body = bodyKind(exchange.request)
      const forwarding: Forwarding = {
        ...exchange,
        service,
        rest,
        body,
        startedAtMs,
        renewed: false,
        reconnected: false,
      }
      const authorized = service.current()
      if (authorized && body.kind !== 'buffer') return guarded(forwarding, authorized)
      prepare(forwarding, authorized).then(
        ready => guarded(forwarding, ready),
        error => fail(forwarding, error),
      )
    },
    close: () => agent.close(),
  }
}

/** What must be waited for: a token, and the bytes of a small body. */
async function prepare(forwarding: Forwarding, authorized: Authorized | undefined): Promise<Authorized> {
  const ready = authorized ?? (await forwarding.service.authorize())
  if (forwarding.body.kind === 'buffer') forwarding.body.bytes = await readBody(forwarding.request)
  return ready
}

function bodyKind({ headers }: IncomingMessage): Body {
  if (headers['transfer-encoding'] !== undefined) return { kind: 'stream' }
  const length = Number(headers['content-length'] ?? 0)
  if (length === 0) return { kind: 'none' }
  return length <= MAX_REPLAYABLE_BYTES ? { kind: 'buffer', bytes: Buffer.alloc(0) } : { kind: 'stream' }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

interface AnswerActions {
  fail(forwarding: Forwarding, error: unknown): void
  finish(forwarding: Forwarding, status: number): void
  retry(forwarding: Forwarding, authorized: Authorized): void
  renew(forwarding: Forwarding, refused: Authorized): void
}

/** One answer of the service on its way to the caller. */
class Answer implements Dispatcher.DispatchHandler {
  readonly #forwarding: Forwarding
  readonly #authorized: Authorized
  readonly #actions: AnswerActions
  readonly #timer: NodeJS.Timeout
  #controller: Dispatcher.DispatchController | undefined
  #discarding = false
  #status = 0

  constructor(forwarding: Forwarding, authorized: Authorized, actions: AnswerActions) {
    this.#forwarding = forwarding
    this.#authorized = authorized
    this.#actions = actions
    this.#timer = setTimeout(this.#onTimeout, forwarding.service.plan.timeoutMs)
    if (forwarding.body.kind === 'stream') forwarding.request.on('data', this.#onUpload)
    forwarding.response.once('close', this.#onCallerGone)
  }

  readonly #onUpload = (): void => {
    this.#timer.refresh()
  }

  readonly #onTimeout = (): void => {
    this.#end()
    this.#controller?.abort(new Error('timeout'))
    this.#discarding = true
    this.#actions.fail(this.#forwarding, timeoutError(this.#forwarding.service))
  }

  readonly #onCallerGone = (): void => {
    if (this.#forwarding.response.writableFinished) return
    this.#end()
    this.#discarding = true
    this.#controller?.abort(new Error('the caller is gone'))
  }

  #end(): void {
    clearTimeout(this.#timer)
    this.#forwarding.request.off('data', this.#onUpload)
    this.#forwarding.response.off('close', this.#onCallerGone)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#discarding) controller.abort(new Error('no longer wanted'))
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: object, message?: string): void {
    clearTimeout(this.#timer)
    if (status < 200) return
    this.#status = status
    const { response, service, renewed, body } = this.#forwarding
    if (status === 401 && service.account.plan.kind === 'oauth2') {
      this.#discarding = !renewed && body.kind !== 'stream'
      if (this.#discarding) return
      service.account.source.reject(this.#authorized.credential)
    }
    const raw = (controller.rawHeaders ?? Object.entries(headers).flat()) as (Buffer | string)[]
    response.writeHead(status, message, responseHeaders(raw))
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#discarding) return
    const { response } = this.#forwarding
    if (response.write(chunk)) return
    controller.pause()
    response.once('drain', () => controller.resume())
  }

  onResponseEnd(): void {
    this.#end()
    if (this.#discarding) this.#actions.renew(this.#forwarding, this.#authorized)
    else {
      this.#actions.finish(this.#forwarding, this.#status)
      this.#forwarding.response.end()
    }
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#end()
    if (this.#discarding) return
    const { service, request, body, reconnected, response } = this.#forwarding
    const code = systemErrorCode(error)
    const closed = code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE'
    const repeatable = IDEMPOTENT.has(request.method ?? '') && body.kind !== 'stream' && !response.headersSent
    if (closed && repeatable && !reconnected) this.#actions.retry(this.#forwarding, this.#authorized)
    else this.#actions.fail(this.#forwarding, upstreamError(service, code))
  }
}

function timeoutError({ plan }: LiveService): AppError {
  return new AppError('upstream_timeout', plan.timeoutMessage ?? `service \`${plan.name}\` did not answer in time`, {
    service: plan.name,
  })
}

function upstreamError(service: LiveService, code: string | undefined): AppError {
  const { name, serverUrl } = service.plan
  if (code === 'UND_ERR_BODY_TIMEOUT' || code === 'UND_ERR_HEADERS_TIMEOUT') return timeoutError(service)
  if (code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE') {
    return new AppError('upstream_reset', `service \`${name}\` closed the connection before its answer was complete`, {
      service: name,
    })
  }
  const message = `service \`${name}\` at ${serverUrl.display} cannot be reached (${code ?? 'connection failed'}); check serverUrl and the network`
  return new AppError('upstream_unreachable', message, { service: name })
}
