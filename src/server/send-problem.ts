// A problem on its way to the caller, and the id that it can be found by in the log.
import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError, errorFacts } from '../base/error.ts'
import type { Log } from '../base/log.ts'
import { PROBLEM_TYPE, type Problem, problem, problemOf } from './problem.ts'

/** Whatever a route throws, and what is no route. */
export function answerErrors(server: FastifyInstance, log: Log, noRoute: string): void {
  server.setNotFoundHandler((request, reply) => {
    sendProblem(reply, problem('not_found', 404, 'Not found', noRoute), request.raw)
  })
  server.setErrorHandler((error, request, reply) => {
    const known = error instanceof AppError
    const { service } = (request.params ?? {}) as { service?: string }
    const foreignStatus = (error as { statusCode?: number }).statusCode ?? 500
    const answer =
      known || foreignStatus >= 500
        ? problemOf(error, service)
        : problem('invalid_request', foreignStatus, 'Invalid request', (error as Error).message)
    const { status } = answer
    const facts = {
      caller: answer.caller as string | undefined,
      service,
      code: answer.code,
      ...requestFacts(request.raw),
    }
    if (!known && status >= 500) log.error({ ...facts, ...errorFacts(error) }, 'internal error')
    else if (status === 401 || status === 403) log.warn(facts, `refused: ${answer.detail}`)
    else log.debug(facts, answer.detail)
    sendProblem(reply, answer, request.raw)
  })
}

/** For a URL that no route can be looked up for. */
export function answerUnroutable(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  sendProblem(reply, problem('invalid_request', 400, 'Invalid request', error.message), request.raw)
}

export function sendProblem(reply: FastifyReply, answer: Problem, request: IncomingMessage): void {
  // Bytes, because to a text the framework adds a charset, which this media type does not have.
  const body = Buffer.from(JSON.stringify({ ...answer, requestId: requestId(request) }))
  if (answer.status === 401) reply.header('www-authenticate', 'Bearer realm="bearerd"')
  reply.header('x-request-id', requestId(request))
  reply.code(answer.status).header('content-type', PROBLEM_TYPE).header('cache-control', 'no-store').send(body)
}

/** Of a request, for the log: a query may hold secrets. */
export function requestFacts(request: IncomingMessage) {
  return { method: request.method, path: request.url?.split('?', 1)[0], requestId: requestId(request) }
}

const requestIds = new WeakMap<IncomingMessage, string>()
const idPrefix = randomUUID().slice(0, 13)
let idCount = 0

/** The caller's own id where it is a plain one, else a new one; the same at each call. */
export function requestId(request: IncomingMessage): string {
  const own = request.headers['x-request-id']
  if (typeof own === 'string' && /^[\w.-]{1,128}$/.test(own)) return own
  const known = requestIds.get(request)
  if (known !== undefined) return known
  const id = `${idPrefix}-${(++idCount).toString(36)}`
  requestIds.set(request, id)
  return id
}
