// `bearerd deliveries`: what a daemon has to deliver, and what became of it.
import { formatSize } from '../../base/size.ts'
import { printable } from '../../diagnostics/render-human.ts'
import { askDaemon, type ListedDelivery } from '../daemon-api.ts'
import { CommandError, EXIT, print, say } from '../output.ts'

interface DeliveriesFlags {
  daemon: string
  state?: string
  action?: string
  limit?: string
  format: 'text' | 'json'
}

export async function deliveries(what: string | undefined, ids: string[], flags: DeliveriesFlags): Promise<number> {
  if (what === undefined || what === 'list') return list(flags)
  if (ids.length === 0) throw new CommandError(EXIT.usage, `\`${what}\` takes the id of a delivery`)
  for (const id of ids) await one(what, `/v1/deliveries/${encodeURIComponent(id)}`, flags)
  return EXIT.ok
}

async function one(what: string, path: string, { daemon, format }: DeliveriesFlags): Promise<void> {
  if (what === 'show') {
    const delivery = await askDaemon<ListedDelivery>(daemon, path)
    await print(format === 'json' ? `${JSON.stringify(delivery, null, 2)}\n` : describe(delivery))
  }
  if (what === 'retry') {
    const { id } = await askDaemon<ListedDelivery>(daemon, `${path}/retry`, { method: 'POST' })
    say(`${id} is tried again`)
  }
  if (what === 'remove') await askDaemon(daemon, path, { method: 'DELETE' })
}

/** What is kept of one, in the order in which it happened. */
function describe(delivery: ListedDelivery): string {
  const { id, action, state, createdAt, nextAttemptAt, settledAt, files, lastError, response } = delivery
  const facts: [string, string | null | undefined][] = [
    ['id', id],
    ['action', action],
    ['state', state],
    ['accepted', shownTime(createdAt)],
    ...files.map(({ name, size, type }) => ['file', `${name}, ${formatSize(size)}, ${type}`] as [string, string]),
    ...(delivery.attemptList ?? []).map(attempt => ['attempt', describeAttempt(attempt)] as [string, string]),
    ['next attempt', nextAttemptAt && shownTime(nextAttemptAt)],
    ['settled', settledAt && shownTime(settledAt)],
    ['last error', state === 'delivered' ? undefined : lastError?.message],
    ['answer', response && `${response.status}`],
  ]
  const told = facts
    .filter(([, value]) => typeof value === 'string')
    .map(([name, value]) => `${name.padEnd(13)}${printable(value!)}\n`)
  return `${told.join('')}${response?.body === undefined ? '' : `\n${printable(response.body)}\n`}`
}

function describeAttempt({
  at,
  durationMs,
  status,
  problem,
}: NonNullable<ListedDelivery['attemptList']>[number]): string {
  const answer = status === undefined ? '' : `, answered ${status}`
  return `${shownTime(at)}, ${durationMs} ms${answer}${problem ? `: ${problem.message}` : ''}`
}

/** UTC. */
function shownTime(at: string): string {
  return at.slice(0, 19).replace('T', ' ')
}

async function list({ daemon, format, ...filter }: DeliveriesFlags): Promise<number> {
  const query = new URLSearchParams(
    Object.entries(filter).filter(([, value]) => value !== undefined) as [string, string][],
  )
  const path = `/v1/deliveries?${query}`
  const body = await askDaemon<{ deliveries: ListedDelivery[]; next: string | null }>(daemon, path)
  if (format === 'json') await print(`${JSON.stringify(body, null, 2)}\n`)
  else await print(table(body.deliveries))
  if (body.next !== null && format === 'text') say('there are more: see --limit')
  return EXIT.ok
}

function table(rows: readonly ListedDelivery[]): string {
  if (rows.length === 0) return 'no deliveries\n'
  const cells = rows.map(({ id, action, state, attempts, createdAt, lastError }) => [
    id,
    state,
    String(attempts),
    shownTime(createdAt),
    action,
    printable(lastError?.message ?? ''),
  ])
  const all = [['ID', 'STATE', 'ATTEMPTS', 'ACCEPTED', 'ACTION', 'LAST ERROR'], ...cells]
  const widths = all[0]!.map((_head, column) => Math.max(...all.map(row => row[column]!.length)))
  return all
    .map(
      row =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column]!))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}
