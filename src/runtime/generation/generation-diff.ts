// Two generations -> what a reload changed, by name: for the log and the status.
import type { Generation } from './generation.ts'

/** Names, sorted. Accounts in place have the key `services.NAME`. */
export interface GenerationDiff {
  services: { added: string[]; removed: string[]; changed: string[] }
  accounts: { added: string[]; removed: string[]; changed: string[] }
  /** Accounts that were there and are issued another token from now on. */
  renewing: string[]
}

export function diffGenerations(previous: Generation | undefined, next: Generation): GenerationDiff {
  const before = { services: previous?.plan.services ?? new Map(), accounts: previous?.plan.accounts ?? new Map() }
  const { services, accounts } = next.plan
  const changed = diffMaps(before.accounts, accounts)
  const renewing = changed.changed.filter(key => {
    const { kind, tokenIdentity } = accounts.get(key)!
    return kind === 'oauth2' && before.accounts.get(key)!.tokenIdentity !== tokenIdentity
  })
  return { services: diffMaps(before.services, services), accounts: changed, renewing }
}

type Printed = ReadonlyMap<string, { fingerprint: string }>

function diffMaps(before: Printed, after: Printed) {
  const added: string[] = []
  const changed: string[] = []
  for (const [name, one] of after) {
    const old = before.get(name)
    if (!old) added.push(name)
    // Most are the very same.
    else if (old !== one && old.fingerprint !== one.fingerprint) changed.push(name)
  }
  const isSmaller = after.size - added.length < before.size
  const removed = isSmaller ? [...before.keys()].filter(name => !after.has(name)) : []
  return { added: added.sort(), removed: removed.sort(), changed: changed.sort() }
}

const MAX_NAMES = 20

/** For a log line: what is empty is left out, and long lists are cut. */
export function describeDiff({ services, accounts, renewing }: GenerationDiff): Record<string, string[]> {
  const lists = {
    servicesAdded: services.added,
    servicesRemoved: services.removed,
    servicesChanged: services.changed,
    accountsAdded: accounts.added,
    accountsRemoved: accounts.removed,
    accountsChanged: accounts.changed,
    accountsRenewing: renewing,
  }
  return Object.fromEntries(
    Object.entries(lists).flatMap(([name, list]) => (list.length > 0 ? [[name, shorten(list)]] : [])),
  )
}

function shorten(names: string[]): string[] {
  return names.length <= MAX_NAMES ? names : [...names.slice(0, MAX_NAMES), `and ${names.length - MAX_NAMES} more`]
}
