// A service that gave no whole answer -> what the caller is told.
import { AppError } from '../../base/error.ts'
import type { LiveService } from '../../runtime/generation/live-service.ts'

/** By the service, before or within its answer. */
export function isClosed(code: string | undefined): boolean {
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE'
}

export function timeoutError({ plan }: LiveService): AppError {
  return new AppError('upstream_timeout', plan.timeoutMessage ?? `service \`${plan.name}\` did not answer in time`, {
    service: plan.name,
  })
}

/** `code` is that of the system or of the HTTP client. */
export function upstreamError(service: LiveService, code: string | undefined): AppError {
  const { name, serverUrl } = service.plan
  if (code === 'UND_ERR_BODY_TIMEOUT' || code === 'UND_ERR_HEADERS_TIMEOUT') return timeoutError(service)
  if (isClosed(code)) {
    return new AppError('upstream_reset', `service \`${name}\` closed the connection before its answer was complete`, {
      service: name,
    })
  }
  const message = `service \`${name}\` at ${serverUrl.display} cannot be reached (${code ?? 'connection failed'}); check serverUrl and the network`
  return new AppError('upstream_unreachable', message, { service: name })
}
