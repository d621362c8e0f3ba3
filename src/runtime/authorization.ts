// What a program outside needs to authorise a request of its own.
import { AppError } from '../base/error.ts'
import { pathBelow } from '../compile/path-below.ts'
import type { ServicePlan } from '../compile/plan.ts'
import { toRfc3339 } from './generation/live-account.ts'
import type { Authorized, LiveService } from './generation/live-service.ts'

/** Frozen: callers share it while nothing changes. */
export interface Authorization {
  readonly headers: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  /** RFC 3339, or null for a credential that does not expire. */
  readonly expiresAt: string | null
}

/** The one request that a proof is for. */
export interface AuthorizedRequest {
  method: string
  url: string
}

/**
 * Throws AppError `invalid_request` for an account with DPoP without a request, `invalid_path` for one that does not lie under
 * the service's URL, `not_allowed` for one that the proxy would not let pass either.
 */
export async function toAuthorization(
  { plan }: LiveService,
  authorized: Authorized,
  request?: AuthorizedRequest,
): Promise<Authorization> {
  if (authorized.credential.prover) return authorizationOf(authorized, await proofOf(plan, authorized, request))
  const authorization = made.get(authorized) ?? authorizationOf(authorized, [])
  made.set(authorized, authorization)
  return authorization
}

const made = new WeakMap<Authorized, Authorization>()

function authorizationOf({ injection, expiresAtMs }: Authorized, proof: readonly Pair[]): Authorization {
  return Object.freeze({
    headers: Object.freeze(Object.fromEntries([...injection.headers, ...proof])),
    query: Object.freeze(Object.fromEntries(injection.query)),
    expiresAt: toRfc3339(expiresAtMs),
  })
}

type Pair = readonly [string, string]

async function proofOf(
  { name: service, allow }: ServicePlan,
  authorized: Authorized,
  request: AuthorizedRequest | undefined,
): Promise<Pair[]> {
  if (!request) {
    const message = `service \`${service}\` uses DPoP, where each request needs a proof of its own: send it through the proxy, or ask for one proof with ?method=GET&url=https://...`
    throw new AppError('invalid_request', message, { service })
  }
  const { serverUrl } = authorized
  const url = URL.canParse(request.url) ? new URL(request.url) : undefined
  const path = url && !url.username && !url.password ? pathBelow(serverUrl, url) : undefined
  if (!url || path === undefined) {
    const message = `a proof for service \`${service}\` is only for URLs under ${serverUrl.origin}${serverUrl.pathname}`
    throw new AppError('invalid_path', message, { service })
  }
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,40}$/.test(request.method))
    throw new AppError('invalid_request', '`method` is an HTTP method such as GET', { service })
  if (allow && !allow(request.method, path)) throw notAllowed(service)
  return proofHeaders(authorized, request.method, url)
}

/** For a request that `allow` of a service does not name. */
export function notAllowed(service: string): AppError {
  return new AppError('not_allowed', `\`allow\` of service \`${service}\` does not let this request pass`, { service })
}

/** What a request needs besides its injection: nothing without DPoP. */
export async function proofHeaders({ credential }: Authorized, method: string, url: URL): Promise<Pair[]> {
  const { prover, bearer } = credential
  return prover ? [['DPoP', await prover.proof({ method, url, ...(bearer && { bearer }) })]] : []
}
