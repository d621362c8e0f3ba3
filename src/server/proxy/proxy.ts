// Forwards a caller's request to its service with the credential injected, streaming both ways. Without a credential nothing
// is forwarded. After a 401 one new token and one replay, where the body can be sent again.
import type { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'
import { AppError, errorFacts } from '../../base/error.ts'
import type { Log } from '../../base/log.ts'
import type { Allow } from '../../compile/allow.ts'
import { DEFAULT_LIMITS } from '../../config/definitions/read-daemon.ts'
import type { Limits } from '../../config/model/model.ts'
import { notAllowed, proofHeaders } from '../../runtime/authorization.ts'
import { createConnections } from '../../runtime/connections/connections.ts'
import type { Authorized, LiveService } from '../../runtime/generation/live-service.ts'
import type { RepeatEffects } from '../../runtime/repeats.ts'
import { callerOf } from '../callers/admission.ts'
import type { Metrics } from '../metrics.ts'
import { problemOf } from '../problem.ts'
import { writeProblem } from '../send-problem.ts'
import { requestHeaders } from './forward-headers.ts'
import { forwardPath, forwardQuery } from './forward-path.ts'
import { createForwarding, type Exchange, type Forwarding, readBody } from './forwarding.ts'
import { Answer, type AnswerActions } from './proxy-answer.ts'
import { type Occasion, Repeating } from './repeating.ts'
import { Slots } from './slots.ts'
import { isHandshake } from './tunnels.ts'
import { bodyTooLarge } from './upload.ts'

export interface ProxyOptions {
  log: Log
  metrics: Metrics
  /** Those of the running generation; without them any number and any size. */
  limits?(): Limits
  /** Shared by all proxies of a daemon. */
  slots?: Slots
  /** Of the pauses of `retry`. */
  effects?: RepeatEffects
}

const CONNECTIONS = { connect: { timeout: 10_000 }, keepAliveTimeout: 10_000, bodyTimeout: 0, headersTimeout: 0 }

export class ServiceProxy implements AnswerActions {
  readonly #log: Log
  readonly #metrics: Metrics
  readonly #connections = createConnections({ agent: CONNECTIONS })
  /** A connection for each request: what the service closed once, it may have closed on all idle ones. */
  readonly #freshConnections = createConnections({ agent: { ...CONNECTIONS, pipelining: 0 } })

  readonly #limits: () => Limits
  readonly #slots: Slots
  readonly #repeating: Repeating

  constructor({ log, metrics, limits = () => DEFAULT_LIMITS, slots = new Slots(limits), effects }: ProxyOptions) {
    this.#repeating = new Repeating({ slots, log, metrics, effects })
    this.#limits = limits
    this.#slots = slots
    this.#log = log
    this.#metrics = metrics
  }

  /** Answers the request completely; never throws. `rest` is what follows `/proxy`, as the caller wrote it. */
  forward(exchange: Exchange, service: LiveService, rest: string): void {
    const forwarding = createForwarding(exchange, service, rest, this.#limits())
    try {
      refuseEarly(forwarding)
      if (this.#slots.areUnlimited()) this.#startOrFail(forwarding, undefined)
      else {
        this.#slots.enter({
          plan: service.plan,
          response: exchange.response,
          start: leave => this.#startOrFail(forwarding, leave),
          refuse: error => this.fail(forwarding, error),
        })
      }
    } catch (error) {
      this.fail(forwarding, error)
    }
  }

  #startOrFail(forwarding: Forwarding, leave: (() => void) | undefined): void {
    forwarding.leaveSlot = leave
    try {
      this.#start(forwarding)
    } catch (error) {
      this.fail(forwarding, error)
    }
  }

  #start(forwarding: Forwarding): void {
    if (forwarding.service.plan.allow) checkAllowed(forwarding, forwarding.service.plan.allow)
    const authorized = forwarding.service.current()
    if (authorized && forwarding.body.kind !== 'buffer') this.#send(forwarding, authorized)
    else {
      prepare(forwarding, authorized).then(
        ready => this.#send(forwarding, ready),
        error => this.fail(forwarding, error),
      )
    }
  }

  /** Closes the connections to services after what runs has ended. */
  async close(): Promise<void> {
    await Promise.all([this.#connections.close(), this.#freshConnections.close()])
  }

  #send(forwarding: Forwarding, authorized: Authorized): void {
    if (!authorized.credential.prover) {
      this.#dispatch(forwarding, authorized, [])
      return
    }
    proofFor(forwarding, authorized).then(
      proof => this.#dispatch(forwarding, authorized, proof),
      error => this.fail(forwarding, error),
    )
  }

  #dispatch(forwarding: Forwarding, authorized: Authorized, proof: readonly Pair[]): void {
    if (forwarding.response.destroyed) return
    if (forwarding.service.plan.retry) this.#repeating.prepare(forwarding)
    try {
      const connections = forwarding.reconnected ? this.#freshConnections : this.#connections
      const dispatcher = connections.dispatcher(authorized.connection, authorized.origin)
      dispatcher.dispatch(dispatchOptions(forwarding, authorized, proof), new Answer(forwarding, authorized, this))
    } catch (error) {
      this.fail(forwarding, error)
    }
  }

  prove(forwarding: Forwarding, authorized: Authorized): void {
    forwarding.proven = true
    this.#send(forwarding, authorized)
  }

  reconnect(forwarding: Forwarding, authorized: Authorized): void {
    if (forwarding.repeats) this.#repeating.tell(forwarding, 'connection')
    forwarding.reconnected = true
    this.#send(forwarding, authorized)
  }

  repeat(forwarding: Forwarding, occasion: Occasion): boolean {
    return this.#repeating.pause(forwarding, occasion, {
      send: leave => {
        forwarding.leaveSlot = leave
        this.#authorizeAndSend(forwarding)
      },
      refuse: error => this.fail(forwarding, error),
    })
  }

  /** With the token of this moment: the last one was refused, or may have ended. */
  #authorizeAndSend(forwarding: Forwarding): void {
    forwarding.service.authorize().then(
      authorized => this.#send(forwarding, authorized),
      error => this.fail(forwarding, error),
    )
  }

  renew(forwarding: Forwarding, refused: Authorized): void {
    forwarding.renewed = true
    this.reject(forwarding, refused)
    this.#authorizeAndSend(forwarding)
  }

  reject({ service }: Forwarding, refused: Authorized): void {
    this.#metrics.tokenRejected(service.plan.name)
    service.reject(refused)
  }

  finish({ service, startedAtMs }: Forwarding, status: number): void {
    this.#metrics.proxyRequest(service.plan.name, status, performance.now() - startedAtMs)
  }

  fail(forwarding: Forwarding, error: unknown): void {
    const { service, request, response } = forwarding
    const attempts = forwarding.repeats && { attempts: forwarding.repeats.attempts }
    const problem = { ...attempts, ...problemOf(error, service.plan.name) }
    const caller = callerOf(request)?.name
    const { code, status, detail } = problem
    const { requestId } = forwarding
    const facts = { service: service.plan.name, ...(caller && { caller }), code, ...attempts, requestId }
    if (error instanceof AppError) this.#log.warn(facts, detail)
    else this.#log.error({ ...facts, ...errorFacts(error) }, 'internal error')
    if (response.headersSent) {
      this.finish(forwarding, response.statusCode)
      response.destroy()
      return
    }
    this.finish(forwarding, status)
    writeProblem(response, problem, request)
  }
}

/** What needs no service to be refused. Throws AppError. */
function refuseEarly({ request, service, limits }: Forwarding): void {
  const { name } = service.plan
  const { upgrade = '', 'content-length': length = 0 } = request.headers
  if (Number(length) > (limits.requestBodyBytes ?? Infinity)) throw bodyTooLarge(name)
  // An offer of HTTP/2, as Java makes it with every request, may be passed over; who asks for another protocol would not talk HTTP.
  if (upgrade === '' || isHandshake(request) || /^h2c?$/i.test(upgrade)) return
  throw new AppError('invalid_request', NO_UPGRADE, { service: name })
}

const NO_UPGRADE =
  'of upgrades only a WebSocket is forwarded: GET without a body, `Connection: Upgrade`, `Upgrade: websocket`'

/** By HTTP/1.1 where it is a handshake: HTTP/2 has another one. */
const HANDSHAKE = { upgrade: 'websocket', allowH2: false }

function checkAllowed({ request, rest, service }: Forwarding, allow: Allow): void {
  const path = forwardPath('', rest).split('?', 1)[0]!
  if (allow(request.method ?? '', path)) return
  throw notAllowed(service.plan.name)
}

type Pair = readonly [string, string]

/** For the URL as it leaves, without its query. */
async function proofFor({ request, rest }: Forwarding, authorized: Authorized): Promise<Pair[]> {
  const { origin, pathname } = authorized
  return proofHeaders(authorized, request.method ?? 'GET', new URL(origin + forwardPath(pathname, rest)))
}

function dispatchOptions(
  forwarding: Forwarding,
  { origin, pathname, injection }: Authorized,
  proof: readonly Pair[],
): Dispatcher.DispatchOptions {
  const { service, request, rest, body } = forwarding
  const { removes, timeoutMs } = service.plan
  const headers = requestHeaders(request, removes.headers, body.kind === 'stream')
  for (const [name, value] of injection.headers) headers.push(name, value)
  for (const [name, value] of proof) headers.push(name, value)
  const hasId = request.headers['x-request-id'] !== undefined || removes.headers.has('x-request-id')
  if (!hasId) headers.push('X-Request-Id', forwarding.requestId)
  const options = {
    origin,
    path: forwardQuery(forwardPath(pathname, rest), removes.query, injection.query),
    method: request.method as Dispatcher.HttpMethod,
    headers,
    body: bodyToSend(forwarding),
    bodyTimeout: timeoutMs,
  }
  return isHandshake(request) ? { ...options, ...HANDSHAKE } : options
}

function bodyToSend({ body }: Forwarding): Buffer | Readable | null {
  if (body.kind === 'buffer') return body.bytes
  return body.kind === 'none' ? null : body.upload.stream()
}

/** What must be waited for: a token, and the bytes of a small body. */
async function prepare(forwarding: Forwarding, authorized: Authorized | undefined): Promise<Authorized> {
  const ready = authorized ?? (await forwarding.service.authorize())
  if (forwarding.body.kind === 'buffer')
    forwarding.body.bytes = await readBody(forwarding.request, forwarding.limits.bodyTimeoutMs)
  return ready
}
