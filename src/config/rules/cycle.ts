// Accounts that feed each other in a circle could never start.

import type { UsedBearer } from '../definitions/value.ts'
import type { Account } from '../model/model.ts'
import type { ConfigurationRule, Finding } from './rule.ts'

export const cycle: ConfigurationRule = {
  scope: 'configuration',
  codes: ['reference/cycle'],
  severity: 'error',
  check(draft, report) {
    const accounts = draft.accounts
    const fed = new Map<Account, Fed>()
    for (const { owner, value } of draft.bearers) {
      if (!owner || !('authorization' in owner)) continue
      const feeder = accounts.get(value.reference.account)
      if (feeder) fed.set(owner, [...(fed.get(owner) ?? []), { value, feeder }])
    }
    const done = new Set<Account>()
    for (const account of fed.keys()) findCycles(account, fed, done).forEach(report)
  },
}

type Fed = { value: UsedBearer['value']; feeder: Account }[]

/** An account on the way, with what of it was not followed yet. */
interface Step {
  account: Account
  ahead: Fed
  /** The value that is being followed. */
  value?: UsedBearer['value']
}

/** Depth first, without recursion: a chain may be as long as the file. Every account is walked through once. */
function findCycles(start: Account, fed: ReadonlyMap<Account, Fed>, done: Set<Account>): Finding[] {
  const findings: Finding[] = []
  const trail: Step[] = []
  const onTrail = new Set<Account>()
  const enter = (account: Account): void => {
    if (done.has(account)) return
    done.add(account)
    onTrail.add(account)
    trail.push({ account, ahead: [...(fed.get(account) ?? [])] })
  }
  enter(start)
  for (let step = trail.at(-1); step; step = trail.at(-1)) {
    const next = step.ahead.shift()
    if (!next) {
      onTrail.delete(trail.pop()!.account)
      continue
    }
    step.value = next.value
    if (onTrail.has(next.feeder))
      findings.push(cycleFinding(trail.slice(trail.findIndex(({ account }) => account === next.feeder))))
    else enter(next.feeder)
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
