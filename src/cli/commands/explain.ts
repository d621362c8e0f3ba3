// `bearerd explain`: the compiled pipeline of a service.
import { compilePlan } from '../../compile/compile.ts'
import { explainService, renderExplanation } from '../../compile/explain.ts'
import { checkConfig } from '../../config/check.ts'
import { readSources } from '../../config/read.ts'
import { hasErrors } from '../../diagnostics/diagnostic.ts'
import { didYouMean } from '../../diagnostics/suggest.ts'
import { configPaths } from '../config-paths.ts'
import { reportProblems } from '../load.ts'
import { CommandError, EXIT, print } from '../output.ts'

export async function explain(name: string, options: { config?: string[]; format: 'text' | 'json' }): Promise<number> {
  const read = await readSources(configPaths(options.config), process.cwd())
  const checked = checkConfig(read.sources)
  const diagnostics = [...read.diagnostics, ...checked.diagnostics]
  if (!checked.ok || hasErrors(diagnostics)) return reportProblems(diagnostics)
  const explanation = explainService(checked.value, compilePlan(checked.value), name)
  if (!explanation) {
    const hint = didYouMean(name, checked.value.services.keys())
    throw new CommandError(EXIT.usage, `no service \`${name}\`${hint ? `; ${hint}` : ''}`)
  }
  await print(options.format === 'json' ? `${JSON.stringify(explanation, null, 2)}\n` : renderExplanation(explanation))
  return EXIT.ok
}
