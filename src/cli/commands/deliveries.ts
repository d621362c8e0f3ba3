// `bearerd deliveries`: what a daemon has to deliver, and what became of it.
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

async function one(what: string, path: string, { daemon }: DeliveriesFlags): Promise<void> {
  if (what === 'show') await print(`${JSON.stringify((await askDaemon(daemon, path)).body, null, 2)}\n`)
  if (what === 'retry') await askDaemon(daemon, `${path}/retry`, { method: 'POST' })
  if (what === 'remove') await askDaemon(daemon, path, { method: 'DELETE' })
}

async function list({ daemon, format, ...filter }: DeliveriesFlags): Promise<number> {
  const query = new URLSearchParams(
    Object.entries(filter).filter(([, value]) => value !== undefined) as [string, string][],
  )
  const { body } = await askDaemon<{ deliveries: ListedDelivery[]; next: string | null }>(
    daemon,
    `/v1/deliveries?${query}`,
  )
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
    createdAt.slice(0, 19).replace('T', ' '),
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
