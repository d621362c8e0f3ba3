// Which parameters a definition can count on: a service on its own, an account on those that every service which uses it
// has, directly or because the account feeds another one.

import { accountValues, serviceValues, type UsedValue, variableValues } from '../definitions/value.ts'
import type { Account, Service, Variables } from '../model/model.ts'

export interface ParameterNames {
  /** In the order of the definition. */
  of(owner: Account | Service): readonly string[]
  /** The first service that uses this account and has no such parameter; undefined when none uses it at all. */
  lacking(account: Account, name: string): Service | undefined
  /** The services whose requests need this account. */
  users(account: Account): readonly Service[]
}

export interface Definitions {
  vars: Variables
  accounts: Iterable<Account>
  services: Iterable<Service>
}

export function parameterNames(definitions: Definitions): ParameterNames {
  let found: Map<string, Service[]> | undefined
  const usersOf = (account: Account): Service[] => {
    found ??= findUsers(definitions)
    return found.get(account.key) ?? []
  }
  const namesOf = ({ parameters }: Service): string[] => parameters.map(({ name }) => name)
  return {
    of(owner) {
      if (!('authorization' in owner)) return namesOf(owner)
      const [first, ...others] = usersOf(owner)
      return first ? namesOf(first).filter(name => others.every(service => namesOf(service).includes(name))) : []
    },
    users: usersOf,
    lacking: (account, name) => usersOf(account).find(service => !namesOf(service).includes(name)),
  }
}

/** Services by the key of each account that their requests need. */
function findUsers({ vars, accounts, services }: Definitions): Map<string, Service[]> {
  const feeders = new Map([...accounts].map(account => [account.key, namedAccounts(accountValues(account))]))
  // Everybody may use a file-wide variable.
  const everywhere = namedAccounts(variableValues(vars))
  const users = new Map<string, Service[]>()
  for (const service of services) {
    const ahead = [service.account, ...namedAccounts(serviceValues(service)), ...everywhere]
    const needed = new Set<string>()
    for (let key = ahead.pop(); key !== undefined; key = ahead.pop()) {
      if (needed.has(key)) continue
      needed.add(key)
      ahead.push(...(feeders.get(key) ?? []))
    }
    for (const key of needed) users.set(key, [...(users.get(key) ?? []), service])
  }
  return users
}

function namedAccounts(values: readonly UsedValue[]): string[] {
  return values.flatMap(({ value }) =>
    value.kind === 'secret' && value.reference.kind === 'account' ? [value.reference.account] : [],
  )
}
