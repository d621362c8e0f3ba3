// Two generations -> what a reload changed, by name: for the log and the status.
import { entriesApart, type Grouped } from '../../base/grouped.ts'
import type { ActionPlan } from '../../compile/actions/action-plan.ts'
import type { AccountPlan, ServicePlan } from '../../compile/plan.ts'
import { changedSettings } from './changed-settings.ts'
import type { Generation } from './generation.ts'

/** Names, sorted. An account in place has that of its service. */
export interface GenerationDiff {
  services: { added: string[]; removed: string[]; changed: string[] }
  accounts: { added: string[]; removed: string[]; changed: string[] }
  actions: { added: string[]; removed: string[]; changed: string[] }
  /** Of `daemon`, by their keys. */
  settings: string[]
  /** Accounts that were there and are issued another token from now on. */
  renewing: string[]
}

export function diffGenerations(previous: Generation | undefined, next: Generation): GenerationDiff {
  const before = previous?.plan
  const services = diffMaps<ServicePlan>(before?.services, next.plan.services)
  const accounts = diffMaps<AccountPlan>(before?.accounts, next.plan.accounts)
  const renewing = accounts.changed.filter(
    ([old, { kind, tokenIdentity }]) => kind === 'oauth2' && old.tokenIdentity !== tokenIdentity,
  )
  return {
    services: namesIn(services),
    accounts: namesIn(accounts),
    actions: namesIn(diffMaps<ActionPlan>(before?.actions, next.plan.actions)),
    settings: previous ? changedSettings(previous.plan.daemon, next.plan.daemon) : [],
    renewing: namesOf(renewing.map(([, one]) => one)),
  }
}

interface Named {
  name: string
  fingerprint: string
}

interface Difference<P> {
  added: P[]
  removed: P[]
  changed: [before: P, after: P][]
}

function diffMaps<P extends Named>(before: Grouped<P> | undefined, after: Grouped<P>): Difference<P> {
  const added: P[] = []
  const changed: [P, P][] = []
  for (const [key, one] of entriesApart(after, before)) {
    const old = before?.get(key)
    if (!old) added.push(one)
    else if (old.fingerprint !== one.fingerprint) changed.push([old, one])
  }
  const removed = [...entriesApart(before, after)].flatMap(([key, old]) => (after.has(key) ? [] : [old]))
  return { added, removed, changed }
}

function namesIn<P extends Named>({ added, removed, changed }: Difference<P>) {
  return { added: namesOf(added), removed: namesOf(removed), changed: namesOf(changed.map(([, one]) => one)) }
}

function namesOf(plans: readonly Named[]): string[] {
  return [...new Set(plans.map(({ name }) => name))].sort()
}

const MAX_NAMES = 20

/** For a log line: what is empty is left out, and long lists are cut. */
export function describeDiff({
  services,
  accounts,
  actions,
  settings,
  renewing,
}: GenerationDiff): Record<string, string[]> {
  const lists = {
    servicesAdded: services.added,
    servicesRemoved: services.removed,
    servicesChanged: services.changed,
    accountsAdded: accounts.added,
    accountsRemoved: accounts.removed,
    accountsChanged: accounts.changed,
    accountsRenewing: renewing,
    actionsAdded: actions.added,
    actionsRemoved: actions.removed,
    actionsChanged: actions.changed,
    settingsChanged: settings,
  }
  return Object.fromEntries(
    Object.entries(lists).flatMap(([name, list]) => (list.length > 0 ? [[name, shorten(list)]] : [])),
  )
}

function shorten(names: string[]): string[] {
  return names.length <= MAX_NAMES ? names : [...names.slice(0, MAX_NAMES), `and ${names.length - MAX_NAMES} more`]
}
