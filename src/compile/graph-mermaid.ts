// A graph as a Mermaid flowchart: a box of services for each account, so that a hundred services need few arrows.
import type { Graph, GraphAccount } from './graph.ts'
import { escapeMermaid, mermaidLabel } from './mermaid.ts'

export function renderGraphMermaid({ accounts, tokenHosts }: Graph): string {
  const ids = new Map(accounts.map(({ key }, index) => [key, `a${index + 1}`]))
  const hosts = new Map(tokenHosts.map((host, index) => [host, `h${index + 1}`]))
  const lines = [
    'flowchart LR',
    ...accounts.flatMap(account => accountLines(account, ids)),
    ...tokenHosts.map(host => `  ${hosts.get(host)}[(${mermaidLabel(host)})]`),
    ...accounts.flatMap(({ key, tokenHost }) =>
      tokenHost === undefined ? [] : [`  ${ids.get(key)} --> ${hosts.get(tokenHost)}`],
    ),
    ...accounts.flatMap(account => feedLines(account, ids)),
  ]
  return `${lines.join('\n')}\n`
}

function accountLines(
  { key, name, inPlace, kind, services }: GraphAccount,
  ids: ReadonlyMap<string, string>,
): string[] {
  const id = ids.get(key)!
  const node = `  ${id}([${mermaidLabel(inPlace ? `${name} (in place)` : name, kind)}])`
  if (services.length === 0) return [node]
  const nodes = services.map((service, index) => {
    const title = service.title === undefined ? [] : [service.title]
    return `${id}s${index + 1}[${mermaidLabel(service.name, ...title, service.host)}]`
  })
  if (services.length === 1) return [node, `  ${nodes[0]}`, `  ${id}s1 --> ${id}`]
  const box = `${id}box["${escapeMermaid(`${services.length} services`)}"]`
  // Without a direction of its own, a box lays its nodes side by side.
  return [node, `  subgraph ${box}`, '    direction TB', ...stack(nodes, id), '  end', `  ${id}box --> ${id}`]
}

/** Invisible links keep the services of a box below each other. */
function stack(nodes: readonly string[], id: string): string[] {
  const links = nodes.slice(1).map((_node, index) => `    ${id}s${index + 1} ~~~ ${id}s${index + 2}`)
  return [...nodes.map(node => `    ${node}`), ...links]
}

function feedLines({ key, fedBy, services }: GraphAccount, ids: ReadonlyMap<string, string>): string[] {
  const id = ids.get(key)!
  return [
    ...fedBy.map(feeder => `  ${id} -. bearer of .-> ${ids.get(feeder)}`),
    ...services.flatMap((service, index) =>
      service.takes.map(feeder => `  ${id}s${index + 1} -. bearer of .-> ${ids.get(feeder)}`),
    ),
  ]
}
