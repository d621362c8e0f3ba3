// For commands that look at a configuration and run nothing: the checked files, or the end of the command with its diagnostics.
import { checkConfig } from '../config/check.ts'
import type { Config } from '../config/model/config.ts'
import { readSources } from '../config/read.ts'
import type { Source } from '../config/yaml/source.ts'
import { withoutOptimizing } from './without-optimizing.ts'

export interface LoadedConfig {
  config: Config
  sources: readonly Source[]
}

export async function loadConfig(paths: readonly string[]): Promise<LoadedConfig> {
  const { sources, diagnostics: unread } = await readSources(paths, process.cwd())
  withoutOptimizing(sources)
  const checked = checkConfig(sources, undefined, { unread })
  if (checked.ok) return { config: checked.value, sources }
  const { reportProblems } = await import('./load.ts')
  return reportProblems(checked.diagnostics)
}
