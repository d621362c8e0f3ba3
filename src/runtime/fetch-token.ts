// The next token of an oauth2 account: by the refresh token that came last, or else by the grant. A refresh token that is
// refused is given up, and the grant runs in the same call.
import { AppError } from '../base/error.ts'
import type { Log } from '../base/log.ts'
import type { OAuth2AccountPlan } from '../compile/plan.ts'
import { type BearerRequest, type FetchedBearer, fetchBearer, type PipelineEffects } from './run-pipeline.ts'
import type { TokenStore } from './state/token-store.ts'

export interface FetchEffects extends PipelineEffects {
  tokens: TokenStore
  log: Log
  random(): number
}

/** What an account learned about its refreshes: futile when this client may not refresh, or gets no such bearer by it. */
export interface RefreshExperience {
  futile: boolean
}

/** Rejects with AppError. The refresh token of the answer is kept before the bearer is given out. */
export async function fetchToken(
  plan: OAuth2AccountPlan,
  effects: FetchEffects,
  experience: RefreshExperience,
): Promise<FetchedBearer> {
  const deadlineMs = effects.clock.monotonicMs() + plan.timeoutMs
  const refreshed = experience.futile ? undefined : await refresh(plan, effects, { deadlineMs, experience })
  const fetched = refreshed ?? (await fetchBearer(plan, effects, effects.random, { deadlineMs }))
  const { refreshToken } = fetched
  // None returned means that the old one stays (RFC 6749 section 6).
  if (plan.buildRefresh && refreshToken) await effects.tokens.keep(plan.tokenIdentity, refreshToken)
  return fetched
}

/** Undefined when there is no refresh token, or none that works. */
async function refresh(
  plan: OAuth2AccountPlan,
  effects: FetchEffects,
  { deadlineMs, experience }: { deadlineMs: number; experience: RefreshExperience },
): Promise<FetchedBearer | undefined> {
  const identity = plan.tokenIdentity
  const refreshToken = plan.buildRefresh && (await effects.tokens.refreshToken(identity))
  if (!refreshToken) return undefined
  const request: BearerRequest = { deadlineMs, refreshToken }
  return fetchBearer(plan, effects, effects.random, request).catch(async error => {
    if (!isGivenUp(error)) throw error
    experience.futile = error.details.oauthError !== 'invalid_grant'
    effects.log.info(
      { account: plan.name, oauthError: error.details.oauthError },
      `refresh token given up: ${error.message}`,
    )
    await effects.tokens.drop(identity, refreshToken)
    return undefined
  })
}

/** Refused as such, or answered without the bearer that is asked for: a refresh need not bring an ID token (OpenID Connect Core section 12.2). */
const REFUSALS = new Set(['invalid_grant', 'unauthorized_client', 'unsupported_grant_type'])

function isGivenUp(error: unknown): error is AppError {
  if (!(error instanceof AppError)) return false
  if (error.code === 'token_invalid_response') return !error.details.transient
  return error.code === 'token_refused' && REFUSALS.has(error.details.oauthError ?? '')
}
