// What a change of the configuration means, as text for a reviewer: first what breaks or costs, last what only moved.
import { printable } from '../../diagnostics/render-human.ts'
import type {
  ChangedAccount,
  ChangedAction,
  ChangedService,
  ConfigDiff,
  FactChange,
  Moved,
  NewAccount,
  Presence,
} from './explain-diff.ts'
import { describeOrigin } from './explain-text.ts'

export function renderDiff(diff: ConfigDiff): string {
  const { services, accounts, actions, daemon } = diff
  const sections = [
    section('Services that are removed', services.removed.map(presence)),
    section('Actions that are removed', actions.removed.map(presence)),
    section('Accounts that ask for a new token', accounts.newToken.map(changedAccount)),
    section('Services that change', services.changed.map(changedService)),
    section('Actions that change', actions.changed.map(changedAction)),
    section('Accounts that change without a new token', accounts.changed.map(changedAccount)),
    section('Services that are new', services.new.map(presence)),
    section('Actions that are new', actions.new.map(presence)),
    section('Accounts that are new', accounts.new.map(newAccount)),
    section('Accounts that are removed', accounts.removed.map(presence)),
    section('Settings of the daemon that change', daemon.length > 0 ? [changeLines(daemon, '  ')] : []),
    section('Only moved, without a change', movedLines(diff)),
  ]
  const untouched = `Untouched: ${counts(services.untouched, accounts.untouched, actions.untouched)}`
  return `${[summary(diff), ...sections.filter(Boolean), untouched].join('\n\n')}\n`
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`
}

/** Actions are told of where there are any. */
function counts(services: readonly unknown[], accounts: readonly unknown[], actions: readonly unknown[]): string {
  const some = actions.length > 0 ? [count(actions.length, 'action')] : []
  return [count(services.length, 'service'), count(accounts.length, 'account'), ...some].join(', ')
}

function summary({ services, accounts, actions, daemon }: ConfigDiff): string {
  const tell = (list: readonly unknown[], word: string, [one, many]: readonly [string, string]): string[] =>
    list.length > 0 ? [`${count(list.length, word)} ${list.length === 1 ? one : many}`] : []
  const parts = [
    ...tell(services.removed, 'service', ['is removed', 'are removed']),
    ...tell(actions.removed, 'action', ['is removed', 'are removed']),
    ...tell(accounts.newToken, 'account', ['asks for a new token', 'ask for a new token']),
    ...tell(services.changed, 'service', ['changes', 'change']),
    ...tell(actions.changed, 'action', ['changes', 'change']),
    ...tell(accounts.changed, 'account', ['changes without a new token', 'change without a new token']),
    ...tell(services.new, 'service', ['is new', 'are new']),
    ...tell(actions.new, 'action', ['is new', 'are new']),
    ...tell(accounts.new, 'account', ['is new', 'are new']),
    ...tell(accounts.removed, 'account', ['is removed', 'are removed']),
    ...tell(daemon, 'setting of the daemon', ['changes', 'change']),
  ]
  return parts.length > 0 ? parts.join('; ') : 'No change of behaviour.'
}

function section(title: string, entries: readonly string[]): string {
  return entries.length > 0 ? [title, ...entries].join('\n') : ''
}

function headed(text: string, from: Presence['from']): string {
  return `  ${printable(text)}  (${printable(describeOrigin(from))})`
}

function presence({ name, from }: Presence): string {
  return headed(name, from)
}

function newAccount({ name, from, sameTokenAs }: NewAccount): string {
  const note = sameTokenAs === undefined ? '' : `\n    the same token as ${sameTokenAs} had: none is asked for`
  return headed(name, from) + note
}

function changedAccount({ name, inPlace, from, changes, services }: ChangedAccount): string {
  const users = inPlace ? '' : `\n    used by ${someOf(services)}`
  return `${headed(inPlace ? `${name} (in place)` : name, from)}\n${changeLines(changes, '    ')}${users}`
}

function changedService({ name, from, changes, account }: ChangedService): string {
  const lines = changes.length > 0 ? [changeLines(changes, '    ')] : []
  if (account) lines.push(`    account ${account.name} ${account.newToken ? 'asks for a new token' : 'changes'}`)
  return [headed(name, from), ...lines].join('\n')
}

function changedAction({ name, from, changes, service }: ChangedAction): string {
  const lines = changes.length > 0 ? [changeLines(changes, '    ')] : []
  if (service !== undefined) lines.push(`    service ${service} changes`)
  return [headed(name, from), ...lines].join('\n')
}

const MAX_NAMES = 10

function someOf(names: readonly string[]): string {
  if (names.length === 0) return 'no service'
  const rest = names.length - MAX_NAMES
  return names.slice(0, MAX_NAMES).join(', ') + (rest > 0 ? ` and ${rest} more` : '')
}

function changeLines(changes: readonly FactChange[], indent: string): string {
  const width = Math.max(...changes.map(({ field }) => field.length))
  return changes.map(change => `${indent}${change.field.padEnd(width)}  ${describeChange(change)}`).join('\n')
}

const MAX_VALUE = 200

function describeChange({ old, new: next }: FactChange): string {
  const [was, is] = [old, next].map(text => text !== undefined && shorten(printable(text)))
  if (was === false) return `new: ${is}`
  return is === false ? `removed: ${was}` : `${was} -> ${is}`
}

function shorten(text: string): string {
  return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE - 3)}...` : text
}

/** Lines shift with every edit above them: only a move to another file is told one by one. */
function movedLines({ services, accounts, actions }: ConfigDiff): string[] {
  const one = (kind: string) => (moved: Moved) =>
    `  ${kind} ${moved.name}  (${printable(describeOrigin(moved.old))} -> ${printable(describeOrigin(moved.new))})`
  const files = [
    ...accounts.moved.filter(isOtherFile).map(one('account')),
    ...services.moved.filter(isOtherFile).map(one('service')),
    ...actions.moved.filter(isOtherFile).map(one('action')),
  ]
  const lines = [services, accounts, actions].map(({ moved }) => moved.filter(one => !isOtherFile(one)))
  const within = `  to another line: ${counts(lines[0]!, lines[1]!, lines[2]!)}`
  return lines.some(({ length }) => length > 0) ? [...files, within] : files
}

function isOtherFile({ otherFile }: Moved): boolean {
  return otherFile
}
