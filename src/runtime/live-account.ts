// An account at work: its plan and the source of its credential.
import type { Log } from '../base/log.ts'
import type { Secret } from '../base/secret.ts'
import type { AccountPlan, OAuth2AccountPlan } from '../compile/plan.ts'
import type { Values } from '../compile/text.ts'
import type { SecretReference } from '../config/model.ts'
import { CachedSource, type Fetched } from './cached-source.ts'
import { fetchBearer, type PipelineEffects } from './run-pipeline.ts'
import { observeStore, readValues } from './values.ts'

/** What an account gives to its services. */
export interface Credential {
  bearer: Secret | undefined
  values: Values
  /** Unix time in milliseconds; null when it does not expire. */
  expiresAtMs: number | null
}

export interface AccountEffects extends PipelineEffects {
  log: Log
  random(): number
  onExpiry?(account: string, expiresAtMs: number | null): void
}

export interface LiveAccount {
  plan: AccountPlan
  source: CachedSource<Credential>
  /** Reads the secret files again; renews in the background when one changed. The old credential serves meanwhile. */
  checkSecrets(): Promise<void>
}

export function createLiveAccount(plan: AccountPlan, effects: AccountEffects): LiveAccount {
  const secrets = observeStore(effects.secrets)
  const own = { ...effects, secrets }
  const fetch = plan.kind === 'oauth2' ? () => fetchOAuth2(plan, own) : () => fetchSecrets(plan.references, own)
  const { clock, log, random } = effects
  const source = new CachedSource<Credential>({
    fetch,
    clock,
    random,
    onRenewed: (_credential, expiresAtMs) => {
      if (plan.kind === 'oauth2') log.info({ account: plan.name, expiresAt: toRfc3339(expiresAtMs) }, 'token renewed')
      effects.onExpiry?.(plan.name, expiresAtMs)
    },
    onFailure: (error, retryAtMs) =>
      log.warn({ account: plan.name, code: error.code, nextAttemptAt: toRfc3339(retryAtMs) }, error.message),
  })
  const checkSecrets = async () => {
    if (!(await secrets.changed(plan.references))) return
    log.info({ account: plan.name }, 'a secret file changed')
    source.renew()
  }
  return { plan, source, checkSecrets }
}

/** Secrets that belong to no account: those of a service's own headers and URL. */
export function createSecretSource(references: readonly SecretReference[], effects: AccountEffects) {
  const secrets = observeStore(effects.secrets)
  const { clock, random } = effects
  const source = new CachedSource<Credential>({
    fetch: () => fetchSecrets(references, { ...effects, secrets }),
    clock,
    random,
  })
  const checkSecrets = async () => {
    if (await secrets.changed(references)) source.renew()
  }
  return { source, checkSecrets }
}

export function toRfc3339(atMs: number | null): string | null {
  return atMs === null ? null : new Date(atMs).toISOString()
}

async function fetchOAuth2(plan: OAuth2AccountPlan, effects: AccountEffects): Promise<Fetched<Credential>> {
  const { bearer, values, lifeMs, lifeFrom, narrowedScope } = await fetchBearer(plan, effects, effects.random)
  const account = plan.name
  if (lifeFrom === 'default')
    effects.log.warn({ account }, 'the token response tells no lifetime: 5 minutes are assumed')
  if (narrowedScope !== undefined)
    effects.log.warn({ account, granted: narrowedScope }, 'the server granted less scope than was asked')
  return { value: { bearer, values, expiresAtMs: effects.clock.nowMs() + lifeMs }, lifeMs }
}

/** How long a program's output, or another account's bearer, serves before it is read again in the background. */
const RENEW_MS = { exec: 5 * 60_000, account: 5_000 }

async function fetchSecrets(
  references: readonly SecretReference[],
  effects: AccountEffects,
): Promise<Fetched<Credential>> {
  const values = await readValues(references, effects.secrets, effects.clock)
  const kinds = references.map(({ kind }) => kind)
  const renewAfterMs = kinds.includes('account') ? RENEW_MS.account : kinds.includes('exec') ? RENEW_MS.exec : null
  return { value: { bearer: undefined, values, expiresAtMs: null }, lifeMs: null, renewAfterMs }
}
