// A plan at work: one complete, immutable set of accounts and services. Built beside the running one; what did not change
// is carried over with its tokens.
import { AppError } from '../base/error.ts'
import type { Secret } from '../base/secret.ts'
import type { Plan } from '../compile/plan.ts'
import { suggest } from '../diagnostics/suggest.ts'
import { type AccountEffects, createLiveAccount, type LiveAccount } from './live-account.ts'
import { createLiveService, type LiveService } from './live-service.ts'

export interface Generation {
  id: number
  activatedAtMs: number
  plan: Plan
  accounts: ReadonlyMap<string, LiveAccount>
  services: ReadonlyMap<string, LiveService>
  /** Throws AppError `unknown_service`. */
  service(name: string): LiveService
  accountBearer(name: string): Promise<Secret>
  checkSecrets(): Promise<void>
}

export function buildGeneration(plan: Plan, effects: AccountEffects, previous: Generation | undefined): Generation {
  const accounts = carryAccounts(plan, effects, previous)
  const services = new Map<string, LiveService>()
  for (const service of plan.services.values()) {
    const account = accounts.get(service.account)!
    const old = previous?.services.get(service.name)
    const unchanged = old && old.plan.fingerprint === service.fingerprint && old.account === account
    services.set(service.name, unchanged ? old : createLiveService(service, account, effects))
  }
  return {
    id: (previous?.id ?? 0) + 1,
    activatedAtMs: effects.clock.nowMs(),
    plan,
    accounts,
    services,
    service: name => services.get(name) ?? unknownService(name, services.keys()),
    async accountBearer(name) {
      const { bearer } = await accounts.get(name)!.source.get()
      return bearer!
    },
    async checkSecrets() {
      await Promise.all([...accounts.values(), ...services.values()].map(part => part.checkSecrets()))
    },
  }
}

function unknownService(name: string, known: Iterable<string>): never {
  const nearest = suggest(name, known)
  throw new AppError('unknown_service', `no service \`${name}\`${nearest ? `; did you mean \`${nearest}\`?` : ''}`, {
    service: name,
  })
}

/** Equal accounts share one source, whatever their names, in one generation and across a reload. */
function carryAccounts(
  plan: Plan,
  effects: AccountEffects,
  previous: Generation | undefined,
): Map<string, LiveAccount> {
  const byFingerprint = new Map([...(previous?.accounts.values() ?? [])].map(live => [live.plan.fingerprint, live]))
  const byToken = new Map([...byFingerprint.values()].map(live => [live.plan.tokenIdentity, live]))
  const accounts = new Map<string, LiveAccount>()
  for (const account of plan.accounts.values()) {
    let live = byFingerprint.get(account.fingerprint)
    if (!live) {
      live = createLiveAccount(account, effects)
      const same = byToken.get(account.tokenIdentity)
      if (same) live.source.adopt(same.source)
      byFingerprint.set(account.fingerprint, live)
      byToken.set(account.tokenIdentity, live)
    }
    accounts.set(account.key, live)
  }
  return accounts
}

/** Ends the background work of what the next generation did not take over. Requests in flight finish on what they hold. */
export function retireGeneration(old: Generation, next: Generation | undefined): void {
  const kept = new Set(next?.accounts.values())
  for (const account of old.accounts.values()) if (!kept.has(account)) account.source.stop()
  const keptServices = new Set(next?.services.values())
  for (const service of old.services.values()) if (!keptServices.has(service)) service.stop()
}
