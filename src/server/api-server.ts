// The API listener: hands out credentials and forwards requests. Built on the executor's public surface alone.
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, METHODS } from 'node:http'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { parseDuration } from '../base/duration.ts'
import { AppError } from '../base/error.ts'
import type { Log } from '../base/log.ts'
import type { Executor } from '../runtime/executor.ts'
import type { Generation } from '../runtime/generation.ts'
import { toRfc3339 } from '../runtime/live-account.ts'
import type { Authorized, LiveService } from '../runtime/live-service.ts'
import { admit, auditUse, mayUseService } from './admission.ts'
import { callerParams, queryOf, withoutParams } from './caller-params.ts'
import type { Door } from './door.ts'
import type { Metrics } from './metrics.ts'
import { PROBLEM_TYPE, type Problem, problem, problemOf } from './problem.ts'
import type { ServiceProxy } from './proxy.ts'
import { serviceState } from './service-state.ts'

export interface ApiServerParts {
  executor: Executor
  proxy: ServiceProxy
  door: Door
  metrics: Metrics
  log: Log
}

interface ServiceParams {
  service: string
}

export function createApiServer(parts: ApiServerParts): FastifyInstance {
  const { executor, metrics } = parts
  const describe = (service: LiveService) => describeService(executor, service)
  const server = fastify({
    logger: false,
    serverFactory: handler => createServer({ requestTimeout: 0 }, handler),
    bodyLimit: 1024 * 1024,
    frameworkErrors: answerUnroutable,
  })
  acceptAnyBody(server)
  guard(server, parts)
  answerErrors(server, parts.log)

  server.get('/v1/services', request => ({
    services: [...(executor.generation?.services.values() ?? [])]
      .filter(({ plan }) => mayUseService(request.raw, plan.name))
      .map(describe),
  }))

  server.get<{ Params: ServiceParams }>('/v1/services/:service', request =>
    describe(executor.definition(request.params.service)),
  )

  server.get<{ Params: ServiceParams; Querystring: { minTtl?: string } }>(
    '/v1/services/:service/authorization',
    async (request, reply) => {
      const { plan } = executor.definition(request.params.service)
      try {
        const service = executor.service(plan.name, callerParams(request.raw, queryOf(request.raw.url ?? '')))
        const minTtlMs = parseMinTtl(request.query.minTtl)
        const authorized = service.current(minTtlMs) ?? (await service.authorize(minTtlMs))
        metrics.authorization(plan.name, 'success')
        return sendAuthorization(reply, service, authorized)
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

  server.delete<{ Params: ServiceParams }>('/v1/services/:service/token', (request, reply) => {
    const params = callerParams(request.raw, queryOf(request.raw.url ?? ''))
    executor.forget(request.params.service, { params })
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
  const service = executor.service(name, callerParams(raw, parameters ? queryOf(written) : ''))
  reply.hijack()
  const exchange = { request: raw, response: reply.raw, requestId: () => requestId(raw) }
  proxy.forward(exchange, service, parameters ? withoutParams(written) : written)
}

/** Before every route: the door, then the caller. */
function guard(server: FastifyInstance, { executor, door, log }: ApiServerParts): void {
  server.addHook('onRequest', (request, reply, done) => {
    const refused = door(request.raw)
    if (refused) sendProblem(reply, refused, request.raw)
    else if (executor.generation?.callers) enter(executor.generation, log, request, reply).then(() => done(), done)
    else done()
  })
}

/** Where there are callers: who this is, whether it may, and one line in the log. */
async function enter(generation: Generation, log: Log, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { service } = (request.params ?? {}) as Partial<ServiceParams>
  const use = service === undefined ? {} : { service }
  try {
    await admit(generation, request.raw, use)
  } catch (error) {
    const { caller } = (error as AppError).details ?? {}
    const code = (error as AppError).code
    log.warn({ caller, ...use, code, ...factsOf(request.raw) }, `refused: ${(error as Error).message}`)
    throw error
  }
  const facts = { ...use, ...factsOf(request.raw), generation: generation.id }
  auditUse(log, { request: request.raw, response: reply.raw }, facts)
}

/** Of a request, for the log: a query may hold secrets. */
function factsOf(request: IncomingMessage) {
  return { method: request.method, path: request.url?.split('?', 1)[0], requestId: requestId(request) }
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

/** What follows `/v1/services/NAME/proxy`, as the caller wrote it. */
function restOfPath(url: string): string {
  const at = url.indexOf('/proxy', '/v1/services/'.length)
  return url.slice(at + '/proxy'.length)
}

function answerErrors(server: FastifyInstance, log: Log): void {
  server.setNotFoundHandler((request, reply) => {
    sendProblem(reply, problem('not_found', 404, 'Not found', 'no such route; see GET /v1/services'), request.raw)
  })
  server.setErrorHandler((error, request, reply) => {
    const known = error instanceof AppError
    const { service } = (request.params ?? {}) as Partial<ServiceParams>
    const status = (error as { statusCode?: number }).statusCode ?? 500
    const answer =
      known || status >= 500
        ? problemOf(error, service)
        : problem('invalid_request', status, 'Invalid request', (error as Error).message)
    if (!known && status >= 500) log.error({ error: (error as Error).stack ?? String(error) }, 'internal error')
    else log.debug({ code: answer.code, service }, answer.detail)
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
  reply.code(answer.status).header('content-type', PROBLEM_TYPE).header('cache-control', 'no-store').send(body)
}

const requestIds = new WeakMap<IncomingMessage, string>()

/** The caller's own id where it is a plain one, else a new one; the same at each call. */
export function requestId(request: IncomingMessage): string {
  const own = request.headers['x-request-id']
  if (typeof own === 'string' && /^[\w.-]{1,128}$/.test(own)) return own
  const id = requestIds.get(request) ?? randomUUID()
  requestIds.set(request, id)
  return id
}
