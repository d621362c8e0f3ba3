// An account at work: its plan and the source of its credential.
import { AppError } from '../../base/error.ts'
import type { Secret } from '../../base/secret.ts'
import type { AccountPlan, OAuth2AccountPlan, Prover } from '../../compile/plan.ts'
import type { Values } from '../../compile/text.ts'
import type { SecretReference } from '../../config/model/model.ts'
import { type ObservedStore, observeStore, readValues } from '../secrets/values.ts'
import { CachedSource, type Fetched } from '../tokens/cached-source.ts'
import { ClientSecrets, type SecretInUse, secretInUse } from '../tokens/client-secrets.ts'
import { type FetchEffects, fetchToken, type TokenHistory } from '../tokens/fetch-token.ts'

/** What an account gives to its services. */
export interface Credential {
  bearer: Secret | undefined
  /** Each request with this bearer needs a proof. */
  prover?: Prover
  /** Of a bearer that is none by its `token_type`. */
  foreignType?: string
  /** Fewer scopes than were asked for. */
  narrowedScope?: string
  /** Members of the token response by the names of `publish`. */
  published?: Readonly<Record<string, Secret>>
  values: Values
  /** Unix time in milliseconds; null when it does not expire. */
  expiresAtMs: number | null
  /** What it has of other accounts. */
  fed?: ReadonlyMap<LiveAccount, Credential>
}

export type FeederReference = SecretReference & { kind: 'account' }

export interface AccountEffects extends FetchEffects {
  /** The account that a reference names. Throws AppError when it is gone. */
  feeder(reference: FeederReference): LiveAccount
  onExpiry?(account: string, expiresAtMs: number | null): void
  onClientSecret?(account: string, inUse: SecretInUse): void
  /** Before the token of values that left is forgotten. */
  onLeft?(account: LiveAccount): void
}

export interface LiveAccount {
  plan: AccountPlan
  /** Whose token this is too: the account itself, or an equal one of the same generation. */
  owner: LiveAccount
  source: CachedSource<Credential>
  /** Reads the secret files again; renews in the background when one changed. The old credential serves meanwhile. */
  checkSecrets(): Promise<void>
  /** The accounts whose present bearer a static one gives on. Throws AppError when one is gone. */
  feeders(): LiveAccount[]
  /** All that its credential comes from: its own source, and those of the accounts that feed it. Throws AppError when one is gone. */
  sources(): CachedSource<Credential>[]
  /** What was read for it last, as digests. */
  secrets: ObservedStore
  clientSecrets: ClientSecrets
}

export function createLiveAccount(plan: AccountPlan, effects: AccountEffects): LiveAccount {
  const secrets = observeStore(effects.secrets)
  const own: AccountEffects = { ...effects, secrets, onRepeat: error => source.tellTrouble(error) }
  const clientSecrets = new ClientSecrets(plan.kind === 'oauth2' ? plan : {})
  const history: TokenHistory = { clientSecrets }
  const fetch =
    plan.kind === 'oauth2'
      ? () => fetchOAuth2(plan, own, Object.assign(history, { held: source.value?.bearer, heldLives: source.serves }))
      : (minTtlMs: number) => fetchSecrets(plan.references, own, minTtlMs)
  const { clock, log, random } = effects
  const told = { account: plan.name, ...(plan.params && { params: plan.params }) }
  const tellSecret = () => {
    const inUse = clientSecretOf(live)
    if (inUse) effects.onClientSecret?.(plan.name, inUse)
  }
  const source: CachedSource<Credential> = new CachedSource<Credential>({
    fetch,
    clock,
    random,
    ...(plan.kind === 'oauth2' && plan.lifetime),
    onDropped: ({ bearer }) => {
      if (!bearer) return
      effects.pool.drop(bearer)
      effects.fleet?.drop(bearer)
    },
    onRenewed: (_credential, expiresAtMs) => {
      if (plan.kind !== 'oauth2') return
      log.info({ ...told, expiresAt: toRfc3339(expiresAtMs) }, 'token renewed')
      // Of an account with parameters each set of values has another one, and no metric has a label for values.
      if (plan.params) return
      effects.onExpiry?.(plan.name, expiresAtMs)
      tellSecret()
    },
    onFailure: (error, retryAtMs) => {
      log.warn({ ...told, code: error.code, nextAttemptAt: toRfc3339(retryAtMs) }, error.message)
      if (!plan.params) tellSecret()
    },
    onTooEarly: (error, retryAtMs) =>
      log.info(
        { ...told, nextAttemptAt: toRfc3339(retryAtMs) },
        `renewal refused while the token lives: ${error.message}`,
      ),
  })
  const checkSecrets = async () => {
    if (!(await secrets.changed(plan.references))) return
    log.info(told, 'a secret file changed')
    source.renew()
  }
  const feeders = () =>
    plan.kind === 'static'
      ? plan.references.flatMap(reference => (reference.kind === 'account' ? [effects.feeder(reference)] : []))
      : []
  const sources = () => [source, ...feederSources(plan.references, effects)]
  const parts: Omit<LiveAccount, 'owner'> = { plan, source, checkSecrets, feeders, sources, secrets, clientSecrets }
  const live: LiveAccount = Object.assign(parts, { owner: parts as LiveAccount })
  return live
}

function feederSources(references: readonly SecretReference[], { feeder }: AccountEffects): CachedSource<Credential>[] {
  return references.flatMap(reference => (reference.kind === 'account' ? feeder(reference).sources() : []))
}

/** Calls back when one of them has a new value, until the returned function is called. */
export function onAnyRenewed(sources: readonly CachedSource<Credential>[], listener: () => void): () => void {
  const stops = [...new Set(sources)].map(source => source.onRenewed(listener))
  return () => {
    for (const stop of stops) stop()
  }
}

/** Undefined for an account that has not several. */
export function clientSecretOf({ plan, owner, clientSecrets }: LiveAccount): SecretInUse | undefined {
  if (plan.kind !== 'oauth2' || owner.plan.kind !== 'oauth2') return undefined
  return secretInUse(plan, owner.plan, clientSecrets)
}

/** What an account gives to one that it feeds. Rejects with AppError, which names the feeder. */
export async function feed({ source, plan }: LiveAccount, minTtlMs = 0): Promise<Credential> {
  try {
    return await source.get(minTtlMs)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    throw new AppError(error.code, error.message, { ...error.details, feeder: plan.name })
  }
}

function publishedMember({ published }: Credential, account: string, field: string): Secret {
  const secret = published && Object.hasOwn(published, field) ? published[field] : undefined
  if (secret) return secret
  const message = `the token response of account \`${account}\` had no \`${field}\``
  throw new AppError('secret_unavailable', message, { transient: true })
}

/** The secret that a reference to another account stands for. Throws AppError for a member that did not come. */
export function fedSecret(credential: Credential, { account, field }: FeederReference): Secret {
  if (field !== undefined) return publishedMember(credential, account, field)
  if (!credential.bearer) throw new Error('only an account with a bearer feeds another one')
  return credential.bearer
}

/** An account that is issued the same token as its owner: one token request serves both. */
export function shareLiveAccount(plan: AccountPlan, owner: LiveAccount): LiveAccount {
  return { ...owner, plan, owner }
}

/** For an account that is issued the same token as one of an earlier generation. */
export function adoptToken(live: LiveAccount, earlier: LiveAccount): void {
  live.source.adopt(earlier.source)
  live.secrets.adopt(earlier.secrets)
  live.clientSecrets.adopt(earlier.clientSecrets)
}

/** Secrets that belong to no account: those of a service's own headers and URL. */
export function createSecretSource(references: readonly SecretReference[], effects: AccountEffects) {
  const secrets = observeStore(effects.secrets)
  const { clock, random } = effects
  const source = new CachedSource<Credential>({
    fetch: minTtlMs => fetchSecrets(references, { ...effects, secrets }, minTtlMs),
    clock,
    random,
  })
  const checkSecrets = async () => {
    if (await secrets.changed(references)) source.renew()
  }
  return { source, checkSecrets, sources: () => [source, ...feederSources(references, effects)] }
}

export function toRfc3339(atMs: number | null): string | null {
  return atMs === null ? null : new Date(atMs).toISOString()
}

async function fetchOAuth2(
  plan: OAuth2AccountPlan,
  effects: AccountEffects,
  history: TokenHistory,
): Promise<Fetched<Credential>> {
  const { bearer, values, lifeMs, since, lifeFrom, narrowedScope, foreignType, published, implausible, prover } =
    await fetchToken(plan, effects, history)
  const account = plan.name
  if (lifeFrom === 'default')
    effects.log.warn({ account }, 'the token response tells no lifetime: 5 minutes are assumed')
  if (implausible)
    effects.log.warn(
      { account },
      'the token response tells a life of more than a year: if it counts in another unit, write tokenResponse.expires',
    )
  if (narrowedScope !== undefined)
    effects.log.warn({ account, granted: narrowedScope }, 'the server granted less scope than was asked')
  const value = {
    bearer,
    values,
    expiresAtMs: since.atMs + lifeMs,
    ...(foreignType !== undefined && { foreignType }),
    ...(published && { published }),
    ...(prover && { prover }),
    ...(narrowedScope !== undefined && { narrowedScope }),
  }
  return { value, lifeMs, since }
}

/** How long a program's output serves before it is read again in the background. */
const EXEC_RENEW_MS = 5 * 60_000

/** What another account gives is taken anew as soon as that account has a new one, and ends when it does. */
async function fetchSecrets(
  references: readonly SecretReference[],
  effects: AccountEffects,
  minTtlMs: number,
): Promise<Fetched<Credential>> {
  const feeders = new Map<LiveAccount, Credential>()
  const read = async (reference: SecretReference): Promise<Secret> => {
    if (reference.kind !== 'account') return effects.secrets.read(reference)
    const account = effects.feeder(reference)
    const credential = feeders.get(account) ?? (await feed(account, minTtlMs))
    feeders.set(account, credential)
    return fedSecret(credential, reference)
  }
  const values = await readValues(references, { read }, effects.clock)
  const ends = [...feeders.values()].flatMap(({ expiresAtMs }) => expiresAtMs ?? [])
  return {
    value: { bearer: undefined, values, expiresAtMs: ends.length > 0 ? Math.min(...ends) : null, fed: feeders },
    lifeMs: null,
    renewAfterMs: references.some(({ kind }) => kind === 'exec') ? EXEC_RENEW_MS : null,
    isCurrent: ttlMs =>
      references.every(
        reference => reference.kind !== 'account' || isStillFed(presentFeeder(reference, effects), feeders, ttlMs),
      ),
  }
}

/** Another reload may have put another one in its place, which renews the token from now on. */
function isStillFed(now: LiveAccount | undefined, then: ReadonlyMap<LiveAccount, Credential>, ttlMs: number): boolean {
  const credential = now && then.get(now)
  return credential !== undefined && now?.source.current(ttlMs) === credential
}

/** Undefined when it is gone. */
function presentFeeder(reference: FeederReference, { feeder }: AccountEffects): LiveAccount | undefined {
  try {
    return feeder(reference)
  } catch (error) {
    if (error instanceof AppError) return undefined
    throw error
  }
}
