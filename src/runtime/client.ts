// A ky instance for one service: credential, base URL, timeout and one replay after a 401 are in place.
import ky, { type KyInstance } from 'ky'
import { AppError } from '../base/error.ts'
import type { Authorized, LiveService } from './live-service.ts'

/** `service` gives the live one of the running generation, so that the client outlives reloads. */
export function createClient(service: () => LiveService): KyInstance {
  return ky.create({
    prefix: RELATIVE,
    retry: 0,
    timeout: false,
    fetch: (input, init) => fetchAuthorized(service(), new Request(input, init)),
  })
}

/** Stands for the server URL, which may be known only when a request is made. */
const RELATIVE = 'http://server-url.invalid/'

/** Rejects with AppError: ky's own errors would show the credential. */
async function fetchAuthorized(service: LiveService, request: Request): Promise<Response> {
  const replay = request.body ? undefined : request.clone()
  const authorized = service.current() ?? (await service.authorize())
  const response = await send(service, request, authorized)
  if (response.status !== 401 || !replay || service.account.plan.kind !== 'oauth2') return response
  service.account.source.reject(authorized.credential)
  await response.body?.cancel()
  return send(service, replay, await service.authorize())
}

async function send(service: LiveService, request: Request, authorized: Authorized): Promise<Response> {
  const { plan } = service
  const target = authorize(request, authorized, service)
  const init = {
    signal: AbortSignal.any([request.signal, AbortSignal.timeout(plan.timeoutMs)]),
    redirect: 'manual' as const,
  }
  try {
    return await fetch(target, init)
  } catch (error) {
    if (request.signal.aborted) throw request.signal.reason
    const timedOut = (error as Error).name === 'TimeoutError'
    const message = timedOut
      ? (plan.timeoutMessage ?? `service \`${plan.name}\` did not answer in time`)
      : `service \`${plan.name}\` cannot be reached`
    throw new AppError(timedOut ? 'upstream_timeout' : 'upstream_unreachable', message, { service: plan.name })
  }
}

/** The request as it leaves: its own credential removed, ours set, and never to another origin than the service's. */
function authorize(request: Request, { injection, serverUrl }: Authorized, { plan }: LiveService): Request {
  const url = request.url.startsWith(RELATIVE)
    ? new URL(request.url.slice(RELATIVE.length), `${serverUrl.href.replace(/\/$/, '')}/`)
    : new URL(request.url)
  if (url.origin !== serverUrl.origin) {
    throw new AppError('invalid_path', `the client of service \`${plan.name}\` sends only to ${serverUrl.origin}`, {
      service: plan.name,
    })
  }
  for (const name of plan.removes.query) url.searchParams.delete(name)
  for (const [name, value] of injection.query) url.searchParams.set(name, value)
  const target = new Request(url, request)
  for (const name of plan.removes.headers) target.headers.delete(name)
  for (const [name, value] of injection.headers) target.headers.set(name, value)
  return target
}
