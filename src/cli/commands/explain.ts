// `bearerd explain`: the compiled pipeline of a service or an action, or what a change of the configuration means.
import { dirname, resolve } from 'node:path'
import { compilePlan } from '../../compile/compile.ts'
import {
  explainAction,
  explainService,
  renderExplanation,
  renderExplanationMermaid,
} from '../../compile/explain/explain.ts'
import type { Side } from '../../compile/explain/explain-diff.ts'
import { didYouMean } from '../../diagnostics/suggest.ts'
import { configPaths } from '../config-paths.ts'
import { loadConfig } from '../load-config.ts'
import { CommandError, EXIT, print, say } from '../output.ts'

interface ExplainOptions {
  config?: string[]
  format: 'text' | 'json' | 'mermaid'
  diff?: string[]
  action?: boolean
}

export async function explain(name: string | undefined, options: ExplainOptions): Promise<number> {
  if (options.diff) return explainChange(name, options, options.diff)
  if (name === undefined) throw usage('name a service or an action, or compare two configurations with --diff OLD NEW')
  const { config } = await loadConfig(configPaths(options.config))
  const service = options.action ? undefined : explainService(config, compilePlan(config), name)
  const explanation = service ?? explainAction(config, name)
  if (!explanation) {
    const hint = didYouMean(name, [...(options.action ? [] : config.services.keys()), ...config.actions.keys()])
    throw usage(`no ${options.action ? '' : 'service or '}action \`${name}\`${hint ? `; ${hint}` : ''}`)
  }
  if (service && config.actions.has(name)) say(`bearerd: this is the service; the action of that name: --action`)
  if (options.format === 'json') await print(toJson(explanation))
  else await print(options.format === 'text' ? renderExplanation(explanation) : renderExplanationMermaid(explanation))
  return EXIT.ok
}

function usage(message: string): CommandError {
  return new CommandError(EXIT.usage, message)
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

async function explainChange(name: string | undefined, options: ExplainOptions, paths: string[]): Promise<number> {
  const [old, next, ...more] = paths
  if (name !== undefined) throw usage('--diff compares whole configurations: leave the service out')
  if (old === undefined || next === undefined || more.length > 0) throw usage('--diff takes two paths: OLD NEW')
  if (options.config) throw usage('--diff names both configurations itself: leave --config out')
  if (options.format === 'mermaid') throw usage('--diff has the formats text and json')
  const [{ explainDiff }, { renderDiff }] = await Promise.all([
    import('../../compile/explain/explain-diff.ts'),
    import('../../compile/explain/explain-diff-text.ts'),
  ])
  const diff = explainDiff(await loadSide(old), await loadSide(next))
  await print(options.format === 'json' ? toJson(diff) : renderDiff(diff))
  return EXIT.ok
}

async function loadSide(path: string): Promise<Side> {
  const { config, sources } = await loadConfig([path])
  const absolute = resolve(path)
  const singleFile = sources.length === 1 && sources[0]!.path === absolute
  return { config, folder: singleFile ? dirname(absolute) : absolute, singleFile }
}
