// What stands before every route of a listener: its door, then who the caller is and what it may use, with a line in the log
// for each use.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../base/error.ts'
import type { Log } from '../base/log.ts'
import type { Executor } from '../runtime/executor.ts'
import type { Generation } from '../runtime/generation.ts'
import { admit, auditUse, type Use } from './admission.ts'
import type { Door } from './door.ts'
import { requestFacts, requestId, sendProblem } from './send-problem.ts'

export interface GuardParts {
  executor: Executor
  door: Door
  log: Log
  /** Other machines can reach it: without callers nobody is let in. */
  exposed: boolean
  /** What everyone who can connect may see, such as health. */
  open?(request: FastifyRequest): boolean
}

export function guard(server: FastifyInstance, { executor, door, log, exposed, open }: GuardParts): void {
  server.addHook('onRequest', (request, reply, done) => {
    const refused = door(request.raw)
    if (refused) {
      log.warn({ code: refused.code, ...requestFacts(request.raw) }, `refused: ${refused.detail}`)
      return sendProblem(reply, refused, request.raw)
    }
    reply.header('x-request-id', requestId(request.raw))
    if (log.isDebug?.()) logRequest(log, request.raw, reply.raw)
    const { generation } = executor
    if ((!generation?.callers && !exposed) || open?.(request)) return done()
    enter(generation, log, request, reply).then(() => done(), done)
  })
}

function logRequest(log: Log, request: IncomingMessage, response: ServerResponse): void {
  const startedAtMs = performance.now()
  const facts = requestFacts(request)
  response.once('close', () => {
    const status = response.headersSent ? response.statusCode : null
    log.debug({ ...facts, status, durationMs: Math.round(performance.now() - startedAtMs) }, 'request')
  })
}

async function enter(
  generation: Generation | undefined,
  log: Log,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const { service, action } = (request.params ?? {}) as Use
  const use = { ...(service !== undefined && { service }), ...(action !== undefined && { action }) }
  const facts = requestFacts(request.raw)
  if (!generation?.callers) throw new AppError('unauthenticated', NO_CALLERS)
  await admit(generation, request.raw, use)
  auditUse(log, { request: request.raw, response: reply.raw }, { ...use, ...facts, generation: generation.id })
}

const NO_CALLERS = 'other machines can reach this listener, and `daemon.callers` is no longer set: nobody is let in'
