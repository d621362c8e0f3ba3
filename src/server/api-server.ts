// The API listener: hands out credentials and forwards requests. Built on the executor's public surface alone.
import type { RequestListener } from 'node:http'
import fastify, { type FastifyInstance } from 'fastify'
import type { Log } from '../base/log.ts'
import type { Limits } from '../config/model/model.ts'
import type { Executor } from '../runtime/executor.ts'
import type { LiveService } from '../runtime/generation/live-service.ts'
import { asksForAuthorization, authorizing } from './authorization-route.ts'
import { calledService, callerOf } from './callers/admission.ts'
import { queryOf } from './callers/caller-params.ts'
import type { Door } from './callers/door.ts'
import { guardRoutes } from './callers/guard.ts'
import { answerClientError } from './client-error.ts'
import { deliveryRoutes, type OpenDeliveries } from './delivery-routes.ts'
import { createHttpServer, type ListenerTls } from './http-server.ts'
import type { Metrics } from './metrics.ts'
import { forwarding } from './proxy/forward-request.ts'
import type { ServiceProxy } from './proxy/proxy.ts'
import { RefusedConnections } from './refused-connections.ts'
import { answerErrors, answerUnroutable } from './send-problem.ts'
import { type ServiceAnswers, serviceRoutes, serviceTarget } from './service-route.ts'
import { serviceState } from './service-state.ts'

export interface ApiServerParts {
  executor: Executor
  proxy: ServiceProxy
  door: Door
  metrics: Metrics
  log: Log
  /** Other machines can reach it. */
  exposed: boolean
  tls?: ListenerTls
  /** Of the configuration that opens it; default those of the running generation. */
  limits?: Limits | undefined
  /** Undefined: no routes for deliveries. */
  openDeliveries?: OpenDeliveries
}

interface ServiceParams {
  service: string
}

/** The proxy alone, without a prefix, for whichever service `target` names. */
export function createServiceServer(parts: ApiServerParts, target: ServiceParams): FastifyInstance {
  const forward = forwarding(parts)
  const find = (url: string) => ({ service: target.service, route: 'proxy', rest: url })
  const server = createServer(parts, next => serviceRoutes(parts, next, { find, answerOf: () => forward }))
  answerErrors(server, parts.log, 'no such route')
  return server
}

/** `enter` has every request first, and hands the framework what it does not answer. */
function createServer(
  { log, ...parts }: ApiServerParts,
  enter: (next: RequestListener) => RequestListener,
): FastifyInstance {
  const refused = new RefusedConnections(log)
  const server = fastify({
    logger: false,
    serverFactory: next => createHttpServer(enter(next), { ...parts, refused }),
    clientErrorHandler: (error, socket) => answerClientError(error, socket, refused),
    bodyLimit: 1024 * 1024,
    // What comes on an open connection while the daemon drains is answered like everything else.
    return503OnClosing: false,
    frameworkErrors: answerUnroutable,
  })
  acceptAnyBody(server)
  return server
}

export function createApiServer(parts: ApiServerParts): FastifyInstance {
  const { executor } = parts
  const describe = (service: LiveService) => describeService(executor, service)
  const answers = serviceAnswers(parts)
  const server = createServer(parts, next => serviceRoutes(parts, next, answers))
  guardRoutes(server, parts)
  answerErrors(server, parts.log, 'no such route; see GET /v1/services')

  server.get('/v1/services', request => ({
    services: [...(executor.generation?.services.values() ?? [])]
      .filter(({ plan }) => callerOf(request.raw)?.service(plan.name) ?? true)
      .map(describe),
  }))

  server.get<{ Params: ServiceParams }>('/v1/services/:service', request =>
    describe(executor.definition(request.params.service)),
  )

  const { openDeliveries } = parts
  if (openDeliveries) server.register(scope => deliveryRoutes(scope, openDeliveries))

  server.delete<{ Params: ServiceParams }>('/v1/services/:service/token', (request, reply) => {
    const service = calledService(executor, request.raw, request.params.service, queryOf(request.raw.url ?? ''))
    service.account.source.forget()
    return reply.code(204).send()
  })
  return server
}

/** `/v1/services/:service/proxy/*` and `/v1/services/:service/authorization`. */
function serviceAnswers(parts: ApiServerParts): ServiceAnswers {
  const [forward, authorize] = [forwarding(parts), authorizing(parts)]
  return {
    find(url, method) {
      const target = serviceTarget(url)
      return target && (target.route === 'proxy' || asksForAuthorization(target, method)) ? target : undefined
    },
    answerOf: ({ route }) => (route === 'proxy' ? forward : authorize),
  }
}

/** The routes that have a body read it themselves. */
function acceptAnyBody(server: FastifyInstance): void {
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', (_request, _payload, done) => done(null))
}

function describeService({ generation }: Executor, service: LiveService) {
  const { plan, account } = service
  const { state, parameters } = serviceState(generation!, service)
  return {
    name: plan.name,
    ...(plan.title !== undefined && { title: plan.title }),
    account: account.plan.name,
    state,
    ...(parameters && { parameters: parameters.names }),
  }
}
