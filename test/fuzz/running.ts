// A sequence of plans at work, one generation after the other, and what must hold of each: it is what its plan says, what did
// not change goes on, and what left is stopped.
import * as assert from 'uvu/assert'
import { silentLog } from '../../src/base/log.ts'
import type { Plan } from '../../src/compile/plan.ts'
import { buildGeneration, type Generation, retireGeneration } from '../../src/runtime/generation/generation.ts'
import { diffGenerations } from '../../src/runtime/generation/generation-diff.ts'
import type { AccountEffects, LiveAccount } from '../../src/runtime/generation/live-account.ts'
import { createSecretStore } from '../../src/runtime/secrets/secret-store.ts'
import { fakeClock } from '../support/fake-clock.ts'

const VALUES = [{ tenant: 'acme' }, { tenant: 'beta' }]

export class Running {
  readonly #stopped = new Set<object>()
  #generation: Generation | undefined
  readonly #effects: AccountEffects

  constructor() {
    const feeder: AccountEffects['feeder'] = ({ account }) => this.#generation!.account(account)
    const effects = {
      secrets: createSecretStore({ accountBearer: () => Promise.reject(new Error('nothing is read')) }),
      clock: fakeClock(),
      log: silentLog,
      random: () => 0.5,
      feeder,
    }
    // Nothing is requested here.
    this.#effects = effects as unknown as AccountEffects
  }

  /** Fails when something does not hold. */
  run(plan: Plan): void {
    const before = this.#generation
    const next = buildGeneration(plan, this.#effects, before)
    this.#generation = next
    for (const service of plan.services.values())
      for (const values of service.parameters ? VALUES : []) tryService(next, service.name, values)
    if (before) {
      retireGeneration(before, next)
      keepsWhatIsTheSame(before, next)
    }
    saysWhatChanged(before, next)
    isWhatThePlanSays(next)
    this.#watchStops(next)
    if (before) this.#stopsWhatLeft(before, next)
  }

  #watchStops(next: Generation): void {
    for (const { source } of accountsOf(next)) {
      if (Object.hasOwn(source, 'stop')) continue
      const stop = source.stop.bind(source)
      source.stop = () => {
        this.#stopped.add(source)
        stop()
      }
    }
  }

  #stopsWhatLeft(before: Generation, next: Generation): void {
    const staying = new Set(accountsOf(next).map(({ source }) => source))
    for (const { source, plan } of accountsOf(before))
      assert.is(this.#stopped.has(source), !staying.has(source), `account ${plan.key} is stopped when it left`)
  }
}

function tryService(generation: Generation, name: string, values: Record<string, string>): void {
  const names = generation.plan.services.get(name)!.parameters!.names
  try {
    generation.service(name, Object.fromEntries(Object.entries(values).filter(([key]) => names.includes(key))))
  } catch {
    // Not all values fit.
  }
}

function accountsOf({ accounts, variants }: Generation): LiveAccount[] {
  return [...accounts.values(), ...variants.accounts()]
}

function isWhatThePlanSays(next: Generation): void {
  const { plan, accounts, services, actions } = next
  for (const [live, planned] of [
    [accounts, plan.accounts],
    [services, plan.services],
    [actions, plan.actions],
  ] as const) {
    assert.equal([...live.keys()], [...planned.keys()])
    assert.is(live.size, planned.size)
    for (const [name, { fingerprint }] of planned) assert.is(live.get(name)?.plan.fingerprint, fingerprint, name)
  }
  for (const { plan, account } of services.values()) assert.is(account, accounts.get(plan.account), plan.name)
  const owners = new Map<string, LiveAccount>()
  for (const { plan, owner, source } of accountsOf(next)) {
    const { tokenIdentity } = plan
    assert.is(owner, owners.get(tokenIdentity) ?? owner, `one owner of the token of ${plan.key}`)
    assert.is(source, owner.source)
    owners.set(tokenIdentity, owner)
  }
}

/** A token, and what is being done for it, outlives a reload that does not change its account. */
function keepsWhatIsTheSame(before: Generation, next: Generation): void {
  for (const [key, old] of before.accounts) {
    const now = next.accounts.get(key)
    if (now?.plan.fingerprint !== old.plan.fingerprint) continue
    const ownerKey = now.owner.plan.key
    if (ownerKey === key && old.owner === old) assert.is(now, old, `account ${key}`)
  }
  for (const [name, old] of before.services) {
    const now = next.services.get(name)
    if (now?.plan.fingerprint === old.plan.fingerprint && now.account === old.account) assert.is(now, old, name)
  }
  for (const [name, old] of before.actions) {
    const now = next.actions.get(name)
    if (now?.plan.fingerprint === old.plan.fingerprint) assert.is(now, old, name)
  }
}

type Prints = ReadonlyMap<string, { name: string; fingerprint: string }>

function saysWhatChanged(before: Generation | undefined, { plan, ...next }: Generation): void {
  const diff = diffGenerations(before, { plan, ...next })
  for (const kind of ['accounts', 'services', 'actions'] as const)
    assert.equal(diff[kind], naiveDiff(before?.plan[kind] ?? new Map(), plan[kind]), kind)
}

function naiveDiff(before: Prints, after: Prints) {
  const names = (plans: Prints, fits: (key: string) => boolean) =>
    [...new Set([...plans].flatMap(([key, { name }]) => (fits(key) ? [name] : [])))].sort()
  const isChanged = (key: string) => before.has(key) && before.get(key)!.fingerprint !== after.get(key)!.fingerprint
  return {
    added: names(after, key => !before.has(key)),
    removed: names(before, key => !after.has(key)),
    changed: names(after, isChanged),
  }
}
