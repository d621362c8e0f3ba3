// A request for one service -> whoever answers it, by the same door and with the same rights as every other request. Stands in
// front of the framework: what programs ask for all the time needs nothing of it, and everything else goes on to it.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { createGuard, type GuardParts } from './callers/guard.ts'
import { reportError, writeProblem } from './send-problem.ts'

export interface Exchange {
  request: IncomingMessage
  response: ServerResponse
}

export interface ServiceTarget {
  service: string
  /** The segment behind the service. */
  route: string
  /** What follows, as the caller wrote it. */
  rest: string
}

/** Throws AppError, or rejects with it, before anything was answered. */
export type AnswerService = (exchange: Exchange, target: ServiceTarget) => Promise<void> | undefined

export interface ServiceAnswers {
  /** Undefined: not for us. */
  find(url: string, method: string | undefined): ServiceTarget | undefined
  answerOf(target: ServiceTarget): AnswerService
}

/** `next` has what is none of these routes, and targets that cannot be decoded. */
export function serviceRoutes(parts: GuardParts, next: RequestListener, answers: ServiceAnswers): RequestListener {
  const { log } = parts
  const guard = createGuard(parts)
  const fail = ({ request, response }: Exchange, { service, route }: ServiceTarget, error: unknown) => {
    const forwarding = route === 'proxy' && { forwarding: true as const }
    writeProblem(response, reportError(log, error, request, { service, ...forwarding }), request)
  }
  const answer = (exchange: Exchange, target: ServiceTarget) => {
    try {
      answers
        .answerOf(target)(exchange, target)
        ?.catch(error => fail(exchange, target, error))
    } catch (error) {
      fail(exchange, target, error)
    }
  }
  return (request, response) => {
    const url = request.url ?? ''
    const target = isDecodable(url) ? answers.find(url, request.method) : undefined
    if (!target) return next(request, response)
    const refused = guard.refuse(request, response)
    if (refused) return writeProblem(response, refused, request)
    const exchange = { request, response }
    const admission = guard.admit(request, response, { service: target.service })
    if (!admission) return answer(exchange, target)
    admission.then(
      () => answer(exchange, target),
      error => fail(exchange, target, error),
    )
  }
}

/** As nearly everybody writes it. */
const PLAIN = /^\/v1\/services\/([^/?#%]+)\/([^/?#%]+)/
/** The first four segments of a path. */
const HEAD = /^\/[^/?#]*\/[^/?#]*\/[^/?#]*\/[^/?#]*/

/** Of `/v1/services/NAME/ROUTE` and what follows. These four segments may be percent-encoded too. */
export function serviceTarget(url: string): ServiceTarget | undefined {
  const plain = PLAIN.exec(url)
  if (plain) {
    const { 0: matched, 1: service = '', 2: route = '' } = plain
    if (url[matched.length] !== '%') return { service, route, rest: url.slice(matched.length) }
  }
  const head = url.includes('%') ? HEAD.exec(url)?.[0] : undefined
  if (head === undefined) return undefined
  const [, version, services, service, route] = head.split('/').map(decoded)
  if (version !== 'v1' || services !== 'services' || !service || !route) return undefined
  return { service, route, rest: url.slice(head.length) }
}

function decoded(segment: string): string {
  return segment.includes('%') ? decodeURIComponent(segment) : segment
}

/** Of the path: a query is the service's business. */
function isDecodable(url: string): boolean {
  if (!url.includes('%')) return true
  try {
    decodeURIComponent(url.split(/[?#]/, 1)[0]!)
    return true
  } catch {
    return false
  }
}
