// What opens a service, for a program that sends its requests itself: as headers of the answer, and in its body.
import { parseDuration } from '../base/duration.ts'
import { AppError } from '../base/error.ts'
import { toAuthorization } from '../runtime/authorization.ts'
import type { Executor } from '../runtime/executor.ts'
import { toRfc3339 } from '../runtime/generation/live-account.ts'
import type { Authorized, LiveService } from '../runtime/generation/live-service.ts'
import { calledService } from './callers/admission.ts'
import { queryOf } from './callers/caller-params.ts'
import type { Metrics } from './metrics.ts'
import { requestId } from './send-problem.ts'
import type { AnswerService, Exchange, ServiceTarget } from './service-route.ts'

/** `GET`, and `HEAD` as forward authentication asks. Behind a slash a gateway puts the words of its client, in any method. */
export function asksForAuthorization({ route, rest }: ServiceTarget, method: string | undefined): boolean {
  if (route !== 'authorization') return false
  return rest.startsWith('/') || method === 'GET' || method === 'HEAD'
}

export function authorizing({ executor, metrics }: { executor: Executor; metrics: Metrics }): AnswerService {
  return (exchange, { service: name, rest }) => {
    const { plan } = executor.definition(name)
    const told = <T>(outcome: 'success' | 'failure', result: T): T => {
      metrics.authorization(plan.name, outcome)
      return result
    }
    const fail = (error: unknown): never => {
      throw told('failure', error)
    }
    try {
      // A gateway's client has no say in it.
      const query = rest.startsWith('/') ? '' : queryOf(rest)
      const service = calledService(executor, exchange.request, plan.name, query)
      const asked = query === '' ? NOTHING : new URLSearchParams(query)
      const minTtlMs = parseMinTtl(asked.getAll('minTtl'))
      const current = service.current(minTtlMs)
      if (current && !current.credential.prover) return told('success', sendAuthorization(exchange, service, current))
      return service
        .authorize(minTtlMs)
        .then(authorized => sendProven(exchange, service, authorized, asked))
        .then(() => told('success', undefined), fail)
    } catch (error) {
      return fail(error)
    }
  }
}

const NOTHING = new URLSearchParams()

function parseMinTtl([text, ...more]: readonly string[]): number {
  if (text === undefined) return 0
  const durationMs = parseDuration(text)
  if (durationMs === undefined || more.length > 0)
    throw new AppError('invalid_request', '`minTtl` is a duration such as `10m`')
  return durationMs
}

/** For an account with DPoP: what authorises one request. */
async function sendProven(
  exchange: Exchange,
  service: LiveService,
  authorized: Authorized,
  asked: URLSearchParams,
): Promise<void> {
  if (!authorized.credential.prover) return sendAuthorization(exchange, service, authorized)
  const url = asked.get('url')
  const request = url === null ? undefined : { method: asked.get('method') ?? 'GET', url }
  const authorization = await toAuthorization(service, authorized, request)
  const body = JSON.stringify({ service: service.plan.name, ...authorization })
  send(exchange, answerOf(Object.entries(authorization.headers), body))
}

interface Answer {
  /** Names and values in turn, without the request's id. */
  head: readonly string[]
  /** The credential is a header of the id's name. */
  takesId: boolean
  body: string
}

const answers = new WeakMap<Authorized, Answer>()

function sendAuthorization(exchange: Exchange, { plan }: LiveService, authorized: Authorized): undefined {
  let answer = answers.get(authorized)
  if (!answer) {
    const { injection, expiresAtMs } = authorized
    const body = JSON.stringify({
      service: plan.name,
      headers: Object.fromEntries(injection.headers),
      query: Object.fromEntries(injection.query),
      expiresAt: toRfc3339(expiresAtMs),
    })
    answer = answerOf(injection.headers, body)
    answers.set(authorized, answer)
  }
  return send(exchange, answer)
}

function answerOf(headers: readonly (readonly [string, string])[], body: string): Answer {
  const sent: Record<string, string> = {
    'cache-control': 'no-store',
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
  }
  for (const [name, value] of headers) sent[name.toLowerCase()] = value
  return { head: Object.entries(sent).flat(), takesId: 'x-request-id' in sent, body }
}

function send({ request, response }: Exchange, { head, takesId, body }: Answer): undefined {
  response.writeHead(200, takesId ? [...head] : ['x-request-id', requestId(request), ...head])
  response.end(body)
  return undefined
}
