// Accounts that feed each other in a circle could never start.
import type { Account, Value } from '../model.ts'
import { accountValues } from '../value.ts'
import type { Finding, Rule } from './rule.ts'

export const cycle: Rule = {
  codes: ['reference/cycle'],
  severity: 'error',
  check(draft, report) {
    const accounts = new Map(draft.accounts.map(account => [account.key, account]))
    const done = new Set<string>()
    for (const account of draft.accounts) {
      const found = findCycle(account, accounts, [], done)
      if (found) report(found)
    }
  },
}

interface Link {
  account: Account
  value: Value
}

function findCycle(
  account: Account,
  accounts: ReadonlyMap<string, Account>,
  trail: readonly Link[],
  done: Set<string>,
): Finding | undefined {
  const start = trail.findIndex(link => link.account === account)
  if (start >= 0) {
    // Whoever leads into this circle, or stands in it, would tell it again.
    for (const link of trail) done.add(link.account.key)
    return cycleFinding(trail.slice(start))
  }
  if (done.has(account.key)) return undefined
  for (const { value } of accountValues(account)) {
    const next =
      value.kind === 'secret' && value.reference.kind === 'account' ? accounts.get(value.reference.account) : undefined
    const found = next && findCycle(next, accounts, [...trail, { account, value }], done)
    if (found) return found
  }
  done.add(account.key)
  return undefined
}

function cycleFinding(links: readonly Link[]): Finding {
  const names = [...links, links[0]!].map(link => link.account.name)
  const related = links.map(({ account, value }) => ({ place: value.place, message: `\`${account.name}\` asks here` }))
  const message = `accounts feed each other in a circle: ${names.join(' -> ')}`
  return {
    place: links[0]!.account.place,
    part: 'key',
    message,
    hint: 'one of them must get its secret elsewhere',
    related,
  }
}
