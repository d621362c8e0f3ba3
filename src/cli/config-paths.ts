// Where the configuration is: flags, then BEARERD_CONFIG, then services.yaml and services.d/ in the working directory.
import { existsSync } from 'node:fs'
import { CommandError, EXIT } from './output.ts'

const DEFAULTS = ['services.yaml', 'services.d']

/** `given` are the paths of the command line, if any. */
export function configPaths(given: readonly string[] | undefined): string[] {
  if (given && given.length > 0) return [...given]
  const variable = process.env.BEARERD_CONFIG
  if (variable) return variable.split(':').filter(path => path !== '')
  const found = DEFAULTS.filter(path => existsSync(path))
  if (found.length > 0) return found
  throw new CommandError(
    EXIT.usage,
    'no configuration: there is neither services.yaml nor services.d/ here; name one with --config PATH',
  )
}

/** The folder of the configuration that a file belongs to by its name. */
const PART = /^((?:.*?\/)??)services(?:\.yaml|\.d\/.+\.ya?ml)$/

/** With the rest of their configuration: services.yaml and services.d/ beside files that are part of it. Folders stay alone. */
export function withRest(files: readonly string[]): string[] {
  const folders = new Set(files.flatMap(file => PART.exec(file.replaceAll('\\', '/'))?.[1] ?? []))
  const rest = [...folders].flatMap(folder => DEFAULTS.map(name => folder + name))
  return [...files, ...rest.filter(path => existsSync(path))]
}
