// A graph in the DOT language of Graphviz: a cluster of services for each account.
import { printable } from '../../diagnostics/render-human.ts'
import type { Graph, GraphAccount } from './graph.ts'

const HEAD = [
  'digraph bearerd {',
  '  rankdir=LR',
  '  compound=true',
  '  ranksep=1.2',
  '  node [fontname="sans-serif", fontsize=11, shape=box, style=rounded]',
  '  edge [fontname="sans-serif", fontsize=9]',
]

export function renderGraphDot({ accounts, tokenHosts }: Graph): string {
  const lines = [
    ...HEAD,
    ...accounts.flatMap(accountLines),
    ...tokenHosts.map(host => `  ${quote(`host ${host}`)} [label=${quote(host)}, shape=cylinder]`),
    ...accounts.flatMap(edgeLines),
    '}',
  ]
  return `${lines.join('\n')}\n`
}

/** Backslashes are escapes in labels; a line break of ours is added after quoting. */
function quote(...lines: readonly string[]): string {
  const escaped = lines.map(line => printable(line).replaceAll('\\', '\\\\').replaceAll('"', '\\"'))
  return `"${escaped.join('\\n')}"`
}

function accountLines({ key, name, inPlace, kind, services }: GraphAccount): string[] {
  const label = quote(inPlace ? `${name} (in place)` : name, kind)
  const nodes = services.map(service => {
    const title = service.title === undefined ? [] : [service.title]
    const actions = (service.actions ?? []).map(({ name, request }) => `↳ ${name} ${request}`)
    return `    ${quote(`service ${service.name}`)} [label=${quote(service.name, ...title, service.host, ...actions)}]`
  })
  const account = `  ${quote(`account ${key}`)} [label=${label}, shape=ellipse]`
  if (nodes.length === 0) return [account]
  return [`  subgraph ${quote(`cluster ${key}`)} {`, '    style=dotted', ...nodes, '  }', account]
}

function edgeLines({ key, tokenHost, fedBy, services }: GraphAccount): string[] {
  const account = quote(`account ${key}`)
  const feed = (from: string, feeder: string) =>
    `  ${from} -> ${quote(`account ${feeder}`)} [style=dashed, label="bearer of"]`
  return [
    ...services.map(service => `  ${quote(`service ${service.name}`)} -> ${account}`),
    ...(tokenHost === undefined ? [] : [`  ${account} -> ${quote(`host ${tokenHost}`)}`]),
    ...fedBy.map(feeder => feed(account, feeder)),
    ...services.flatMap(service => service.takes.map(feeder => feed(quote(`service ${service.name}`), feeder))),
  ]
}
