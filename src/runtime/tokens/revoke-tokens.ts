// Tells an authorization server that tokens are no longer needed (RFC 7009): of accounts that were removed, and of a process
// that ends. Opt-in, in bounded time, and never in anybody's way: what fails is told.
import { AppError } from '../../base/error.ts'
import { cleanForeignText, type Secret } from '../../base/secret.ts'
import type { OAuth2AccountPlan } from '../../compile/plan.ts'
import type { AuthorizationServer, Values } from '../../compile/text.ts'
import { readValues } from '../secrets/values.ts'
import { type FetchEffects, familyOf } from './fetch-token.ts'
import type { Staying } from './staying.ts'

/** What an account leaves behind. */
export interface Remains {
  plan: OAuth2AccountPlan
  /** Undefined when it holds no token. */
  bearer: Secret | undefined
  values: Values | undefined
  /** Whoever comes back goes on with the refresh token. */
  keepsFamily?: true
}

export interface Revoking {
  staying: Staying
  effects: FetchEffects
  limitMs: number
}

/** Never rejects, and takes no longer than the limit. */
export async function revokeTokens(remains: Remains, revoking: Revoking): Promise<void> {
  const { plan } = remains
  const { effects, limitMs } = revoking
  const deadlineMs = effects.clock.monotonicMs() + limitMs
  try {
    const found = await findTokens(remains, revoking)
    if (!found) return
    const { values, family, refreshToken, bearer } = found
    const server = await effects.discovery.locate(plan, values, limitMs)
    const call = { plan, effects, deadlineMs, values: { ...values, ...(server && { server }) }, server }
    // The refresh token first: many servers end what came with it too (section 2.1).
    if (refreshToken && (await revoke(call, refreshToken, 'refresh_token')))
      await effects.tokens.drop(family, refreshToken)
    if (bearer) await revoke(call, bearer, 'access_token')
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    effects.log.warn({ account: plan.name, code: error.code }, `not revoked: ${error.message}`)
  }
}

interface Found {
  values: Values
  family: Secret
  refreshToken: Secret | undefined
  bearer: Secret | undefined
}

/** What nobody else has; undefined when that is nothing. */
async function findTokens({ plan, ...held }: Remains, { staying, effects }: Revoking): Promise<Found | undefined> {
  // What feeds an account for values of parameters is gone with it.
  if (!held.values && plan.generalKey !== undefined) return undefined
  const values = held.values ?? (await readValues(plan.references, effects.secrets, effects.clock))
  const family = familyOf(plan, values)
  const stored = plan.buildRefresh && !held.keepsFamily && (await effects.tokens.refreshToken(family))
  const refreshToken = stored && !(await staying.hasFamily(plan, family)) ? stored : undefined
  const isOwn = held.bearer && plan.bearerIsAccessToken && !staying.hasBearer(held.bearer)
  const bearer = isOwn ? held.bearer : undefined
  return refreshToken || bearer ? { values, family, refreshToken, bearer } : undefined
}

interface Call {
  plan: OAuth2AccountPlan
  effects: FetchEffects
  deadlineMs: number
  values: Values
  server: AuthorizationServer | undefined
}

type Hint = 'refresh_token' | 'access_token'

/** Whether the token is dead for sure. */
async function revoke(
  { plan, effects, deadlineMs, values, server }: Call,
  token: Secret,
  hint: Hint,
): Promise<boolean> {
  const { name: account } = plan
  const endpoint = plan.revocationEndpoint?.expand(values) ?? server?.revocationEndpoint
  if (!endpoint) {
    effects.log.warn({ account }, `not revoked: the metadata of ${server?.issuer} names no revocation_endpoint`)
    return false
  }
  const request = await plan.buildRevocation(values, { endpoint, token, hint })
  const timeoutMs = Math.max(1, deadlineMs - effects.clock.monotonicMs())
  const { status, text } = await effects.tokenEndpoint.post(account, request, timeoutMs)
  if (status >= 200 && status < 300) {
    effects.log.info({ account, token: hint }, 'token revoked')
    return true
  }
  const reason = cleanForeignText(errorOf(text), request.secrets, 60)
  // Such a server ends access tokens by their refresh token, or not at all (section 2.2.1).
  if (reason === 'unsupported_token_type') effects.log.debug({ account, token: hint }, 'this kind cannot be revoked')
  else effects.log.warn({ account, token: hint, status, ...(reason && { oauthError: reason }) }, 'token not revoked')
  return false
}

function errorOf(text: string): string {
  try {
    return String((JSON.parse(text) as { error?: unknown } | null)?.error ?? '')
  } catch {
    return ''
  }
}
