// How a service is, in the words of status page and API: never a secret, and of a service with parameters no single value.

import type { Generation } from '../runtime/generation/generation.ts'
import { clientSecretOf, type LiveAccount } from '../runtime/generation/live-account.ts'
import type { LiveService } from '../runtime/generation/live-service.ts'
import type { SecretInUse } from '../runtime/tokens/client-secrets.ts'

type State = LiveAccount['source']['state']

/** The best one of several is that of the service: one tenant that fails is not the service. */
const BEST_FIRST: readonly State[] = ['ready', 'degraded', 'failing', 'idle']

export interface ServiceState {
  state: State
  /** Unix time in milliseconds. */
  expiresAtMs: number | null
  lastError: { code: string; message: string } | null
  /** What the server granted, where that is less than was asked for. */
  scopeGranted?: string
  /** Of an account with several client secrets. */
  clientSecret?: SecretInUse
  /** Of a service with parameters: their names, how many sets of values are live, and how many of those fail. */
  parameters?: { names: readonly string[]; live: number; failing: number }
}

export function serviceState(generation: Generation, { plan, account }: LiveService): ServiceState {
  if (!plan.parameters) return accountState(account)
  const states = generation.variants.live(plan.name).map(live => accountState(live.account))
  const failing = states.filter(({ state }) => state === 'failing').length
  const best = BEST_FIRST.find(state => states.some(other => other.state === state)) ?? 'idle'
  const { names } = plan.parameters
  return { state: best, expiresAtMs: null, lastError: null, parameters: { names, live: states.length, failing } }
}

function accountState(account: LiveAccount): ServiceState {
  const { source, plan } = account
  const { lastError, expiresAtMs } = source
  const clientSecret = clientSecretOf(account)
  const scopeGranted = source.value?.narrowedScope
  return {
    state: plan.kind === 'static' && source.state === 'idle' ? 'ready' : source.state,
    expiresAtMs,
    lastError: lastError ? { code: lastError.code, message: lastError.message } : null,
    ...(scopeGranted !== undefined && { scopeGranted }),
    ...(clientSecret && { clientSecret }),
  }
}
