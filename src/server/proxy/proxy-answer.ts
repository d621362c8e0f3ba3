// A service's answer on its way to the caller: streams it, and decides when it is not the last word.
import type { Duplex } from 'node:stream'
import type { Dispatcher } from 'undici'
import { AppError, systemErrorCode } from '../../base/error.ts'
import { freeBuffer } from '../../base/free-buffer.ts'
import { isHeaderValue } from '../../compile/header-value.ts'
import { isJudged, MAX_JUDGED_BYTES, type Verdict } from '../../compile/rejection.ts'
import { isIdempotent } from '../../compile/retry.ts'
import { wantsNonce } from '../../runtime/authorization-server/dpop.ts'
import { decodedText } from '../../runtime/decoded-text.ts'
import type { Authorized } from '../../runtime/generation/live-service.ts'
import { isConnectionFailure } from '../../runtime/repeats.ts'
import { responseHeaders, responseTrailers } from './forward-headers.ts'
import { type Forwarding, isReplayable } from './forwarding.ts'
import type { Occasion } from './repeating.ts'
import { joinTunnel } from './tunnels.ts'
import { isStalled } from './upload.ts'
import { isClosed, timeoutError, upstreamError } from './upstream-error.ts'

/** Of the body of a 401 that is not passed on, so that its connection can be used again. */
const MAX_DISCARDED_BYTES = 64 * 1024

/** Of a body that is sent in one write with its head. */
const MAX_WHOLE_BYTES = 16 * 1024

/** What follows when the answer does not simply go to the caller. */
export interface AnswerActions {
  fail(forwarding: Forwarding, error: unknown): void
  finish(forwarding: Forwarding, status: number): void
  reconnect(forwarding: Forwarding, authorized: Authorized): void
  /** False when `retry` of the service does not want another attempt. */
  repeat(forwarding: Forwarding, occasion: Occasion): boolean
  renew(forwarding: Forwarding, refused: Authorized): void
  prove(forwarding: Forwarding, authorized: Authorized): void
  reject(forwarding: Forwarding, refused: Authorized): void
}

type Headers = Readonly<Record<string, unknown>>

interface Head {
  status: number
  message: string | undefined
  raw: readonly (Buffer | string)[]
  headers: Headers
}

/** An answer of which the caller has nothing yet: its body says whether the token was accepted. */
interface Unread extends Head {
  chunks: Buffer[]
  bytes: number
}

/** One answer of the service on its way to the caller. */
export class Answer implements Dispatcher.DispatchHandler {
  readonly #forwarding: Forwarding
  readonly #authorized: Authorized
  readonly #actions: AnswerActions
  readonly #timer: NodeJS.Timeout
  #controller: Dispatcher.DispatchController | undefined
  /** Nothing of it goes to the caller any more. */
  #discarding = false
  #discardedBytes = 0
  #status = 0
  /** Of the body, where it is said and small. */
  #wholeBytes: number | undefined
  #unread: Unread | undefined

  constructor(forwarding: Forwarding, authorized: Authorized, actions: AnswerActions) {
    this.#forwarding = forwarding
    this.#authorized = authorized
    this.#actions = actions
    this.#timer = setTimeout(onTimeout, forwarding.repeats?.leftMs() ?? forwarding.service.plan.timeoutMs, this)
    forwarding.answer = this
  }

  isLate(): void {
    const { body, request } = this.#forwarding
    // Its caller has a time of its own.
    if (body.kind === 'stream' && isStalled(request)) return void this.#timer.refresh()
    this.#end()
    // First of all, because `abort` reports its error at once.
    this.#discarding = true
    this.#controller?.abort(new Error('timeout'))
    this.#actions.fail(this.#forwarding, timeoutError(this.#forwarding.service))
  }

  callerIsGone(): void {
    if (this.#forwarding.response.writableFinished) return
    this.#end()
    this.#discarding = true
    this.#controller?.abort(new Error('the caller is gone'))
  }

  #end(): void {
    this.#leave()
    const { body, request } = this.#forwarding
    // What is left of an upload is read and dropped: the caller may look at the answer only after it.
    if (body.kind === 'stream') request.unpipe().resume()
  }

  #leave(): void {
    clearTimeout(this.#timer)
    this.#forwarding.answer = undefined
  }

  /** Another request takes its place, with the same body. */
  #giveWay(): void {
    this.#leave()
    this.#discarding = true
    const { body } = this.#forwarding
    if (body.kind === 'stream') body.upload.hold()
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#discarding) controller.abort(new Error('no longer wanted'))
  }

  /** As long as the upload moves, the service is not late. */
  onBodySent(): void {
    if (this.#status === 0 && !this.#discarding) this.#timer.refresh()
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: Headers, message?: string): void {
    if (status < 200) return
    clearTimeout(this.#timer)
    this.#status = status
    if (this.#asksForNonce(status, headers)) {
      this.#giveWay()
      this.#actions.prove(this.#forwarding, this.#authorized)
      return
    }
    const verdict = this.#forwarding.service.judge(this.#authorized, status)
    const head = { status, message, raw: rawHeaders(controller, headers), headers }
    if (verdict === 'read' && isReadable(headers)) this.#unread = { ...head, chunks: [], bytes: 0 }
    else if (this.#goesOn(verdict, head)) this.#begin(head)
  }

  /** False when a new request takes the place of this one. */
  #goesOn(verdict: Verdict, head: Head): boolean {
    const { service, renewed, body } = this.#forwarding
    if (verdict === 'accepted') service.accept(this.#authorized)
    if (verdict === 'rejected' && !renewed && isReplayable(body)) {
      this.#replay()
      return false
    }
    if (verdict === 'rejected') this.#actions.reject(this.#forwarding, this.#authorized)
    return this.#forwarding.repeats === undefined || !this.#repeats(head)
  }

  #begin({ status, message = '', raw, headers }: Head): void {
    const { response, requestId } = this.#forwarding
    // One that may not be sent would end in an error that nobody sees, and the caller would wait for ever.
    const reason = isHeaderValue(message) ? message : undefined
    response.writeHead(status, reason, responseHeaders(raw, headers, requestId))
    const length = headers['content-length']
    if (Number(length) <= MAX_WHOLE_BYTES) this.#wholeBytes = Number(length)
  }

  /** The caller gets what was kept back, unless it says that the token was rejected. */
  #release(unread: Unread, body: string | undefined): boolean {
    this.#unread = undefined
    const verdict = this.#forwarding.service.judge(this.#authorized, unread.status, body ?? '')
    if (!this.#goesOn(verdict, unread)) return false
    this.#begin(unread)
    for (const chunk of unread.chunks) this.#forwarding.response.write(chunk)
    return true
  }

  /** The service took a handshake. */
  onRequestUpgrade(controller: Dispatcher.DispatchController, status: number, headers: Headers, socket: Duplex): void {
    this.#end()
    const { service, response, requestId } = this.#forwarding
    if (this.#discarding || response.destroyed) {
      socket.destroy()
      return
    }
    service.accept(this.#authorized)
    this.#actions.finish(this.#forwarding, status)
    joinTunnel(response, responseHeaders(rawHeaders(controller, headers), headers, requestId), socket)
  }

  /** Remembers the nonce of any answer; a request that lacked it is repeated once with the same token (RFC 9449 section 9). */
  #asksForNonce(status: number, headers: Headers): boolean {
    const { credential, serverUrl } = this.#authorized
    const learned = credential.prover?.learn(serverUrl, String(headers['dpop-nonce'] ?? ''))
    const { proven, body } = this.#forwarding
    return (
      learned === true && !proven && isReplayable(body) && wantsNonce(status, String(headers['www-authenticate'] ?? ''))
    )
  }

  #repeats({ status, headers }: Head): boolean {
    if (!this.#actions.repeat(this.#forwarding, { cause: status, retryAfter: headerOf(headers, 'retry-after') }))
      return false
    this.#end()
    this.#discarding = true
    return true
  }

  /** Waits for nothing: a refusal whose body stalls or breaks off is a refusal all the same. */
  #replay(): void {
    this.#giveWay()
    this.#actions.renew(this.#forwarding, this.#authorized)
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#discarding) this.#discard(controller, chunk)
    else if (this.#unread) this.#keep(this.#unread, chunk)
    else this.#pass(controller, chunk)
  }

  #discard(controller: Dispatcher.DispatchController, { length }: Buffer): void {
    this.#discardedBytes += length
    if (this.#discardedBytes > MAX_DISCARDED_BYTES) controller.abort(new Error('too much to discard'))
  }

  #keep(unread: Unread, chunk: Buffer): void {
    unread.chunks.push(chunk)
    unread.bytes += chunk.length
    if (unread.bytes > MAX_JUDGED_BYTES) this.#release(unread, undefined)
  }

  #pass(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const { response } = this.#forwarding
    // As text the body goes into the same write as the head.
    if (chunk.length === this.#wholeBytes) response.end(chunk.toString('latin1'), 'latin1')
    else if (!response.write(chunk, () => freeBuffer(chunk))) {
      controller.pause()
      response.once('drain', () => controller.resume())
    }
  }

  onResponseEnd(_controller: Dispatcher.DispatchController, trailers: NodeJS.Dict<string | string[]>): void {
    if (this.#discarding) return
    if (this.#unread && !this.#release(this.#unread, textOf(this.#unread))) return
    this.#end()
    this.#actions.finish(this.#forwarding, this.#status)
    const { request, response } = this.#forwarding
    const { te } = request.headers
    if (te !== undefined && /\btrailers\b/i.test(String(te))) response.addTrailers(responseTrailers(trailers))
    response.end()
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#discarding) return
    this.#end()
    const code = systemErrorCode(error)
    if (isClosed(code) && this.#mayReconnect()) this.#actions.reconnect(this.#forwarding, this.#authorized)
    else if (!this.#repeatsUnanswered(code)) {
      const { service } = this.#forwarding
      this.#actions.fail(this.#forwarding, error instanceof AppError ? error : upstreamError(service, code))
    }
  }

  #repeatsUnanswered(code: string | undefined): boolean {
    const unanswered = this.#status === 0 && isConnectionFailure(code)
    return unanswered && this.#actions.repeat(this.#forwarding, { cause: 'connection' })
  }

  #mayReconnect(): boolean {
    const { request, body, reconnected, response, repeats } = this.#forwarding
    const repeatable = isIdempotent(request.method ?? '') && body.kind !== 'stream' && !response.headersSent
    return repeatable && !reconnected && (repeats?.nextAtOnce() ?? true)
  }
}

function onTimeout(answer: Answer): void {
  answer.isLate()
}

/** Of HTTP/2 there are none with their order and case. */
function rawHeaders(
  { rawHeaders: raw }: Dispatcher.DispatchController,
  headers: Headers,
): readonly (Buffer | string)[] {
  if (Array.isArray(raw)) return raw
  return Object.entries(headers).flatMap(([name, value]) => [value].flat().flatMap(text => [name, String(text)]))
}

function isReadable(headers: Headers): boolean {
  return isJudged(headerOf(headers, 'content-type'), headerOf(headers, 'content-length'))
}

function textOf({ chunks, headers }: Unread): string {
  return decodedText(Buffer.concat(chunks), headerOf(headers, 'content-encoding'), MAX_JUDGED_BYTES)
}

function headerOf(headers: Headers, name: string): string {
  return String(headers[name] ?? '')
}
