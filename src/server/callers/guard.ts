// What stands before every route of a listener: its door, then who the caller is and what it may use, with a line in the log
// for each use.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { AppError } from '../../base/error.ts'
import type { Log } from '../../base/log.ts'
import type { Executor } from '../../runtime/executor.ts'
import type { Generation } from '../../runtime/generation/generation.ts'
import type { Problem } from '../problem.ts'
import { requestFacts, requestId, sendProblem } from '../send-problem.ts'
import { admit, auditUse, type Use } from './admission.ts'
import type { Door } from './door.ts'

export interface GuardParts {
  executor: Executor
  door: Door
  log: Log
  /** Other machines can reach it: without callers nobody is let in. */
  exposed: boolean
}

/** What everyone who can connect may see, such as health. */
export type Open = (request: FastifyRequest) => boolean

export interface Guard {
  /** The problem of a request that must not come in; it is in the log then. */
  refuse(request: IncomingMessage, response: ServerResponse): Problem | undefined
  /** Undefined: everyone may. Rejects with AppError for an unknown caller, and one that may not use this. */
  admit(request: IncomingMessage, response: ServerResponse, use: Use): Promise<void> | undefined
}

export function createGuard({ executor, door, log, exposed }: GuardParts): Guard {
  return {
    refuse(request, response) {
      const refused = door(request)
      if (refused) log.warn({ code: refused.code, ...requestFacts(request) }, `refused: ${refused.detail}`)
      else if (log.isDebug?.()) logRequest(log, request, response)
      return refused
    },
    admit(request, response, use) {
      const { generation } = executor
      return generation?.callers || exposed ? enter(generation, log, { request, response }, use) : undefined
    },
  }
}

/** For all routes of the server. */
export function guardRoutes(server: FastifyInstance, parts: GuardParts & { open?: Open }): void {
  const guard = createGuard(parts)
  server.addHook('onRequest', (request, reply, done) => {
    const refused = guard.refuse(request.raw, reply.raw)
    if (refused) return sendProblem(reply, refused, request.raw)
    reply.header('x-request-id', requestId(request.raw))
    const { service, action } = (request.params ?? {}) as Use
    const use = { ...(service !== undefined && { service }), ...(action !== undefined && { action }) }
    const admission = parts.open?.(request) ? undefined : guard.admit(request.raw, reply.raw, use)
    if (admission) admission.then(() => done(), done)
    else done()
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
  exchange: { request: IncomingMessage; response: ServerResponse },
  use: Use,
): Promise<void> {
  const facts = requestFacts(exchange.request)
  if (!generation?.callers) throw new AppError('unauthenticated', NO_CALLERS)
  await admit(generation, exchange.request, use)
  auditUse(log, exchange, { ...use, ...facts, generation: generation.id })
}

const NO_CALLERS = 'other machines can reach this listener, and `daemon.callers` is no longer set: nobody is let in'
