// A graph as a Mermaid flowchart: one node lists the services of an account, so that a hundred services need few nodes.

import { escapeMermaid, MERMAID_SETTINGS, mermaidLabel } from '../explain/mermaid.ts'
import type { Graph, GraphAccount, GraphService } from './graph.ts'

export function renderGraphMermaid({ accounts, tokenHosts }: Graph): string {
  const ids = new Map(accounts.map(({ key }, index) => [key, `a${index + 1}`]))
  const hosts = new Map(tokenHosts.map((host, index) => [host, `h${index + 1}`]))
  const lines = [
    'flowchart LR',
    MERMAID_SETTINGS,
    ...accounts.flatMap(account => accountLines(account, ids.get(account.key)!)),
    ...tokenHosts.map(host => `  ${hosts.get(host)}[(${mermaidLabel(host)})]`),
    ...accounts.flatMap(({ key, tokenHost }) =>
      tokenHost === undefined ? [] : [`  ${ids.get(key)} --> ${hosts.get(tokenHost)}`],
    ),
    ...accounts.flatMap(account => feedLines(account, ids)),
    '  classDef list text-align:left',
  ]
  return `${lines.join('\n')}\n`
}

function accountLines({ name, inPlace, kind, services }: GraphAccount, id: string): string[] {
  const node = `  ${id}([${mermaidLabel(inPlace ? `${name} (in place)` : name, kind)}])`
  if (services.length === 0) return [node]
  return [`  ${id}s["${services.flatMap(serviceLines).join('<br/>')}"]:::list`, node, `  ${id}s --> ${id}`]
}

function serviceLines({ name, host, actions = [] }: GraphService): string[] {
  return [
    `<b>${escapeMermaid(name)}</b> ${escapeMermaid(host)}`,
    ...actions.map(action => `↳ <b>${escapeMermaid(action.name)}</b> ${escapeMermaid(action.request)}`),
  ]
}

function feedLines({ key, fedBy, services }: GraphAccount, ids: ReadonlyMap<string, string>): string[] {
  const id = ids.get(key)!
  const takes = services.flatMap(({ name, takes: feeders }) => feeders.map(feeder => ({ name, feeder })))
  return [
    ...fedBy.map(feeder => `  ${id} -.->|"takes the bearer of"| ${ids.get(feeder)}`),
    ...takes.map(
      ({ name, feeder }) => `  ${id}s -.->|${mermaidLabel(`${name} takes the bearer of`)}| ${ids.get(feeder)}`,
    ),
  ]
}
