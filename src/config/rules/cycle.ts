// Accounts that feed each other in a circle could never start.

import { accountValues } from '../definitions/value.ts'
import type { Account, Value } from '../model/model.ts'
import type { Finding, Rule } from './rule.ts'

export const cycle: Rule = {
  codes: ['reference/cycle'],
  severity: 'error',
  check(draft, report) {
    const accounts = new Map(draft.accounts.map(account => [account.key, account]))
    const done = new Set<string>()
    for (const account of draft.accounts) findCycles(account, accounts, done).forEach(report)
  },
}

/** An account on the way, with what of it was not followed yet. */
interface Step {
  account: Account
  ahead: Value[]
  /** The value that is being followed. */
  value?: Value
}

/** Depth first, without recursion: a chain may be as long as the file. Every account is walked through once. */
function findCycles(start: Account, accounts: ReadonlyMap<string, Account>, done: Set<string>): Finding[] {
  const findings: Finding[] = []
  const trail: Step[] = []
  const onTrail = new Set<Account>()
  const enter = (account: Account): void => {
    if (done.has(account.key)) return
    done.add(account.key)
    onTrail.add(account)
    trail.push({ account, ahead: accountValues(account).map(({ value }) => value) })
  }
  enter(start)
  for (let step = trail.at(-1); step; step = trail.at(-1)) {
    const value = step.ahead.shift()
    const next = value?.kind === 'secret' && value.reference.kind === 'account' && accounts.get(value.reference.account)
    if (!value) onTrail.delete(trail.pop()!.account)
    if (!value || !next) continue
    step.value = value
    if (onTrail.has(next)) findings.push(cycleFinding(trail.slice(trail.findIndex(({ account }) => account === next))))
    else enter(next)
  }
  return findings
}

/** A circle is told whole up to this length; of a longer one, its beginning. */
const MAX_TOLD = 20

function cycleFinding(links: readonly Step[]): Finding {
  const told = links.slice(0, MAX_TOLD)
  const names = told.map(link => link.account.name)
  const end = [...(links.length > MAX_TOLD ? [`${links.length - MAX_TOLD} more`] : []), names[0]]
  const related = told.map(({ account, value }) => ({ place: value!.place, message: `\`${account.name}\` asks here` }))
  return {
    place: links[0]!.account.place,
    part: 'key',
    message: `accounts feed each other in a circle: ${[...names, ...end].join(' -> ')}`,
    hint: 'one of them must get its secret elsewhere',
    related,
  }
}
