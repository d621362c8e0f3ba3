// For commands that look at a configuration and run nothing: the checked files, or the end of the command with its diagnostics.
import { checkConfig } from '../config/check.ts'
import type { Config } from '../config/model/config.ts'
import { readSources } from '../config/read.ts'
import type { Source } from '../config/yaml/source.ts'
import { hasErrors } from '../diagnostics/diagnostic.ts'

export interface LoadedConfig {
  config: Config
  sources: readonly Source[]
}

export async function loadConfig(paths: readonly string[]): Promise<LoadedConfig> {
  const read = await readSources(paths, process.cwd())
  const checked = checkConfig(read.sources)
  const diagnostics = [...read.diagnostics, ...checked.diagnostics]
  if (checked.ok && !hasErrors(diagnostics)) return { config: checked.value, sources: read.sources }
  const { reportProblems } = await import('./load.ts')
  return reportProblems(diagnostics)
}
