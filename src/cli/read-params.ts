// `--param NAME=VALUE`, each once -> the values of the parameters of a service.
import { CommandError, EXIT } from './output.ts'

/** Throws CommandError. */
export function readParams(texts: readonly string[] = []): Record<string, string> {
  const params: Record<string, string> = Object.create(null)
  for (const text of texts) {
    const at = text.indexOf('=')
    if (at < 1) throw new CommandError(EXIT.usage, '--param takes NAME=VALUE')
    const name = text.slice(0, at)
    if (name in params) throw new CommandError(EXIT.usage, `--param ${name} is given twice`)
    params[name] = text.slice(at + 1)
  }
  return params
}
