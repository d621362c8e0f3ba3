// Errors as application/problem+json (RFC 9457). Says what to do; never holds a secret.
import { AppError, type AppErrorCode } from '../base/error.ts'

export interface Problem {
  type: string
  title: string
  status: number
  detail: string
  code: string
  service?: string
  requestId?: string
  /** RFC 3339. */
  nextAttemptAt?: string
  [member: string]: unknown
}

export const PROBLEM_TYPE = 'application/problem+json'

const PROBLEMS: Record<AppErrorCode, { status: number; title: string }> = {
  unknown_service: { status: 404, title: 'Unknown service' },
  file_unavailable: { status: 422, title: 'File not available' },
  unknown_delivery: { status: 404, title: 'Unknown delivery' },
  storage_full: { status: 507, title: 'State folder full' },
  body_too_large: { status: 413, title: 'Body too large' },
  delivery_running: { status: 409, title: 'Delivery at work' },
  delivery_refused: { status: 502, title: 'Delivery refused' },
  unknown_action: { status: 404, title: 'Unknown action' },
  no_configuration: { status: 503, title: 'No configuration' },
  state_unavailable: { status: 503, title: 'State not available' },
  state_refused: { status: 422, title: 'Not storable' },
  secret_unavailable: { status: 503, title: 'Secret not available' },
  invalid_template_value: { status: 502, title: 'Invalid value in a template' },
  not_allowed: { status: 403, title: 'Not allowed' },
  invalid_path: { status: 400, title: 'Invalid path' },
  invalid_parameter: { status: 400, title: 'Invalid parameter' },
  invalid_request: { status: 400, title: 'Invalid request' },
  request_timeout: { status: 408, title: 'Request too slow' },
  too_busy: { status: 503, title: 'Too busy' },
  unauthenticated: { status: 401, title: 'Unknown caller' },
  forbidden: { status: 403, title: 'Not for this caller' },
  idempotency_key_reused: { status: 422, title: 'Idempotency key of another delivery' },
  invalid_input: { status: 422, title: 'Invalid input' },
  token_timeout: { status: 503, title: 'Token endpoint too slow' },
  token_unreachable: { status: 503, title: 'Token endpoint unreachable' },
  token_refused: { status: 502, title: 'Token refused' },
  token_invalid_response: { status: 502, title: 'Unusable token response' },
  token_redirect: { status: 502, title: 'Token endpoint redirects' },
  discovery_failed: { status: 502, title: 'Issuer metadata not usable' },
  upstream_timeout: { status: 504, title: 'Service too slow' },
  upstream_unreachable: { status: 502, title: 'Service unreachable' },
  upstream_reset: { status: 502, title: 'Service broke off' },
}

export function problem(code: string, status: number, title: string, detail: string): Problem {
  return { type: `https://bearerd.dev/problems/${code.replaceAll('_', '-')}`, title, status, detail, code }
}

/** Anything but an AppError is our own fault and says nothing of itself. */
export function problemOf(error: unknown, service?: string): Problem {
  if (!(error instanceof AppError)) return problem('internal', 500, 'Internal error', 'see the log for this requestId')
  const { status, title } = PROBLEMS[error.code]
  const { account, caller, endpoint, oauthError, attempts, retryAtMs } = error.details
  return {
    ...problem(error.code, status, title, error.message),
    ...(service !== undefined && { service }),
    ...(caller !== undefined && { caller }),
    ...(account !== undefined && { account }),
    ...(endpoint !== undefined && { endpoint }),
    ...(error.details.status !== undefined && { upstreamStatus: error.details.status }),
    ...(error.details.errors && { errors: error.details.errors }),
    ...(oauthError !== undefined && { error: oauthError }),
    ...(attempts !== undefined && { attempts }),
    ...(retryAtMs !== undefined && { nextAttemptAt: new Date(retryAtMs).toISOString() }),
  }
}
