// A service at work: what a request to it needs now, from its account's credential and its own secrets.
import type { Connection, Injection, ServicePlan } from '../../compile/plan.ts'
import type { Verdict } from '../../compile/rejection.ts'
import { referenceKey, type Values } from '../../compile/text.ts'
import type { SecretReference } from '../../config/model/model.ts'
import { valuesWithout } from '../secrets/values.ts'
import type { CachedSource } from '../tokens/cached-source.ts'
import {
  type AccountEffects,
  type Credential,
  createSecretSource,
  type LiveAccount,
  onAnyRenewed,
} from './live-account.ts'

/** What one request gets. The same object as long as nothing changes. Holds secrets: never log it. */
export interface Authorized {
  injection: Injection
  /** Scheme, host and path under which the service answers. */
  serverUrl: URL
  /** Those of `serverUrl`, which would put them together at each call. */
  origin: string
  pathname: string
  /** Undefined for the usual one. */
  connection: Connection | undefined
  /** Unix time in milliseconds; null when it does not expire. */
  expiresAtMs: number | null
  /** The account's. */
  credential: Credential
  /** What a refusal is about; empty where no token is in it. */
  tokens: readonly Token[]
}

interface Token {
  source: CachedSource<Credential>
  credential: Credential
}

export interface LiveService {
  plan: ServicePlan
  account: LiveAccount
  /** Of its own secrets, where it has any. */
  own: CachedSource<Credential> | undefined
  /** At once, without waiting, when everything is there; otherwise undefined. */
  current(minTtlMs?: number): Authorized | undefined
  /** Rejects with AppError. */
  authorize(minTtlMs?: number): Promise<Authorized>
  /** What an answer says about the token; without a body it may be `read`. Always `accepted` where there is none. */
  judge(authorized: Authorized, status: number, body?: string): Verdict
  /** Exactly these tokens were not accepted: the next request has new ones, unless refusals are the rule. */
  reject(authorized: Authorized): void
  accept(authorized: Authorized): void
  checkSecrets(): Promise<void>
  /** Its token is kept whether it is used or not, and each new one is told. Returns what ends the telling. */
  keepWarm(onRenewed: () => void): () => void
  /** Calls back when anything that a request needs has a new value, until the returned function is called. Throws AppError when an account is gone. */
  onRenewed(listener: () => void): () => void
  stop(): void
}

export function createLiveService(plan: ServicePlan, account: LiveAccount, effects: AccountEffects): LiveService {
  const own = plan.references.length > 0 ? createSecretSource(plan.references, effects) : undefined
  const nothing: Credential = { bearer: undefined, values: valuesWithout(effects.clock), expiresAtMs: null }
  let memo: { credential: Credential; own: Credential; authorized: Authorized } | undefined

  const combine = (credential: Credential, ownValues: Credential): Authorized => {
    if (memo && memo.credential === credential && memo.own === ownValues) return memo.authorized
    const values = { ...mergedValues(credential.values, ownValues.values, plan.references), ...tokenValues(credential) }
    const injection = plan.inject(values)
    const serverUrl = plan.serverUrl.expand(values)
    const { origin, pathname } = serverUrl
    const authorized = {
      injection,
      serverUrl,
      origin,
      pathname,
      connection: plan.connect?.(values),
      expiresAtMs: credential.expiresAtMs,
      credential,
      tokens: tokensOf(account, credential, ownValues),
    }
    if (plan.cacheable) memo = { credential, own: ownValues, authorized }
    return authorized
  }

  return {
    plan,
    account,
    own: own?.source,
    current(minTtlMs) {
      const credential = account.source.current(minTtlMs)
      const ownValues = own ? own.source.current() : nothing
      return credential && ownValues && combine(credential, ownValues)
    },
    async authorize(minTtlMs) {
      const [credential, ownValues] = await Promise.all([
        account.source.get(minTtlMs),
        own ? own.source.get() : nothing,
      ])
      return combine(credential, ownValues)
    },
    ...tokenWords(plan),
    async checkSecrets() {
      await own?.checkSecrets()
    },
    keepWarm(onRenewed) {
      const sources = new Set([account.source, ...account.feeders().map(({ source }) => source)])
      const stops = [...sources].flatMap(source => [source.onRenewed(onRenewed), source.keepWarm()])
      return () => {
        for (const stop of stops) stop()
      }
    },
    onRenewed: listener => onAnyRenewed([...account.sources(), ...(own?.sources() ?? [])], listener),
    stop() {
      own?.source.stop()
    },
  }
}

function tokenWords(plan: ServicePlan): Pick<LiveService, 'judge' | 'reject' | 'accept'> {
  return {
    judge({ tokens }, status, body) {
      const ageMs = () => Math.min(...tokens.map(({ source, credential }) => source.ageOf(credential)))
      return tokens.length === 0 ? 'accepted' : plan.judge(status, ageMs, body)
    },
    reject({ tokens }) {
      for (const { source, credential } of tokens) source.reject(credential)
    },
    accept({ tokens }) {
      for (const { source, credential } of tokens) source.accept(credential)
    },
  }
}

/** Constant values hold a token where another account feeds them. */
function tokensOf({ plan, source }: LiveAccount, credential: Credential, own: Credential): Token[] {
  if (plan.kind === 'oauth2') return [{ source, credential }]
  const fed = new Map([...(credential.fed ?? []), ...(own.fed ?? [])])
  return [...fed].map(([feeder, given]) => ({ source: feeder.source, credential: given }))
}

function tokenValues({ bearer, foreignType, published }: Credential): Pick<Values, 'token'> {
  return bearer
    ? { token: { bearer, ...(published && { published }), ...(foreignType !== undefined && { foreignType }) } }
    : {}
}

function mergedValues(account: Values, own: Values, ownReferences: readonly SecretReference[]): Values {
  if (ownReferences.length === 0) return account
  const keys = new Set(ownReferences.map(referenceKey))
  return { ...account, secret: reference => (keys.has(referenceKey(reference)) ? own : account).secret(reference) }
}
