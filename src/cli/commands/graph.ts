// `bearerd graph`: services, accounts and token hosts as a picture.
import { buildGraph, type Graph } from '../../compile/graph/graph.ts'
import { configPaths } from '../config-paths.ts'
import { loadConfig } from '../load-config.ts'
import { EXIT, print } from '../output.ts'

type Format = 'mermaid' | 'dot' | 'svg'

export async function graph(options: { config?: string[]; format: Format }): Promise<number> {
  const { config } = await loadConfig(configPaths(options.config))
  const render = await rendererOf(options.format)
  await print(render(buildGraph(config)))
  return EXIT.ok
}

async function rendererOf(format: Format): Promise<(graph: Graph) => string> {
  switch (format) {
    case 'dot':
      return (await import('../../compile/graph/graph-dot.ts')).renderGraphDot
    case 'svg':
      return (await import('../../compile/graph/graph-svg.ts')).renderGraphSvg
    case 'mermaid':
      return (await import('../../compile/graph/graph-mermaid.ts')).renderGraphMermaid
  }
}
