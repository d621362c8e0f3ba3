// The API listener: hands out credentials and forwards requests. Built on the executor's public surface alone.
import { type IncomingMessage, METHODS } from 'node:http'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { parseDuration } from '../base/duration.ts'
import { AppError } from '../base/error.ts'
import type { Log } from '../base/log.ts'
import { type Authorization, toAuthorization } from '../runtime/authorization.ts'
import type { Executor } from '../runtime/executor.ts'
import { toRfc3339 } from '../runtime/live-account.ts'
import type { Authorized, LiveService } from '../runtime/live-service.ts'
import { callerOf, checkParameters } from './admission.ts'
import { callerParams, queryOf, withoutParams } from './caller-params.ts'
import { answerClientError } from './client-error.ts'
import { deliveryRoutes, type OpenDeliveries } from './delivery-routes.ts'
import type { Door } from './door.ts'
import { guard } from './guard.ts'
import { createHttpServer, type ListenerTls, limitsOf } from './http-server.ts'
import type { Metrics } from './metrics.ts'
import type { ServiceProxy } from './proxy.ts'
import { answerErrors, answerUnroutable, requestId } from './send-problem.ts'
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
  /** Undefined: no routes for deliveries. */
  openDeliveries?: OpenDeliveries
}

interface ServiceParams {
  service: string
}

/** The proxy alone, without a prefix, for whichever service `target` names. */
export function createServiceServer(parts: ApiServerParts, target: ServiceParams): FastifyInstance {
  const server = createServer(parts)
  server.addHook('onRequest', async request => {
    Object.assign(request.params as object, target)
  })
  guard(server, parts)
  answerErrors(server, parts.log, 'no such route')
  const forward = (request: FastifyRequest, reply: FastifyReply) =>
    forwardRequest(parts, { request, reply }, target.service, request.raw.url ?? '')
  acceptAnyMethod(server)
  for (const path of ['/', '/*']) server.all(path, { onRequest: forward }, () => {})
  return server
}

function createServer({ tls, executor }: ApiServerParts): FastifyInstance {
  const server = fastify({
    logger: false,
    serverFactory: handler => createHttpServer(handler, tls, limitsOf(executor)),
    clientErrorHandler: answerClientError,
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
  const server = createServer(parts)
  guard(server, parts)
  answerErrors(server, parts.log, 'no such route; see GET /v1/services')

  server.get('/v1/services', request => ({
    services: [...(executor.generation?.services.values() ?? [])]
      .filter(({ plan }) => callerOf(request.raw)?.service(plan.name) ?? true)
      .map(describe),
  }))

  server.get<{ Params: ServiceParams }>('/v1/services/:service', request =>
    describe(executor.definition(request.params.service)),
  )

  server.get<{ Params: ServiceParams; Querystring: { minTtl?: string; method?: string; url?: string } }>(
    '/v1/services/:service/authorization',
    async (request, reply) => {
      const { plan } = executor.definition(request.params.service)
      try {
        const service = calledService(executor, request.raw, plan.name, queryOf(request.raw.url ?? ''))
        const minTtlMs = parseMinTtl(request.query.minTtl)
        const authorized = service.current(minTtlMs) ?? (await service.authorize(minTtlMs))
        const proven = await provenFor(service, authorized, request.query)
        metrics.authorization(plan.name, 'success')
        return proven ? sendProven(reply, service, proven) : sendAuthorization(reply, service, authorized)
      } catch (error) {
        metrics.authorization(plan.name, 'failure')
        throw error
      }
    },
  )

  // A hook, because what follows it would judge the content type, which is the service's business.
  const forward = (request: FastifyRequest<{ Params: ServiceParams }>, reply: FastifyReply) =>
    forwardRequest(parts, { request, reply }, request.params.service, restOfPath(request.raw.url ?? ''))
  acceptAnyMethod(server)
  for (const path of ['/v1/services/:service/proxy', '/v1/services/:service/proxy/*'])
    server.all<{ Params: ServiceParams }>(path, { onRequest: forward }, () => {})

  const { openDeliveries } = parts
  if (openDeliveries) server.register(scope => deliveryRoutes(scope, openDeliveries))

  server.delete<{ Params: ServiceParams }>('/v1/services/:service/token', (request, reply) => {
    const service = calledService(executor, request.raw, request.params.service, queryOf(request.raw.url ?? ''))
    service.account.source.forget()
    return reply.code(204).send()
  })
  return server
}

/** `written` is the path below the service, with its query. Throws AppError for what cannot be forwarded. */
function forwardRequest(
  { executor, proxy }: Pick<ApiServerParts, 'executor' | 'proxy'>,
  { request: { raw }, reply }: { request: FastifyRequest; reply: FastifyReply },
  name: string,
  written: string,
): void {
  const { parameters } = executor.definition(name).plan
  // A service without parameters may have a query of that name itself.
  const service = calledService(executor, raw, name, parameters ? queryOf(written) : '')
  reply.hijack()
  const exchange = { request: raw, response: reply.raw, requestId: () => requestId(raw) }
  proxy.forward(exchange, service, parameters ? withoutParams(written) : written)
}

/** The service with the caller's values, which it must be allowed to give. Throws AppError. */
function calledService(executor: Executor, request: IncomingMessage, name: string, query: string): LiveService {
  const params = callerParams(request, query)
  const { parameters } = executor.definition(name).plan
  if (parameters && callerOf(request)) checkParameters(request, name, parameters.fill(params))
  return executor.service(name, params)
}

/** Bodies belong to the proxy, which streams them. */
function acceptAnyBody(server: FastifyInstance): void {
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', (_request, _payload, done) => done(null))
}

/** The framework knows a few; the proxy forwards whatever Node can parse. */
function acceptAnyMethod(server: FastifyInstance): void {
  const known = new Set([...server.supportedMethods, 'CONNECT'])
  for (const method of METHODS) if (!known.has(method)) server.addHttpMethod(method, { hasBody: true })
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

/** What follows `/v1/services/NAME/proxy`, as the caller wrote it; these four segments may be percent-encoded too. */
function restOfPath(url: string): string {
  return url.replace(/^(?:\/[^/?]*){4}/, '')
}
