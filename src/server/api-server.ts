// The API listener: hands out credentials and forwards requests. Built on the executor's public surface alone.
import type { RequestListener } from 'node:http'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { parseDuration } from '../base/duration.ts'
import { AppError } from '../base/error.ts'
import type { Log } from '../base/log.ts'
import type { Limits } from '../config/model/model.ts'
import { type Authorization, toAuthorization } from '../runtime/authorization.ts'
import type { Executor } from '../runtime/executor.ts'
import { toRfc3339 } from '../runtime/generation/live-account.ts'
import type { Authorized, LiveService } from '../runtime/generation/live-service.ts'
import { calledService, callerOf } from './callers/admission.ts'
import { queryOf } from './callers/caller-params.ts'
import type { Door } from './callers/door.ts'
import { guardRoutes } from './callers/guard.ts'
import { answerClientError } from './client-error.ts'
import { deliveryRoutes, type OpenDeliveries } from './delivery-routes.ts'
import { createHttpServer, type ListenerTls } from './http-server.ts'
import type { Metrics } from './metrics.ts'
import type { ServiceProxy } from './proxy/proxy.ts'
import { proxyRoute, serviceRoute } from './proxy/proxy-route.ts'
import { RefusedConnections } from './refused-connections.ts'
import { answerErrors, answerUnroutable } from './send-problem.ts'
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

type ServiceRequest = Pick<FastifyRequest<{ Params: ServiceParams }>, 'raw' | 'params'>

interface AuthorizationQuery {
  minTtl?: string
  method?: string
  url?: string
}

/** The proxy alone, without a prefix, for whichever service `target` names. */
export function createServiceServer(parts: ApiServerParts, target: ServiceParams): FastifyInstance {
  const server = createServer(parts, next => serviceRoute(parts, target, next))
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
  const { executor, metrics } = parts
  const describe = (service: LiveService) => describeService(executor, service)
  const server = createServer(parts, next => proxyRoute(parts, next))
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

  const authorize = async (
    { raw, params }: ServiceRequest,
    reply: FastifyReply,
    query: string,
    asked: AuthorizationQuery,
  ) => {
    const { plan } = executor.definition(params.service)
    try {
      const service = calledService(executor, raw, plan.name, query)
      const minTtlMs = parseMinTtl(asked.minTtl)
      const authorized = service.current(minTtlMs) ?? (await service.authorize(minTtlMs))
      const proven = await provenFor(service, authorized, asked)
      metrics.authorization(plan.name, 'success')
      return proven ? sendProven(reply, service, proven) : sendAuthorization(reply, service, authorized)
    } catch (error) {
      metrics.authorization(plan.name, 'failure')
      throw error
    }
  }
  server.get<{ Params: ServiceParams; Querystring: AuthorizationQuery }>(
    '/v1/services/:service/authorization',
    (request, reply) => authorize(request, reply, queryOf(request.raw.url ?? ''), request.query),
  )
  // Of a gateway that puts its client's method, path and query behind the route: they are the client's words, not its own.
  server.all<{ Params: ServiceParams }>('/v1/services/:service/authorization/*', (request, reply) =>
    authorize(request, reply, '', {}),
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

function parseMinTtl(text: string | undefined): number {
  if (text === undefined) return 0
  const durationMs = parseDuration(text)
  if (durationMs === undefined) throw new AppError('invalid_request', '`minTtl` is a duration such as `10m`')
  return durationMs
}

/** For an account with DPoP: what authorises one request. Undefined for all others. */
async function provenFor(
  service: LiveService,
  authorized: Authorized,
  { method, url }: { method?: string; url?: string },
): Promise<Authorization | undefined> {
  if (!authorized.credential.prover) return undefined
  return toAuthorization(service, authorized, url === undefined ? undefined : { method: method ?? 'GET', url })
}

function sendProven(reply: FastifyReply, { plan }: LiveService, authorization: Authorization): FastifyReply {
  for (const [name, value] of Object.entries(authorization.headers)) reply.header(name, value)
  const body = JSON.stringify({ service: plan.name, ...authorization })
  return reply.header('cache-control', 'no-store').header('content-type', 'application/json; charset=utf-8').send(body)
}

const bodies = new WeakMap<Authorized, string>()

function sendAuthorization(reply: FastifyReply, { plan }: LiveService, authorized: Authorized): FastifyReply {
  const { injection, expiresAtMs } = authorized
  let body = bodies.get(authorized)
  if (body === undefined) {
    const headers = Object.fromEntries(injection.headers)
    body = JSON.stringify({
      service: plan.name,
      headers,
      query: Object.fromEntries(injection.query),
      expiresAt: toRfc3339(expiresAtMs),
    })
    bodies.set(authorized, body)
  }
  for (const [name, value] of injection.headers) reply.header(name, value)
  return reply.header('cache-control', 'no-store').header('content-type', 'application/json; charset=utf-8').send(body)
}
