// The next token of an oauth2 account: from an equal account, by the refresh token that came last, or else by the grant. A
// refresh token that is refused is given up, and the grant runs in the same call.

import type { Moment } from '../../base/clock.ts'
import { AppError, isStateError } from '../../base/error.ts'
import type { Log } from '../../base/log.ts'
import { Secret } from '../../base/secret.ts'
import type { OAuth2AccountPlan, PickedBearer } from '../../compile/plan.ts'
import type { Values } from '../../compile/text.ts'
import { type FetchedBearer, fetchBearer, type PipelineEffects, readSecrets } from '../run-pipeline.ts'
import { digest } from '../secrets/values.ts'
import type { TokenStore } from '../state/token-store.ts'
import { ClientSecrets } from './client-secrets.ts'
import type { Fleet, FleetAsk, Standing } from './fleet.ts'
import type { Fresh, TokenPool } from './token-pool.ts'

export interface FetchEffects extends PipelineEffects {
  pool: TokenPool
  tokens: TokenStore
  /** The other replicas; undefined for a process alone. */
  fleet?: Fleet | undefined
  log: Log
  random(): number
}

/** What an account knows of its tokens so far. */
export interface TokenHistory {
  /** The bearer that it has now. */
  held?: Secret | undefined
  /** Whether that one still counts. */
  heldLives?: boolean
  /** This client may not refresh, or gets no such bearer by it. */
  refreshIsFutile?: boolean
  /** Of which several may make use at the same time; without a value, the definition's own. */
  reusable?: { family: string; refreshToken: Secret | undefined } | undefined
  clientSecrets?: ClientSecrets
}

export interface FetchedToken extends PickedBearer {
  values: Values
  since: Moment
}

/** Rejects with AppError. The refresh token of the answer is kept before the bearer is given out. */
export async function fetchToken(
  plan: OAuth2AccountPlan,
  effects: FetchEffects,
  history: TokenHistory,
): Promise<FetchedToken> {
  const deadlineMs = effects.clock.monotonicMs() + plan.timeoutMs
  const values = await readSecrets(plan, effects)
  history.clientSecrets ??= new ClientSecrets(plan)
  const { clientSecrets } = history
  const call: Call = { plan, effects, history, values, clientSecrets, deadlineMs, standing: 'leased' }
  const issued = await (plan.identify
    ? effects.pool.take(digest(plan.identify(values).token), history.held, () => requestInTurn(call))
    : requestInTurn(call))
  const { reusable } = issued.picked
  history.reusable = reusable && { family: digest(familyOf(plan, values)), refreshToken: reusable.refreshToken }
  const used = plan.identify ? { ...values, clientSecret: clientSecrets.inUse } : values
  return { ...issued.picked, values: used, since: issued.since }
}

/** Of a fleet one replica at a time, unless another one has the token already. */
async function requestInTurn(call: Call): Promise<Fresh> {
  const { plan, effects, history, values, deadlineMs } = call
  let used = values
  const send = async (standing: Standing = 'leased') => {
    const { values: read, since, ...picked } = await request({ ...call, standing })
    used = read
    return { picked, since, identity: sharedIdentity(plan, read) }
  }
  const identity = sharedIdentity(plan, values)
  // What is not shared still must not be refreshed by two at the same time.
  const fleet = identity || (plan.buildRefresh && !keepsOwn(plan)) ? effects.fleet : undefined
  const family = familyOf(plan, values)
  const asked = {
    account: plan.name,
    family,
    identity,
    held: history.held,
    heldLives: history.heldLives === true,
    cautious: plan.onlyRefreshes === true && history.reusable?.family !== digest(family),
    timeoutMs: deadlineMs - effects.clock.monotonicMs(),
    takeOverAfterMs: plan.timeoutMs,
  }
  const alone = () => (plan.buildRefresh ? inTurn(asked, call, send) : send())
  const { picked, since } = await (fleet ? fleet.take(asked, send) : alone())
  // A token of another replica is proved with the same key here.
  const prover = effects.provers.of(plan, used)
  return {
    picked: { ...picked, ...(prover && { prover }) },
    since,
    identity: plan.identify ? digest(plan.identify(used).token) : '',
  }
}

/** With a refresh token that other processes may have, one at a time. */
async function inTurn<T>({ family, timeoutMs }: FleetAsk, { plan, effects }: Call, send: () => Promise<T>): Promise<T> {
  const release = await refreshTokensOf(plan, effects).hold(family, timeoutMs)
  if (!release) {
    const message = `another process asks for the token of \`${plan.name}\` and has no answer after ${Math.round(timeoutMs / 1000)}s`
    throw new AppError('token_timeout', message, { account: plan.name, transient: true })
  }
  try {
    return await send()
  } finally {
    release()
  }
}

/** A token that is bound to a key which this process has made is of no use to another one. */
function sharedIdentity({ dpop, identify }: OAuth2AccountPlan, values: Values): Secret | undefined {
  return dpop && !dpop.key ? undefined : identify?.(values).token
}

/** Of a client that does not authenticate, refresh tokens are bound to the key too (RFC 9449 section 5). */
function keepsOwn({ dpop, clientAuthMethod }: OAuth2AccountPlan): boolean {
  return dpop !== undefined && !dpop.key && clientAuthMethod === 'none'
}

function refreshTokensOf(plan: OAuth2AccountPlan, { fleet, tokens }: FetchEffects): TokenStore {
  return fleet && keepsOwn(plan) ? fleet.own : tokens
}

interface Call {
  plan: OAuth2AccountPlan
  effects: FetchEffects
  history: TokenHistory
  values: Values
  clientSecrets: ClientSecrets
  deadlineMs: number
  standing: Standing
}

async function request(call: Call): Promise<FetchedBearer> {
  const { plan, effects, values, clientSecrets, deadlineMs } = call
  const refreshed = await refresh(call)
  const fetched =
    refreshed?.fetched ?? (await fetchBearer(plan, effects, effects.random, { deadlineMs, values, clientSecrets }))
  const next = plan.buildRefresh && fetched.refreshToken
  if (next) await refreshTokensOf(plan, effects).keep(familyOf(plan, fetched.values), next)
  // None returned means that the old one stays (RFC 6749 section 6).
  const used = refreshed?.refreshToken
  const stays = next ? used && digest(next) === digest(used) : used || plan.onlyRefreshes
  return stays ? { ...fetched, reusable: { refreshToken: used } } : fetched
}

/** Undefined when there is no refresh token, or none that works. */
async function refresh(call: Call): Promise<{ fetched: FetchedBearer; refreshToken: Secret } | undefined> {
  const { plan, effects, history, values, clientSecrets, deadlineMs } = call
  if (!plan.buildRefresh || history.refreshIsFutile) return undefined
  const bearer = history.held
  if (plan.ownRefresh?.takesBearer && !bearer) return undefined
  const family = familyOf(plan, values)
  const tokens = refreshTokensOf(plan, effects)
  let tried: string | undefined
  for (;;) {
    const refreshToken = await findRefreshToken(call, family)
    // Another process may have replaced what was refused here: then that one is tried (once per change).
    if (!refreshToken || digest(refreshToken) === tried) return undefined
    try {
      const request = { deadlineMs, values, clientSecrets, refreshToken, bearer }
      return { fetched: await fetchBearer(plan, effects, effects.random, request), refreshToken }
    } catch (error) {
      if (!isGivenUp(error, plan)) throw error
      const { oauthError } = error.details
      history.refreshIsFutile = oauthError !== 'invalid_grant' && !isPrivate(error, plan)
      effects.log.info({ account: plan.name, oauthError }, `refresh token given up: ${error.message}`)
      tried = digest(refreshToken)
      history.reusable = undefined
      await tokens.drop(family, refreshToken)
      if (history.refreshIsFutile) return undefined
    }
  }
}

/**
 * One that no other replica may use meanwhile: used twice, a server may end it with all that was made of it. Undefined where
 * the grant can go without. Rejects with AppError `state_unavailable` where nothing else opens the account.
 */
async function findRefreshToken(call: Call, family: Secret): Promise<Secret | undefined> {
  const { plan, effects, history, standing } = call
  const alone = standing === 'away' || (standing === 'takenOver' && !plan.onlyRefreshes)
  try {
    return await refreshTokensOf(plan, effects).refreshToken(family, alone)
  } catch (error) {
    if (!isStateError(error)) throw error
    if (history.reusable?.family === digest(family)) return history.reusable.refreshToken
    if (!plan.onlyRefreshes) return undefined
    throw new AppError('state_unavailable', withheld(plan.name), { account: plan.name, transient: true })
  }
}

const withheld = (account: string) =>
  `the refresh token of \`${account}\` is shared with other replicas and is not used until the database of \`daemon.state.url\` is back: used by two, it may be ended for good`

/** Whose refresh tokens these are: of an account that another one feeds, by what is written. */
export function familyOf(plan: OAuth2AccountPlan, values: Values): Secret {
  return plan.identify?.(values).family ?? new Secret(plan.tokenIdentity)
}

/** Refused as such, or answered without the bearer that is asked for: a refresh need not bring an ID token (OpenID Connect Core section 12.2). */
const REFUSALS = new Set(['invalid_grant', 'unauthorized_client', 'unsupported_grant_type'])

function isGivenUp(error: unknown, plan: OAuth2AccountPlan): error is AppError {
  if (!(error instanceof AppError)) return false
  if (error.code === 'token_invalid_response') return !error.details.transient
  return error.code === 'token_refused' && (REFUSALS.has(error.details.oauthError ?? '') || isPrivate(error, plan))
}

/** RFC 6749 section 5.2: what the server found wrong is no refresh token. */
const OTHER_FAULTS = new Set(['invalid_client', 'invalid_request', 'invalid_scope', ...REFUSALS])

/** Of a refresh that is not the standard's: neither are the words that refuse its token. */
function isPrivate({ code, details }: AppError, { ownRefresh }: OAuth2AccountPlan): boolean {
  if (!ownRefresh || code !== 'token_refused' || details.transient) return false
  return !OTHER_FAULTS.has(details.oauthError ?? '')
}
