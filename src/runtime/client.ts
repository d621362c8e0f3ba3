// A ky instance for one service: credential, base URL, timeout, one replay after a 401 and its `retry` are in place.
import ky, { type KyInstance } from 'ky'
import { AppError, appErrorIn, systemErrorCode } from '../base/error.ts'
import { VERSION } from '../base/version.ts'
import { pathBelow } from '../compile/path-below.ts'
import type { ServicePlan } from '../compile/plan.ts'
import { isJudged, MAX_JUDGED_BYTES } from '../compile/rejection.ts'
import { notAllowed, proofHeaders } from './authorization.ts'
import { wantsNonce } from './authorization-server/dpop.ts'
import { createConnections, fetchThrough } from './connections/connections.ts'
import type { Authorized, LiveService } from './generation/live-service.ts'
import { isConnectionFailure, type RepeatEffects, type Repeats, repeatsOf } from './repeats.ts'
import { type ReplayableBody, readReplayable } from './replayable-body.ts'

/** `service` gives the live one of the running generation, so that the client outlives reloads. */
export function createClient(service: () => LiveService, effects: RepeatEffects): KyInstance {
  return ky.create({
    prefix: RELATIVE,
    retry: 0,
    timeout: false,
    // A Request made of another one hears of an abort only as long as that one is kept.
    fetch: (input, init) =>
      fetchAuthorized(service(), input instanceof Request ? input : new Request(input, init), effects),
  })
}

/** Stands for the server URL, which may be known only when a request is made. */
const RELATIVE = 'http://server-url.invalid/'

/** Rejects with AppError: ky's own errors would show the credential. */
async function fetchAuthorized(service: LiveService, request: Request, effects: RepeatEffects): Promise<Response> {
  const body = await readReplayable(request.body)
  let authorized = service.current() ?? (await service.authorize())
  const repeats = repeatsOf(service.plan, request.method, body.kind !== 'stream', effects)
  const outgoing = { request, body, repeats, renewed: false }
  for (;;) {
    const outcome = await sendRenewed(service, outgoing, authorized).catch((error: unknown) => error as Error)
    const delayMs = repeats && delayAfter(repeats, outcome)
    if (delayMs === undefined && outcome instanceof Error) throw outcome
    if (delayMs === undefined) return outcome as Response
    if (outcome instanceof Response) await outcome.body?.cancel()
    await effects.clock.sleep(delayMs, request.signal)
    authorized = await service.authorize()
  }
}

/** Until the next attempt; undefined when this is the outcome. */
function delayAfter(repeats: Repeats, outcome: Response | Error): number | undefined {
  if (outcome instanceof Response) return repeats.next(outcome.status, outcome.headers.get('retry-after') ?? '')
  const failed = outcome instanceof AppError && outcome.code === 'upstream_unreachable' && outcome.details.transient
  return failed ? repeats.next('connection') : undefined
}

/** Once more with a new token, where the first one was rejected. */
async function sendRenewed(service: LiveService, outgoing: Outgoing, authorized: Authorized): Promise<Response> {
  const response = await sendProven(service, outgoing, authorized)
  const rejected = await isRejected(service, authorized, response)
  if (!rejected || outgoing.renewed || outgoing.body.kind === 'stream') return response
  outgoing.renewed = true
  await response.body?.cancel()
  return sendRenewed(service, outgoing, await service.authorize())
}

/** Tells the account what the answer says about its token. The answer can still be read. */
async function isRejected(service: LiveService, authorized: Authorized, response: Response): Promise<boolean> {
  let verdict = service.judge(authorized, response.status)
  if (verdict === 'read') verdict = service.judge(authorized, response.status, await judgedBody(response))
  if (verdict === 'rejected') service.reject(authorized)
  if (verdict === 'accepted') service.accept(authorized)
  return verdict === 'rejected'
}

/** Empty for a body that is not looked at. */
async function judgedBody(response: Response): Promise<string> {
  const header = (name: string) => response.headers.get(name) ?? ''
  if (!response.body || !isJudged(header('content-type'), header('content-length'))) return ''
  const body = await readReplayable(response.clone().body, MAX_JUDGED_BYTES)
  // Ends only when the other reader of the answer does too.
  if (body.kind === 'stream') body.stream.cancel().catch(() => undefined)
  return body.kind === 'bytes' ? Buffer.from(body.bytes).toString() : ''
}

interface Outgoing {
  request: Request
  body: ReplayableBody
  repeats: Repeats | undefined
  /** A new token was asked for. */
  renewed: boolean
}

/** With a proof where the account has a key; once more with the same token when the service wants a nonce (RFC 9449 section 9). */
async function sendProven(service: LiveService, outgoing: Outgoing, authorized: Authorized): Promise<Response> {
  const response = await send(service, outgoing, authorized)
  const { prover } = authorized.credential
  const learned = prover?.learn(authorized.serverUrl, response.headers.get('dpop-nonce'))
  if (!learned || outgoing.body.kind === 'stream') return response
  if (!wantsNonce(response.status, response.headers.get('www-authenticate'))) return response
  await response.body?.cancel()
  const again = await send(service, outgoing, authorized)
  prover?.learn(authorized.serverUrl, again.headers.get('dpop-nonce'))
  return again
}

async function send(service: LiveService, outgoing: Outgoing, authorized: Authorized): Promise<Response> {
  const { plan } = service
  const target = authorize(outgoing, authorized, service)
  for (const [name, value] of await proofHeaders(authorized, target.method, new URL(target.url)))
    target.headers.set(name, value)
  const patience = patienceFor(outgoing.request, plan.timeoutMs, () => timeoutError(service))
  const init = { signal: patience.signal, ...knownBytes(outgoing.body) }
  try {
    const response = await patience.wait(sendThrough(target, authorized, init), outgoing.repeats?.leftMs())
    return answer(response, withoutQuery(target.url, plan.removes.query), patience)
  } catch (error) {
    if (patience.signal.aborted) throw patience.signal.reason
    const own = appErrorIn(error)
    if (own) throw own
    const message = `service \`${plan.name}\` cannot be reached`
    const transient = isConnectionFailure(systemErrorCode(error))
    throw new AppError('upstream_unreachable', message, { service: plan.name, transient })
  }
}

/** Those that are opened in a way of their own; idle ones close soon. */
const connections = createConnections({ agent: { keepAliveTimeout: 5_000 } })

function sendThrough(target: Request, { connection }: Authorized, init: RequestInit): Promise<Response> {
  if (!connection) return fetch(target, { signal: init.signal!, redirect: 'manual' })
  return fetchThrough(connections.dispatcher(connection, new URL(target.url).origin), target, init)
}

function knownBytes(body: ReplayableBody): RequestInit {
  return body.kind === 'bytes' ? { body: body.bytes } : {}
}

function timeoutError({ plan }: LiveService): AppError {
  const message = plan.timeoutMessage ?? `service \`${plan.name}\` did not answer in time`
  return new AppError('upstream_timeout', message, { service: plan.name })
}

/** How long the caller waits for the service: a limit for each wait, not for the time that the caller takes between. */
interface Patience {
  signal: AbortSignal
  /** Rejects when the limit is reached or the caller leaves. */
  wait<T>(work: Promise<T>, limitMs?: number): Promise<T>
}

/** Tells the end itself: fetch, and a Request, listen through signals that may be collected before they have told anything. */
function patienceFor(request: Request, limitMs: number, reason: () => AppError): Patience {
  const controller = new AbortController()
  const { promise: ended, reject } = Promise.withResolvers<never>()
  ended.catch(() => {})
  const end = (why: unknown) => {
    controller.abort(why)
    reject(why)
  }
  const leave = () => end(request.signal.reason)
  request.signal.addEventListener('abort', leave, { once: true })
  return {
    signal: controller.signal,
    async wait(work, ms = limitMs) {
      if (request.signal.aborted) leave()
      const timer = setTimeout(() => end(reason()), ms)
      timer.unref()
      try {
        return await Promise.race([work, ended])
      } finally {
        clearTimeout(timer)
      }
    },
  }
}

/** The answer under the time limit between its parts, with a URL that a printed error may show. */
function answer(response: Response, url: string, patience: Patience): Response {
  const body = response.body && patientBody(response.body, patience)
  const { status, statusText, headers } = response
  return Object.defineProperty(new Response(body, { status, statusText, headers }), 'url', { value: url })
}

/** Read from the start, though not begun: the body of a Response that is collected ends when nobody reads it. */
function patientBody(body: ReadableStream<Uint8Array>, patience: Patience): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  const cancel = (reason?: unknown) => reader.cancel(reason).catch(() => undefined)
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await patience.wait(reader.read())
          if (done) controller.close()
          else controller.enqueue(value)
        } catch (error) {
          void cancel()
          throw patience.signal.aborted ? patience.signal.reason : error
        }
      },
      cancel,
    },
    { highWaterMark: 0 },
  )
}

function withoutQuery(href: string, names: ReadonlySet<string>): string {
  const url = new URL(href)
  for (const name of names) url.searchParams.delete(name)
  return url.href
}

/** The request as it leaves: its own credential removed, ours set, and never to another origin than the service's. */
function authorize({ request, body }: Outgoing, { injection, serverUrl }: Authorized, { plan }: LiveService): Request {
  const url = request.url.startsWith(RELATIVE) ? below(serverUrl, request.url) : new URL(request.url)
  if (url.origin !== serverUrl.origin) {
    throw new AppError('invalid_path', `the client of service \`${plan.name}\` sends only to ${serverUrl.origin}`, {
      service: plan.name,
    })
  }
  checkAllowed(request.method, url, serverUrl, plan)
  for (const name of plan.removes.query) url.searchParams.delete(name)
  for (const [name, value] of injection.query) url.searchParams.set(name, value)
  const target = new Request(url, { method: request.method, headers: request.headers, ...bodyInit(body) })
  if (!target.headers.has('user-agent')) target.headers.set('user-agent', `bearerd/${VERSION}`)
  for (const name of plan.removes.headers) target.headers.delete(name)
  for (const [name, value] of injection.headers) target.headers.set(name, value)
  return target
}

function checkAllowed(method: string, url: URL, serverUrl: URL, { allow, name }: ServicePlan): void {
  const path = pathBelow(serverUrl, url)
  if (!allow || (path !== undefined && allow(method, path))) return
  throw notAllowed(name)
}

/** Bytes have a length that is sent; a stream is sent in chunks. */
function bodyInit(body: ReplayableBody): RequestInit & { duplex?: 'half' } {
  if (body.kind === 'bytes') return { body: body.bytes }
  return body.kind === 'stream' ? { body: body.stream, duplex: 'half' } : {}
}

/** What follows the prefix, under the server URL; a whole URL stays one. */
function below(serverUrl: URL, href: string): URL {
  const rest = href.slice(RELATIVE.length)
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(rest)) return new URL(rest)
  const url = new URL(serverUrl)
  const { pathname, search } = new URL(href)
  url.pathname = `${serverUrl.pathname.replace(/\/$/, '')}${pathname}`
  url.search = search
  return url
}
