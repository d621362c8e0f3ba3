// A problem on its way to the caller, and the id that it can be found by in the log.
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { systemClock } from '../base/clock.ts'
import { AppError, errorFacts } from '../base/error.ts'
import type { Log } from '../base/log.ts'
import { callerOf } from './callers/admission.ts'
import { rememberRoutes } from './known-routes.ts'
import { PROBLEM_TYPE, type Problem, problem, problemOf } from './problem.ts'
import { dropRest } from './unread-body.ts'

/** Whatever a route throws, and what is no route, or none of the methods of one: called before the routes are added. */
export function answerErrors(server: FastifyInstance, log: Log, noRoute: string): void {
  const methodsOf = rememberRoutes(server)
  server.setNotFoundHandler((request, reply) => {
    const methods = methodsOf((request.raw.url ?? '').replace(/[?#].*/, ''))
    if (methods.length === 0) return sendProblem(reply, problem('not_found', 404, 'Not found', noRoute), request.raw)
    const detail = `this path has ${methods.join(', ')}, not ${request.method}`
    reply.header('allow', methods.join(', '))
    sendProblem(reply, problem('method_not_allowed', 405, 'Method not allowed', detail), request.raw)
  })
  server.setErrorHandler((error, request, reply) => {
    const { service } = (request.params ?? {}) as { service?: string }
    sendProblem(reply, reportError(log, error, request.raw, { service }), request.raw)
  })
}

export interface Refused {
  service: string | undefined
  /** A request that was to go to the service: each refusal is told. */
  forwarding?: true
}

/** What the caller hears of an error; the log has it already. */
export function reportError(
  log: Log,
  error: unknown,
  request: IncomingMessage,
  { service, forwarding }: Refused,
): Problem {
  const known = error instanceof AppError
  const foreignStatus = (error as { statusCode?: number }).statusCode ?? 500
  const answer =
    known || foreignStatus >= 500
      ? problemOf(error, service)
      : problem('invalid_request', foreignStatus, 'Invalid request', (error as Error).message)
  const { status } = answer
  const facts = { caller: callerOf(request)?.name, service, code: answer.code, ...requestFacts(request) }
  if (!known && status >= 500) log.error({ ...facts, ...errorFacts(error) }, 'internal error')
  else if (forwarding || status === 401 || status === 403) log.warn(facts, `refused: ${answer.detail}`)
  else log.debug(facts, answer.detail)
  return answer
}

/** For a URL that no route can be looked up for. */
export function answerUnroutable(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  sendProblem(reply, problem('invalid_request', 400, 'Invalid request', error.message), request.raw)
}

export function sendProblem(reply: FastifyReply, answer: Problem, request: IncomingMessage): void {
  // Such as where a delivery is.
  for (const [name, value] of Object.entries(reply.getHeaders())) reply.raw.setHeader(name, value as string)
  reply.hijack()
  writeProblem(reply.raw, answer, request)
}

/** The whole answer. */
export function writeProblem(response: ServerResponse, answer: Problem, request: IncomingMessage): void {
  const id = requestId(request)
  const body = JSON.stringify({ ...answer, requestId: id })
  response.writeHead(answer.status, {
    'Content-Type': PROBLEM_TYPE,
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    'X-Request-Id': id,
    ...(answer.status >= 500 && retryAfter(answer)),
    ...(answer.status === 401 && { 'WWW-Authenticate': 'Bearer realm="bearerd"' }),
  })
  response.end(body)
  dropRest(request)
}

/** In seconds: when a free place may be there, or the state again; for a token, when it is asked for again. */
function retryAfter({ code, nextAttemptAt }: Problem): Record<string, string> {
  if (code === 'too_busy') return { 'Retry-After': '1' }
  if (code === 'state_unavailable') return { 'Retry-After': '5' }
  if (nextAttemptAt === undefined) return {}
  const waitMs = Date.parse(nextAttemptAt) - systemClock.nowMs()
  return { 'Retry-After': String(Math.max(1, Math.ceil(waitMs / 1000))) }
}

/** Of a request, for the log: a query may hold secrets. */
export function requestFacts(request: IncomingMessage) {
  return { method: request.method, path: request.url?.split('?', 1)[0], requestId: requestId(request) }
}

interface Identified extends IncomingMessage {
  [ID]?: string
}

const ID = Symbol('request id')
const idPrefix = randomUUID().slice(0, 13)
let idCount = 0

/** The caller's own id where it is a plain one, else a new one; the same at each call. */
export function requestId(request: Identified): string {
  const known = request[ID]
  if (known !== undefined) return known
  const own = request.headers['x-request-id']
  const isPlain = typeof own === 'string' && /^[\w.-]{1,128}$/.test(own)
  request[ID] = isPlain ? own : `${idPrefix}-${(++idCount).toString(36)}`
  return request[ID]
}
