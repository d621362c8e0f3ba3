// An explanation as a Mermaid flowchart: one node for each step of the pipeline, feeding accounts as pipelines of their own.

import { describeOrigin, groupSteps } from './explain-text.ts'
import type { ExplainedStep, Explanation } from './explained-step.ts'
import { escapeMermaid, MERMAID_SETTINGS, mermaidLabel } from './mermaid.ts'

export function renderExplanationMermaid({ action, service, title, account, accountFrom, steps }: Explanation): string {
  const lines: string[] = ['flowchart TD', MERMAID_SETTINGS]
  const own = action ?? service ?? ''
  const name = title === undefined ? own : `${own}: ${title}`
  const opened = account === undefined ? [] : [`account ${account}`, describeOrigin(accountFrom!)]
  lines.push(`  start([${mermaidLabel(name, ...opened)}])`)
  addPipeline(lines, steps, { before: 'start', indent: '  ', path: 's' })
  return `${lines.join('\n')}\n`
}

interface Position {
  /** The node that the first step follows. */
  before?: string
  indent: string
  /** Prefix of the nodes' names. */
  path: string
}

/** The name of the last node. */
function addPipeline(lines: string[], steps: readonly ExplainedStep[], { before, indent, path }: Position): string {
  let last = before
  let given: string[] = []
  groupSteps(steps).forEach((group, index) => {
    const node = `${path}${index + 1}`
    const texts = group.steps.map(
      ({ text, from }) => `${text} (${from === 'default' ? 'default' : describeOrigin(from)})`,
    )
    lines.push(`${indent}${node}[${mermaidLabel(group.step, ...texts)}]`)
    if (last) lines.push(`${indent}${last} -->${edgeLabel(given)} ${node}`)
    for (const step of group.steps) if (step.account) addFeeder(lines, step.account, { indent, path: `${node}_`, node })
    last = node
    given = group.gives
  })
  return last ?? ''
}

function edgeLabel(names: readonly string[]): string {
  return names.length > 0 ? `|${mermaidLabel(names.join(', '))}|` : ''
}

function addFeeder(
  lines: string[],
  account: NonNullable<ExplainedStep['account']>,
  { indent, path, node }: { indent: string; path: string; node: string },
): void {
  const id = `${path}${account.name.replaceAll('-', '_')}`
  lines.push(
    `${indent}subgraph ${id}_box["${escapeMermaid(`account ${account.name} (${describeOrigin(account.from)})`)}"]`,
  )
  const last = addPipeline(lines, account.steps, { indent: `${indent}  `, path: `${id}_` })
  lines.push(`${indent}end`, `${indent}${last} -->${edgeLabel(['bearer'])} ${node}`)
}
