// Which parameters a definition can count on: a service on its own, an account on those that every service which uses it
// has, directly or because the account feeds another one.
import type { UsedBearer } from '../definitions/value.ts'
import type { Account, Service } from '../model/model.ts'

export interface ParameterNames {
  /** In the order of the definition. */
  of(owner: Account | Service): readonly string[]
  /** The first service that uses this account and has no such parameter; undefined when none uses it at all. */
  lacking(account: Account, name: string): Service | undefined
  /** The services whose requests need this account. */
  users(account: Account): readonly Service[]
}

export interface AccountUses {
  services: ReadonlyMap<string, Service>
  /** Where the bearer of an account is a secret of something else. */
  bearers: readonly UsedBearer[]
}

/** Names of parameters by the key of an account. */
export type AccountParameters = ReadonlyMap<string, readonly string[]>

const NONE: readonly string[] = []

/** Where no service has any. */
export const NO_PARAMETERS: AccountParameters = new Map()

/** Depends on nothing but names: of services and their parameters, of accounts, and of who uses which. */
export function parametersByAccount(uses: AccountUses): AccountParameters {
  return new Map([...findUsers(uses)].map(([key, services]) => [key, sharedBy(services)]))
}

function sharedBy([first, ...others]: readonly Service[]): readonly string[] {
  return first ? namesOf(first).filter(name => others.every(service => namesOf(service).includes(name))) : NONE
}

function namesOf({ parameters }: Service): string[] {
  return parameters.map(({ name }) => name)
}

export function parameterNames(uses: AccountUses, byAccount: AccountParameters): ParameterNames {
  let found: Map<string, Service[]> | undefined
  const usersOf = (account: Account): Service[] => {
    found ??= findUsers(uses)
    return found.get(account.key) ?? []
  }
  return {
    of: owner => ('authorization' in owner ? (byAccount.get(owner.key) ?? NONE) : namesOf(owner)),
    users: usersOf,
    lacking: (account, name) => usersOf(account).find(service => !namesOf(service).includes(name)),
  }
}

/** Services by the key of each account that their requests need. */
function findUsers({ services, bearers }: AccountUses): Map<string, Service[]> {
  const { feeders, feedingServices, everywhere } = groupBearers(bearers)
  const users = new Map<string, Service[]>()
  for (const service of services.values()) {
    const ahead = [service.account, ...(feedingServices.get(service.name) ?? NONE), ...everywhere]
    const needed = new Set<string>()
    for (let key = ahead.pop(); key !== undefined; key = ahead.pop()) {
      if (needed.has(key)) continue
      needed.add(key)
      ahead.push(...(feeders.get(key) ?? NONE))
    }
    for (const key of needed) append(users, key, service)
  }
  return users
}

/** Names of accounts: by the account that they feed, by the service, and those that everybody may use. */
function groupBearers(bearers: readonly UsedBearer[]) {
  const feeders = new Map<string, string[]>()
  const feedingServices = new Map<string, string[]>()
  const everywhere: string[] = []
  for (const { value, use, owner } of bearers) {
    const { account } = value.reference
    if (!owner) {
      if (use === 'variable') everywhere.push(account)
    } else if ('authorization' in owner) append(feeders, owner.key, account)
    else if ('serverUrl' in owner) append(feedingServices, owner.name, account)
  }
  return { feeders, feedingServices, everywhere }
}

function append<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key)
  if (list) list.push(item)
  else lists.set(key, [item])
}
