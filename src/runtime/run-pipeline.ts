// The steps of an oauth2 account with the effects between them: read secrets, build the request, send it, pick the bearer.
import { type Clock, type Moment, momentOf } from '../base/clock.ts'
import { AppError } from '../base/error.ts'
import type { Log } from '../base/log.ts'
import type { Secret } from '../base/secret.ts'
import type { OAuth2AccountPlan, PickedBearer } from '../compile/plan.ts'
import { type AuthorizationServer, describeReference, type Values } from '../compile/text.ts'
import type { Discovery } from './authorization-server/discovery.ts'
import { type Provers, sendProven } from './authorization-server/dpop.ts'
import type { TokenEndpoint } from './authorization-server/token-endpoint.ts'
import {
  bearerFacts,
  requestFacts,
  responseFacts,
  serverFacts,
  type Trace,
  type TraceStepName,
  traced,
} from './pipeline-trace.ts'
import type { SecretStore } from './secrets/secret-store.ts'
import { readValues } from './secrets/values.ts'
import type { ClientSecrets } from './tokens/client-secrets.ts'

export interface PipelineEffects {
  secrets: SecretStore
  tokenEndpoint: TokenEndpoint
  discovery: Discovery
  provers: Provers
  clock: Clock
  log?: Log
  /** Told of each step. */
  trace?: Trace
  /** Called once for each token request. */
  onTokenRequest?(account: string, outcome: 'success' | 'failure', durationMs: number): void
  /** An attempt failed, and is made again within the same call. */
  onRepeat?(error: AppError): void
}

export interface FetchedBearer extends PickedBearer {
  values: Values
  /** The life begins with the answer, whatever is looked up after it. */
  since: Moment
}

/** How a bearer is asked for: by the account's grant, or by a refresh token. */
export interface BearerRequest {
  /** Of the monotonic clock. */
  deadlineMs: number
  refreshToken?: Secret
  /** The present one, for a refresh. */
  bearer?: Secret | undefined
  /** What was read just now, for the first attempt. */
  values?: Values
  /** Of an account that may have several. */
  clientSecrets?: ClientSecrets
}

/** One run, one token request, which ends at the deadline. */
export async function runPipeline(
  plan: OAuth2AccountPlan,
  effects: PipelineEffects,
  { deadlineMs, refreshToken, bearer, values: known }: BearerRequest,
): Promise<FetchedBearer> {
  const read = known ?? (await readSecrets(plan, effects))
  const server = await locate(plan, effects, read, deadlineMs)
  const values = server ? { ...read, server } : read
  const tokens = refreshToken && { refreshToken, ...(bearer && { bearer }) }
  const build = () => (tokens ? plan.buildRefresh!(values, tokens) : plan.buildRequest(values))
  const at = (step: TraceStepName) => ({ account: plan.name, step })
  const request = await traced(effects, at('expand-template'), build, requestFacts)
  if (request.warning !== undefined) effects.log?.warn({ account: plan.name }, request.warning)
  const startMs = effects.clock.monotonicMs()
  const report = (outcome: 'success' | 'failure') =>
    effects.onTokenRequest?.(plan.name, outcome, effects.clock.monotonicMs() - startMs)
  try {
    const limits = { timeoutMs: Math.max(1, deadlineMs - startMs), nowMs: effects.clock.nowMs, rule: plan.reading }
    const prover = effects.provers.of(plan, values)
    const send = () => sendProven(prover, request, proven => effects.tokenEndpoint.send(plan.name, proven, limits))
    const response = await traced(effects, at('request-token'), send, responseFacts)
    const since = momentOf(effects.clock)
    const pick = async () => {
      const found = plan.pickBearer(response, since.atMs)
      await checkIdToken(plan, effects, found.bearer, values)
      return found
    }
    const picked = await traced(effects, at('pick-bearer'), pick, bearerFacts)
    report('success')
    if (server) effects.discovery.confirm(server)
    return { ...picked, ...(prover && { prover }), values, since }
  } catch (error) {
    report('failure')
    if (server && !isAnswered(error)) effects.discovery.suspect(server)
    throw error
  }
}

export function readSecrets(plan: OAuth2AccountPlan, effects: PipelineEffects): Promise<Values> {
  const { references, name } = plan
  const read = () => readValues(references, effects.secrets, effects.clock)
  return traced(effects, { account: name, step: 'resolve-secrets' }, read, () => ({
    from: references.map(describeReference),
  }))
}

function locate(
  plan: OAuth2AccountPlan,
  effects: PipelineEffects,
  values: Values,
  deadlineMs: number,
): Promise<AuthorizationServer | undefined> {
  const { clock, discovery } = effects
  const find = () => discovery.locate(plan, values, Math.max(1, deadlineMs - clock.monotonicMs()))
  if (!plan.issuer) return find()
  return traced(effects, { account: plan.name, step: 'discover' }, find, server =>
    serverFacts(server, server && discovery.metadata(server)),
  )
}

/** The signature too, where the metadata of the issuer is known. */
async function checkIdToken(
  plan: OAuth2AccountPlan,
  { discovery, clock }: PipelineEffects,
  token: Secret,
  values: Values,
): Promise<void> {
  if (!plan.checkIdToken) return
  plan.checkIdToken(token, values, clock.nowMs())
  const { server } = values
  if (server) await discovery.verify(plan.name, token, server)
}

/** By a token endpoint, with a reason: it has not moved. */
function isAnswered(error: unknown): boolean {
  return error instanceof AppError && error.details.oauthError !== undefined
}

const FIRST_DELAY_MS = 250
/** After 429 that does not tell how long. */
const FIRST_DELAY_LIMITED_MS = 2_000
const MAX_DELAY_MS = 8_000

/** Repeats what may succeed later, with backoff and jitter, as long as the account's time limit allows. */
export async function fetchBearer(
  plan: OAuth2AccountPlan,
  effects: PipelineEffects,
  random: () => number,
  request: BearerRequest = { deadlineMs: effects.clock.monotonicMs() + plan.timeoutMs },
): Promise<FetchedBearer> {
  const { clock } = effects
  const { clientSecrets } = request
  const hasAnother = clientSecrets?.attempts()
  let { values } = request
  let lost = 0
  for (let attempt = 1; ; attempt++) {
    try {
      values ??= await readSecrets(plan, effects)
      return await runPipeline(plan, effects, { ...request, values: clientSecrets?.choose(values) ?? values })
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      // With what was read: a program is not asked once more for each of them.
      if (clock.monotonicMs() < request.deadlineMs && hasAnother?.(error)) {
        effects.log?.warn(
          { account: plan.name, next: clientSecrets!.inUse + 1 },
          'a client secret is refused: the next one is tried',
        )
        continue
      }
      values = undefined
      if (isLost(error)) lost++
      const delayMs = request.refreshToken && lost > 1 ? undefined : retryDelay(error, attempt, clock.nowMs(), random)
      if (delayMs === undefined || clock.monotonicMs() + delayMs >= request.deadlineMs)
        throw withAttempts(error, attempt)
      effects.onRepeat?.(error)
      const step = { account: plan.name, step: 'pause' } as const
      await traced(
        effects,
        step,
        () => clock.sleep(delayMs),
        () => ({ attempt: attempt + 1 }),
      )
    }
  }
}

/** The server may have answered: a refresh token that is used up then must not be sent again and again. */
function isLost({ code }: AppError): boolean {
  return code === 'token_timeout' || code === 'token_unreachable' || code === 'token_invalid_response'
}

/** Undefined for what will not succeed without a change. A secret that is missing now is not asked for again in the same call. */
function retryDelay(error: AppError, attempt: number, nowMs: number, random: () => number): number | undefined {
  if (!error.details.transient || error.code === 'secret_unavailable') return undefined
  if (error.details.retryAtMs !== undefined) return error.details.retryAtMs - nowMs
  const firstMs = error.details.status === 429 ? FIRST_DELAY_LIMITED_MS : FIRST_DELAY_MS
  return Math.min(firstMs * 2 ** (attempt - 1), MAX_DELAY_MS) * (0.5 + random() / 2)
}

function withAttempts(error: AppError, attempts: number): AppError {
  return new AppError(error.code, error.message, { ...error.details, attempts })
}
