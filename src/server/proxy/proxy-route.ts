// A request for a service's proxy -> the proxy, by the same door and with the same rights as every other request. Stands in
// front of the framework: what is forwarded needs nothing of it, and everything else goes on to it.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Executor } from '../../runtime/executor.ts'
import { calledService } from '../callers/admission.ts'
import { queryOf, withoutParams } from '../callers/caller-params.ts'
import { createGuard, type GuardParts } from '../callers/guard.ts'
import { reportError, requestId, writeProblem } from '../send-problem.ts'
import type { ServiceProxy } from './proxy.ts'

export interface ProxyRouteParts extends GuardParts {
  proxy: ServiceProxy
}

interface Target {
  service: string
  /** What is to be forwarded, as the caller wrote it. */
  rest: string
}

/** `next` has what is no proxy route, and targets that cannot be decoded. */
export function proxyRoute(parts: ProxyRouteParts, next: RequestListener): RequestListener {
  return route(parts, next, targetOf)
}

/** For the service that has this address now. */
export function serviceRoute(parts: ProxyRouteParts, at: { service: string }, next: RequestListener): RequestListener {
  return route(parts, next, url => ({ service: at.service, rest: url }))
}

function route(
  parts: ProxyRouteParts,
  next: RequestListener,
  find: (url: string) => Target | undefined,
): RequestListener {
  const { executor, proxy, log } = parts
  const guard = createGuard(parts)
  return (request, response) => {
    const url = request.url ?? ''
    const target = isDecodable(url) ? find(url) : undefined
    if (!target) return next(request, response)
    const { service } = target
    const refused = guard.refuse(request, response)
    if (refused) return writeProblem(response, refused, request)
    const fail = (error: unknown) =>
      writeProblem(response, reportError(log, error, request, { service, forwarding: true }), request)
    const forward = () => {
      try {
        forwardRequest(executor, proxy, { request, response }, target)
      } catch (error) {
        fail(error)
      }
    }
    const admission = guard.admit(request, response, { service })
    if (admission) admission.then(forward, fail)
    else forward()
  }
}

/** Throws AppError for what cannot be forwarded. */
function forwardRequest(
  executor: Executor,
  proxy: ServiceProxy,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
  { service: name, rest }: Target,
): void {
  const { parameters } = executor.definition(name).plan
  // A service without parameters may have a query of that name itself.
  const service = calledService(executor, request, name, parameters ? queryOf(rest) : '')
  const id = requestId(request)
  proxy.forward({ request, response, requestId: () => id }, service, parameters ? withoutParams(rest) : rest)
}

/** The first four segments of a path. */
const HEAD = /^\/[^/?#]*\/[^/?#]*\/[^/?#]*\/[^/?#]*/

/** Of `/v1/services/NAME/proxy` and what follows. These four segments may be percent-encoded too. */
function targetOf(url: string): Target | undefined {
  const head = HEAD.exec(url)?.[0]
  if (head === undefined) return undefined
  const [, version, services, service, proxy] = head.split('/').map(decoded)
  if (version !== 'v1' || services !== 'services' || !service || proxy !== 'proxy') return undefined
  return { service, rest: url.slice(head.length) }
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
