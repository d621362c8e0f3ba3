// A service's answer on its way to the caller: streams it, and decides when it is not the last word.
import type { Dispatcher } from 'undici'
import { AppError, systemErrorCode } from '../base/error.ts'
import type { Authorized, LiveService } from '../runtime/live-service.ts'
import { responseHeaders } from './forward-headers.ts'
import type { Forwarding } from './forwarding.ts'

const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE'])

/** What follows when the answer does not simply go to the caller. */
export interface AnswerActions {
  fail(forwarding: Forwarding, error: unknown): void
  finish(forwarding: Forwarding, status: number): void
  retry(forwarding: Forwarding, authorized: Authorized): void
  renew(forwarding: Forwarding, refused: Authorized): void
  reject(forwarding: Forwarding, refused: Authorized): void
}

/** One answer of the service on its way to the caller. */
export class Answer implements Dispatcher.DispatchHandler {
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
      this.#actions.reject(this.#forwarding, this.#authorized)
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
