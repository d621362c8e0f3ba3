// For commands that run something: an executor with the configuration, or the end of the command with its diagnostics.
import type { Log } from '../base/log.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { ConfigurationError, createExecutor, type Executor, type ExecutorOptions } from '../index.ts'
import { configPaths } from './config-paths.ts'
import { CommandError, exitCodeOf, renderReport, say, wantsColor } from './output.ts'

/** Reads a source again for an excerpt: only after an error, so speed does not matter. */
export async function reportProblems(diagnostics: readonly Diagnostic[]): Promise<never> {
  const { readSources } = await import('../config/read.ts')
  const { maskSecrets } = await import('../config/mask-secrets.ts')
  const files = [...new Set(diagnostics.map(({ file }) => file))]
  const { sources } = await readSources(files, process.cwd())
  const texts = new Map(sources.map(source => [source.file, maskSecrets(source)]))
  const options = {
    format: 'human',
    color: wantsColor(process.stderr),
    sourceText: (file: string) => texts.get(file),
    files,
  } as const
  process.stderr.write(await renderReport(diagnostics, options))
  const code = exitCodeOf(diagnostics)
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length
  throw new CommandError(code, `${errors} problem${errors === 1 ? '' : 's'} in the configuration`)
}

export async function loadExecutor(
  config: readonly string[] | undefined,
  options: Pick<ExecutorOptions, 'trace'> = {},
): Promise<Executor> {
  const executor = createExecutor({ log: warningsOnly, shortRun: true, ...options })
  try {
    await executor.load(configPaths(config))
    return executor
  } catch (error) {
    if (error instanceof ConfigurationError) return reportProblems(error.diagnostics)
    throw error
  }
}

const nothing = () => {}

/** Commands tell warnings as talk; failures they tell themselves. */
const warningsOnly: Log = {
  debug: nothing,
  info: nothing,
  warn: (fields, message) => 'code' in fields || say(`bearerd: ${message}`),
  error: nothing,
}
