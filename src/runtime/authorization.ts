// What a program outside needs to authorise a request of its own.
import { AppError } from '../base/error.ts'
import { toRfc3339 } from './live-account.ts'
import type { Authorized, LiveService } from './live-service.ts'

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
 * Throws AppError `invalid_request` for an account with DPoP without a request, `invalid_path` for a request to another
 * origin than the service's.
 */
export async function toAuthorization(
  { plan }: LiveService,
  authorized: Authorized,
  request?: AuthorizedRequest,
): Promise<Authorization> {
  if (authorized.credential.prover) return authorizationOf(authorized, await proofOf(plan.name, authorized, request))
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
  service: string,
  authorized: Authorized,
  request: AuthorizedRequest | undefined,
): Promise<Pair[]> {
  if (!authorized.credential.prover) return []
  if (!request) {
    const message = `service \`${service}\` uses DPoP, where each request needs a proof of its own: send it through the proxy, or ask for one proof with ?method=GET&url=https://...`
    throw new AppError('invalid_request', message, { service })
  }
  const url = URL.canParse(request.url) ? new URL(request.url) : undefined
  if (url?.origin !== authorized.serverUrl.origin || url.username || url.password) {
    const message = `a proof for service \`${service}\` is only for URLs of ${authorized.serverUrl.origin}`
    throw new AppError('invalid_path', message, { service })
  }
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,40}$/.test(request.method))
    throw new AppError('invalid_request', '`method` is an HTTP method such as GET', { service })
  return proofHeaders(authorized, request.method, url)
}

/** What a request needs besides its injection: nothing without DPoP. */
export async function proofHeaders({ credential }: Authorized, method: string, url: URL): Promise<Pair[]> {
  const { prover, bearer } = credential
  return prover ? [['DPoP', await prover.proof({ method, url, ...(bearer && { bearer }) })]] : []
}
