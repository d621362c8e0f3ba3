// `bearerd validate`: all problems of all files at once.
import { type CheckProgress, checkConfig } from '../../config/check.ts'
import { maskSecrets } from '../../config/mask-secrets.ts'
import { decode, readSources } from '../../config/read.ts'
import type { Source } from '../../config/yaml/source.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { configPaths, withRest } from '../config-paths.ts'
import { exitCodeOf, print, type ReportFormat, renderReport, say, stdout, wantsColor } from '../output.ts'
import { createProgress } from '../progress.ts'
import { withoutOptimizing } from '../without-optimizing.ts'

interface ValidateOptions {
  config?: string[]
  format?: ReportFormat
  strict?: boolean
  quiet?: boolean
  stdinFilename: string
}

export async function validate(paths: string[], options: ValidateOptions): Promise<number> {
  const format = options.format ?? (process.env.GITHUB_ACTIONS === 'true' ? 'github' : 'human')
  const progress = createProgress(() => (options.quiet ? { write: () => {} } : process.stderr))
  const { sources, diagnostics: unread } = await readAll(paths, options)
  withoutOptimizing(sources)
  progress.report({ done: 0 }, sources.length)
  const onProgress = (done: CheckProgress) => progress.report(done, sources.length)
  const checked = checkConfig(sources, undefined, { unread, onProgress })
  const diagnostics = checked.diagnostics.flatMap(diagnostic => adjusted(diagnostic, options))
  const report = await renderReport(diagnostics, {
    format,
    color: diagnostics.length > 0 && wantsColor(stdout()),
    sourceText: maskedTexts(sources),
    files: sources.map(({ file }) => file),
  })
  progress.clear()
  await print(report)
  if (isForPeople(format) && !options.quiet) say(summary(diagnostics, sources.length))
  return exitCodeOf(diagnostics)
}

/** Somebody reads the log: annotations stand elsewhere. */
function isForPeople(format: ReportFormat): boolean {
  return format === 'human' || format === 'github'
}

/** Masked when somebody looks: most files have no problem. */
function maskedTexts(sources: readonly Source[]): (file: string) => string | undefined {
  const byFile = new Map(sources.map(source => [source.file, source]))
  const masked = new Map<string, string>()
  return file => {
    const source = byFile.get(file)
    if (source && !masked.has(file)) masked.set(file, maskSecrets(source))
    return masked.get(file)
  }
}

async function readAll(paths: string[], options: ValidateOptions) {
  const given = [...paths, ...(options.config ?? [])]
  const files = given.filter(path => path !== '-')
  const read =
    given.length > 0 && files.length === 0
      ? { sources: [], diagnostics: [] }
      : await readSources(configPaths(options.config ? files : withRest(files)), process.cwd())
  return given.includes('-') ? { ...read, sources: [...read.sources, await readStdin(options.stdinFilename)] } : read
}

async function readStdin(name: string): Promise<Source> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  return { path: `${process.cwd()}/${name}`, file: name, text: decode(Buffer.concat(chunks)) }
}

function adjusted(diagnostic: Diagnostic, { strict, quiet }: ValidateOptions): Diagnostic[] {
  if (diagnostic.suppressed) return []
  if (strict) return [{ ...diagnostic, severity: 'error' }]
  return quiet && diagnostic.severity === 'warning' ? [] : [diagnostic]
}

function summary(diagnostics: readonly Diagnostic[], files: number): string {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length
  const warnings = diagnostics.length - errors
  const counts = [errors > 0 && plural(errors, 'error'), warnings > 0 && plural(warnings, 'warning')]
    .filter(Boolean)
    .join(', ')
  return `${plural(files, 'file')}: ${counts || 'no problems'}`
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}
