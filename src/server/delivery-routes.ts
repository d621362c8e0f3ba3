// The routes of actions and deliveries. An accepted delivery is on the disk before its 202 is sent.
import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { parseDuration } from '../base/duration.ts'
import { AppError } from '../base/error.ts'
import type { Deliveries, Intake } from '../deliveries/deliveries.ts'
import type { DeliveryRecord, DeliveryState, DeliverySummary } from '../deliveries/queue/delivery-queue.ts'
import type { Repeatable } from '../deliveries/repeat.ts'
import { toRfc3339 } from '../runtime/generation/live-account.ts'
import { callerOf, checkParameters, mayUseDelivery } from './callers/admission.ts'
import { callerParams, queryOf } from './callers/caller-params.ts'
import { listDeliveries } from './list-deliveries.ts'
import { acceptForms, readDelivery } from './read-delivery.ts'

/** Opened at the first use: a daemon without actions needs no folder. */
export type OpenDeliveries = () => Promise<Deliveries>

interface ById {
  Params: { id: string }
}

export async function deliveryRoutes(server: FastifyInstance, open: OpenDeliveries): Promise<void> {
  await acceptForms(server)
  server.post<{ Params: { action: string }; Querystring: { wait?: string } }>(
    '/v1/actions/:action/deliveries',
    async (request, reply) => {
      const waitMs = parseWait(request.query.wait)
      const deliveries = await open()
      const record = await takeIn(deliveries, request.params.action, request)
      return waitMs === undefined ? answer(reply, record, 202) : answerWhenSettled(deliveries, record, waitMs, reply)
    },
  )
  server.get<{ Querystring: Record<string, string> }>('/v1/deliveries', async request => {
    const filter = readFilter(request.query)
    const deliveries = await open()
    const page = await listDeliveries(deliveries, request.raw, filter)
    return { deliveries: page.deliveries.map(describeDelivery), next: page.next }
  })
  server.get<ById>('/v1/deliveries/:id', async request => {
    const { deliveries, record } = await find(open, request)
    const attempts = await deliveries.attempts(record.id)
    return {
      ...describeDelivery(record),
      ...describeResponse(record),
      attemptList: attempts.map(({ atMs, ...attempt }) => ({ at: toRfc3339(atMs), ...attempt })),
    }
  })
  server.post<ById>('/v1/deliveries/:id/retry', async (request, reply) => {
    const { deliveries, record } = await find(open, request)
    return answer(reply, await deliveries.retry(record.id), 202)
  })
  server.delete<ById>('/v1/deliveries/:id', async (request, reply) => {
    const { deliveries, record } = await find(open, request)
    await deliveries.remove(record.id)
    return reply.code(204).send()
  })
}

/** To a caller, a delivery of an action or with values that it may not use is not there. */
async function find(open: OpenDeliveries, request: FastifyRequest<ById>) {
  const deliveries = await open()
  const record = await deliveries.get(request.params.id)
  if (!mayUseDelivery(request.raw, record.action, deliveries.valuesOf(record)))
    throw new AppError('unknown_delivery', 'no delivery has this id; it may have been removed')
  return { deliveries, record }
}

async function takeIn(deliveries: Deliveries, action: string, request: FastifyRequest): Promise<DeliveryRecord> {
  const { raw } = request
  const repeatable = readKey(raw)
  let intake: Intake | undefined
  try {
    intake = await deliveries.begin(action, Number(raw.headers['content-length'] ?? 0))
    const given = await readDelivery(request, intake)
    return await intake.accept({
      ...given,
      params: callerParams(raw, queryOf(raw.url ?? '')),
      ...(repeatable && { repeatable }),
      mayUse: checkParameters.bind(undefined, raw),
    })
  } catch (error) {
    await intake?.drop()
    throw raw.aborted ? new AppError('invalid_request', 'the body broke off') : error
  }
}

/** As draft-ietf-httpapi-idempotency-key-header says, in quotes or without. */
function readKey(raw: IncomingMessage): Repeatable | undefined {
  const key = raw.headers['idempotency-key']
  if (key === undefined) return undefined
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key))
    throw new AppError('invalid_request', '`Idempotency-Key` is one text of up to 255 visible ASCII characters')
  const caller = callerOf(raw)?.name
  return { key: key.replace(/^"(.+)"$/, '$1'), ...(caller !== undefined && { caller }) }
}

const MAX_WAIT_MS = 300_000

function parseWait(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const durationMs = parseDuration(text)
  if (durationMs === undefined) throw new AppError('invalid_request', '`wait` is a duration such as `30s`')
  return Math.min(durationMs, MAX_WAIT_MS)
}

function answer(reply: FastifyReply, record: DeliveryRecord, status: number): FastifyReply {
  return reply
    .code(status)
    .header('location', `/v1/deliveries/${record.id}`)
    .send({ ...describeDelivery(record), ...describeResponse(record) })
}

/** 200 delivered, 202 not yet; dead is a failure of the other side, with the delivery's id. */
async function answerWhenSettled(
  deliveries: Deliveries,
  { id }: DeliveryRecord,
  waitMs: number,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const gone = new AbortController()
  reply.raw.once('close', () => gone.abort())
  const record = await deliveries.waitFor(id, waitMs, gone.signal)
  if (record.state !== 'dead') return answer(reply, record, record.state === 'delivered' ? 200 : 202)
  reply.header('location', `/v1/deliveries/${id}`)
  const { message = 'the delivery is dead', status } = record.lastError ?? {}
  throw new AppError('delivery_refused', `delivery ${id}: ${message}`, {
    ...(status !== undefined && { status }),
    attempts: record.attempts,
  })
}

export function describeDelivery(record: DeliverySummary) {
  return {
    id: record.id,
    action: record.action,
    state: record.state,
    attempts: record.attempts,
    createdAt: toRfc3339(record.createdAtMs),
    nextAttemptAt: toRfc3339(record.nextAttemptAtMs),
    settledAt: toRfc3339(record.settledAtMs),
    files: record.files.map(({ name, size, type }) => ({ name, size, type })),
    lastError: record.lastError,
  }
}

/** A text as it is, anything else in base64. */
function describeResponse({ response }: DeliveryRecord) {
  if (!response) return {}
  const { body, ...head } = response
  const text = body.toString('utf8')
  const shown = Buffer.from(text, 'utf8').equals(body) ? { body: text } : { bodyBase64: body.toString('base64') }
  return { response: { ...head, ...shown } }
}

const STATES = ['pending', 'running', 'delivered', 'dead']
const DEFAULT_LIMIT = 100
const MAX_LIMIT = 1000

/** `state` and `action` may be lists with commas; `after` is the `next` of the page before. */
function readFilter({ state, action, after, limit }: Record<string, string>) {
  const states = state?.split(',')
  if (states && !states.every(word => STATES.includes(word)))
    throw new AppError('invalid_request', `\`state\` is one of ${STATES.join(', ')}`)
  const count = limit === undefined ? DEFAULT_LIMIT : Number(limit)
  if (!Number.isInteger(count) || count < 1 || count > MAX_LIMIT)
    throw new AppError('invalid_request', `\`limit\` is a number from 1 to ${MAX_LIMIT}`)
  if (after !== undefined && !/^\d{1,15}$/.test(after))
    throw new AppError('invalid_request', '`after` is the `next` of the page before')
  const actions = action?.split(',')
  if (actions && !actions.every(name => /^[a-z][a-z0-9-]{0,62}$/.test(name)))
    throw new AppError('invalid_request', '`action` is a list of names of actions, with commas')
  return {
    limit: count,
    ...(states && { state: states as DeliveryState[] }),
    ...(actions && { action: actions }),
    ...(after !== undefined && { before: Number(after) }),
  }
}
