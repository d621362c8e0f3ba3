// One attempt of one request of a delivery: the action as it is defined now, the credential of its service, and what the
// answer means. After a 401 one new token and one repetition.
import { AppError, type AppErrorDetails } from '../base/error.ts'
import { VERSION } from '../base/version.ts'
import type { ActionPlan } from '../compile/actions/action-plan.ts'
import { proofHeaders } from '../runtime/authorization.ts'
import { wantsNonce } from '../runtime/authorization-server/dpop.ts'
import type { KeptResponse } from '../runtime/delivering.ts'
import type { LiveAction } from '../runtime/generation/live-action.ts'
import type { Authorized, LiveService } from '../runtime/generation/live-service.ts'
import { type DeliveryJob, type PreparedRequest, prepareRequest } from './delivery.ts'
import { type OutgoingRequest, type SendOptions, type ServerAnswer, sendRequest } from './send-request.ts'

export interface AttemptContext {
  action: LiveAction
  /** Undefined for an action with a URL of its own. */
  service: LiveService | undefined
  nowMs(): number
  signal?: AbortSignal
  /** Bytes of files, as they leave. */
  onSent?(bytes: number): void
  /** The token was refused, or its proof lacked a nonce: what was sent is sent again. */
  onAgain?(): void
}

export interface DeliveredRequest {
  status: number
  response?: KeptResponse
}

/** Rejects with AppError; `details.transient` says that a later attempt may succeed, `details.retryAtMs` not before when. */
export async function sendDelivery(
  job: DeliveryJob,
  index: number,
  context: AttemptContext,
): Promise<DeliveredRequest> {
  const { action, service } = context
  const prepared = prepareRequest(action.plan, job, index, await action.values())
  const answer = service ? await sendToService(prepared, service, context) : await sendToUrl(prepared, context)
  return judge(answer, action.plan, context)
}

const DEFAULT_TIMEOUT_MS = 30_000

function sendToUrl(prepared: PreparedRequest, context: AttemptContext): Promise<ServerAnswer> {
  if (prepared.target.kind !== 'url') throw new Error('a path needs a service')
  const { url, guarded } = prepared.target
  return sendRequest(outgoing(prepared, url, []), {
    ...common(context),
    ...(guarded && { connection: { guarded } }),
    target: url.host,
    timeoutMs: DEFAULT_TIMEOUT_MS,
  })
}

function common({ action, signal, onSent }: AttemptContext): Pick<SendOptions, 'keepBytes' | 'signal' | 'onSent'> {
  const { keepResponseBytes } = action.plan
  return {
    ...(keepResponseBytes !== undefined && { keepBytes: keepResponseBytes }),
    ...(signal && { signal }),
    ...(onSent && { onSent }),
  }
}

/** By the rules of `reauthenticateOn`: `young` for a token that is not replaced yet, `final` for a new one too. */
interface JudgedAnswer extends ServerAnswer {
  refusal?: 'young' | 'final'
}

async function sendToService(
  prepared: PreparedRequest,
  service: LiveService,
  context: AttemptContext,
): Promise<JudgedAnswer> {
  const { plan } = service
  const options: SendOptions = {
    ...common(context),
    target: `service \`${plan.name}\``,
    service: plan.name,
    timeoutMs: plan.timeoutMs,
    ...(plan.timeoutMessage !== undefined && { timeoutMessage: plan.timeoutMessage }),
    judges: status => plan.judge(status, ANY_AGE) === 'read',
  }
  const send = async (authorized: Authorized): Promise<JudgedAnswer> => {
    const request = authorize(prepared, authorized, service)
    return judgeToken(service, authorized, await sendProven(request, authorized, options, context.onAgain))
  }
  const answer = await send(await service.authorize(Math.min(plan.timeoutMs, MAX_MIN_TTL_MS)))
  if (answer.refusal !== 'final') return answer
  context.onAgain?.()
  return send(await service.authorize())
}

const ANY_AGE = () => Infinity

/** Tells the account what the answer says about its token. */
function judgeToken(service: LiveService, authorized: Authorized, answer: ServerAnswer): JudgedAnswer {
  const { status, judged = '' } = answer
  const verdict = service.judge(authorized, status, judged)
  if (verdict === 'accepted') service.accept(authorized)
  if (verdict === 'rejected') service.reject(authorized)
  const isYoung = verdict === 'undecided' && service.plan.judge(status, ANY_AGE, judged) === 'rejected'
  const refusal = verdict === 'rejected' ? 'final' : isYoung ? 'young' : undefined
  return { ...answer, ...(refusal && { refusal }) }
}

/** With a proof where the account has a key; once more with the same token when the service wants a nonce (RFC 9449 section 9). */
async function sendProven(
  request: OutgoingRequest,
  authorized: Authorized,
  options: SendOptions,
  onAgain: AttemptContext['onAgain'],
): Promise<ServerAnswer> {
  const send = async (): Promise<{ answer: ServerAnswer; learned: boolean | undefined }> => {
    const proof = await proofHeaders(authorized, request.method, request.url)
    const { connection } = authorized
    const reached = { ...options, ...(connection && { connection }) }
    const answer = await sendRequest({ ...request, headers: [...request.headers, ...proof] }, reached)
    return { answer, learned: authorized.credential.prover?.learn(request.url, answer.dpopNonce) }
  }
  const { answer, learned } = await send()
  if (!learned || !wantsNonce(answer.status, answer.challenge)) return answer
  onAgain?.()
  return (await send()).answer
}

/** A token should outlive the request; a longer wish would only ask for tokens again and again. */
const MAX_MIN_TTL_MS = 60_000

/** With the credential, which nothing that the action says can replace. */
function authorize(
  prepared: PreparedRequest,
  { serverUrl, injection }: Authorized,
  { plan }: LiveService,
): OutgoingRequest {
  if (prepared.target.kind !== 'path') throw new Error('a service has a path')
  const url = new URL(serverUrl)
  const base = url.pathname.replace(/\/$/, '')
  const [path = '', ...query] = prepared.target.path.split('?')
  url.pathname = base + path
  if (query.length > 0) url.search = query.join('?')
  for (const name of plan.removes.query) url.searchParams.delete(name)
  for (const [name, value] of injection.query) url.searchParams.set(name, value)
  const { headers, ...request } = outgoing(prepared, url, injection.headers)
  const taken = plan.removes.headers
  const injected = new Set(injection.headers)
  return { ...request, headers: headers.filter(header => injected.has(header) || !taken.has(header[0].toLowerCase())) }
}

function outgoing(prepared: PreparedRequest, url: URL, injected: OutgoingRequest['headers']): OutgoingRequest {
  const { method, body, files, headers, idempotencyKey } = prepared
  const said = new Set(headers.map(([name]) => name.toLowerCase()))
  const own: (readonly [string, string])[] = [
    ['User-Agent', `bearerd/${VERSION}`],
    ['Idempotency-Key', idempotencyKey],
  ]
  return {
    url,
    method,
    body,
    files,
    headers: [...own.filter(([name]) => !said.has(name.toLowerCase())), ...headers, ...injected],
  }
}

/** Answers that may be another one later. */
const RETRIED = new Set([408, 425, 429])

function judge(answer: JudgedAnswer, plan: ActionPlan, { nowMs }: AttemptContext): DeliveredRequest {
  const { status, response, retryAfter, refusal } = answer
  const success = plan.successStatus?.includes(status) ?? (status >= 200 && status < 300)
  if (success && !refusal) return { status, ...(response && { response }) }
  const passes = plan.retry.on?.includes(status) ?? (RETRIED.has(status) || status >= 500)
  const transient = success ? refusal === 'young' : passes
  const retryAtMs = transient ? retryTime(retryAfter, nowMs()) : undefined
  const details: AppErrorDetails = {
    status,
    transient,
    ...(plan.service !== undefined && { service: plan.service }),
    ...(retryAtMs !== undefined && { retryAtMs }),
  }
  const who = plan.service === undefined ? `the server of action \`${plan.name}\`` : `service \`${plan.service}\``
  const why = success && refusal ? REFUSALS[refusal] : (REASONS[status] ?? '')
  throw new AppError('delivery_refused', `${who} answered ${status}${why}`, details)
}

const REFUSALS = {
  young:
    ', which `reauthenticateOn` calls a refusal of the token; it is younger than `minAge`, and is not replaced yet',
  final: ', which `reauthenticateOn` calls a refusal of the token, also of a new one: check the account and its scope',
}

const REASONS: Record<number, string> = {
  401: ', also to a credential made anew: check the account',
  403: ': the account may not do this',
  404: ': check `path` and the serverUrl',
  413: ': the content is too large for it',
}

/** RFC 9110 section 10.2.3: seconds or a date. At most a day. */
export function retryTime(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined
  const atMs = /^\d{1,9}$/.test(header) ? nowMs + Number(header) * 1000 : Date.parse(header)
  return Number.isNaN(atMs) ? undefined : Math.min(Math.max(atMs, nowMs), nowMs + 86_400_000)
}
