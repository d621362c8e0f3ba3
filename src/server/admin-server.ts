// The admin listener: health, reload, metrics, status. Never a secret.
import fastify, { type FastifyInstance } from 'fastify'
import { jsonReport } from '../diagnostics/render-json.ts'
import type { Executor } from '../runtime/executor.ts'
import type { Generation } from '../runtime/generation.ts'
import { toRfc3339 } from '../runtime/live-account.ts'
import type { LoadResult } from '../runtime/load-result.ts'
import { answerUnroutable, sendProblem } from './api-server.ts'
import type { Door } from './door.ts'
import type { Metrics } from './metrics.ts'
import { problem } from './problem.ts'
import { serviceState } from './service-state.ts'

export interface AdminServerParts {
  executor: Executor
  metrics: Metrics
  door: Door
  /** False before the first configuration is active and while the daemon stops. */
  isReady(): boolean
}

export function createAdminServer({ executor, metrics, door, isReady }: AdminServerParts): FastifyInstance {
  const server = fastify({ logger: false, forceCloseConnections: true, frameworkErrors: answerUnroutable })
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', (_request, _payload, done) => done(null))
  server.addHook('onRequest', (request, reply, done) => {
    const refused = door(request.raw)
    if (refused) sendProblem(reply, refused, request.raw)
    else done()
  })
  server.setNotFoundHandler((request, reply) => {
    const answer = problem(
      'not_found',
      404,
      'Not found',
      'no such route; try /v1/status, /metrics, /-/healthy, /-/ready',
    )
    sendProblem(reply, answer, request.raw)
  })

  server.get('/-/healthy', (_request, reply) => reply.type('text/plain').send('healthy\n'))
  server.get('/-/ready', (_request, reply) =>
    reply
      .code(isReady() ? 200 : 503)
      .type('text/plain')
      .send(isReady() ? 'ready\n' : 'not ready\n'),
  )
  server.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()))
  server.get('/v1/status', () => status(executor))
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

function status(executor: Executor) {
  const { generation, lastReload, reloads } = executor
  return {
    generation: generation && { id: generation.id, activatedAt: toRfc3339(generation.activatedAtMs) },
    lastReload: lastReload && describeReload(lastReload),
    reloads: reloads.map(summarize),
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
    const { state, expiresAtMs, lastError, parameters } = serviceState(generation, service)
    const account = service.account.plan.name
    return [name, { account, state, expiresAt: toRfc3339(expiresAtMs), lastError, ...(parameters && { parameters }) }]
  })
  return Object.fromEntries(services)
}
