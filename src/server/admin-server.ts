// The admin listener: health, reload, metrics, status. Never a secret.
import fastify, { type FastifyInstance } from 'fastify'
import type { Log } from '../base/log.ts'
import { jsonReport } from '../diagnostics/render-json.ts'
import type { Executor } from '../runtime/executor.ts'
import type { Generation } from '../runtime/generation/generation.ts'
import { toRfc3339 } from '../runtime/generation/live-account.ts'
import type { LoadResult } from '../runtime/load-result.ts'
import type { Door } from './callers/door.ts'
import { guardRoutes } from './callers/guard.ts'
import { answerClientError } from './client-error.ts'
import { createHttpServer, type ListenerTls } from './http-server.ts'
import type { Metrics } from './metrics.ts'
import { OPENAPI } from './openapi.ts'
import { problem } from './problem.ts'
import { RefusedConnections } from './refused-connections.ts'
import { answerErrors, answerUnroutable, sendProblem } from './send-problem.ts'
import { serviceState } from './service-state.ts'
import { STATUS_PAGE, STATUS_PAGE_POLICY } from './status-page.ts'

export interface AdminServerParts {
  executor: Executor
  metrics: Metrics
  door: Door
  log: Log
  /** Other machines can reach it: by TLS, and only callers see more than health. */
  exposed: boolean
  tls?: ListenerTls
  /** False before the first configuration is active and while the daemon stops. */
  isReady(): boolean
  deliveries(): DeliveriesStatus
}

export interface DeliveriesStatus {
  queue: 'sqlite' | 'postgresql'
  /** False when it cannot be used: nothing is accepted then. */
  ok: boolean
  lastError: string | null
}

const ROUTES = '/, /v1/status, /openapi.json, /metrics, /-/healthy, /-/ready'

export function createAdminServer(parts: AdminServerParts): FastifyInstance {
  const { executor, metrics, exposed, log, isReady } = parts
  const refused = new RefusedConnections(log)
  const server = fastify({
    logger: false,
    serverFactory: handler => createHttpServer(handler, { ...parts, refused }),
    clientErrorHandler: (error, socket) => answerClientError(error, socket, refused),
    forceCloseConnections: true,
    frameworkErrors: answerUnroutable,
  })
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', (_request, _payload, done) => done(null))
  guardRoutes(server, { ...parts, open: request => !exposed || PROBES.test(request.url) })
  answerErrors(server, parts.log, `no such route; try ${ROUTES}`)

  server.get('/', (_request, reply) =>
    reply.type('text/html').header('content-security-policy', STATUS_PAGE_POLICY).send(STATUS_PAGE),
  )
  server.get('/openapi.json', () => OPENAPI)
  server.get('/-/healthy', (_request, reply) => reply.type('text/plain').send('healthy\n'))
  server.get('/-/ready', (_request, reply) =>
    reply
      .code(isReady() ? 200 : 503)
      .type('text/plain')
      .send(isReady() ? 'ready\n' : 'not ready\n'),
  )
  server.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()))
  server.get('/v1/status', () => status(parts))
  server.post('/-/reload', async (request, reply) => {
    const result = await executor.reload()
    if (result.ok)
      return { generation: executor.generation?.id, at: result.at, ...jsonReport(result.diagnostics, result.files) }
    const detail = 'the configuration has errors; the running generation stays'
    const answer = {
      ...problem('invalid_configuration', 422, 'Invalid configuration', detail),
      diagnostics: result.diagnostics,
    }
    sendProblem(reply, answer, request.raw)
    return reply
  })
  return server
}

/** For those who ask whether to send traffic here. */
const PROBES = /^\/-\/(?:healthy|ready)(?:\?|$)/

function status({ executor, deliveries }: AdminServerParts) {
  const { generation, lastReload, reloads } = executor
  return {
    generation: generation && { id: generation.id, activatedAt: toRfc3339(generation.activatedAtMs) },
    lastReload: lastReload && describeReload(lastReload),
    reloads: reloads.map(summarize),
    state: executor.state.status,
    deliveries: deliveries(),
    services: generation ? servicesStatus(generation) : {},
  }
}

function describeReload({ ok, at, diagnostics }: LoadResult) {
  return { ok, at, diagnostics }
}

/** Without the diagnostics: those of the last one are there, and those before are history. */
function summarize({ ok, at, generation, changes, diagnostics }: LoadResult) {
  return { ok, at, generation, problems: diagnostics.length, ...(changes && { changes }) }
}

function servicesStatus(generation: Generation) {
  const services = [...generation.services].map(([name, service]) => {
    const { expiresAtMs, state, ...others } = serviceState(generation, service)
    const account = service.account.plan.name
    return [name, { account, state, expiresAt: toRfc3339(expiresAtMs), ...others }]
  })
  return Object.fromEntries(services)
}
