// What of `daemon` counts only at the start: a warning at its key when a reload finds another value than at the start.
import type { Log } from '../base/log.ts'
import type { DaemonSettings, Place } from '../config/model/model.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { changedSettings } from '../runtime/generation/changed-settings.ts'

const FIXED = new Set(
  ['listen', 'adminListen', 'socket', 'tls', 'log.format', 'state.dir', 'state.url', 'state.encryptionKey']
    .concat(['headers', 'headersTimeout', 'bodyTimeout', 'idle'].map(name => `limits.${name}`))
    .map(name => `daemon.${name}`),
)

export class FixedSettings {
  readonly #log: Log
  #atStart: DaemonSettings | undefined
  #told = ''

  constructor(log: Log) {
    this.#log = log
  }

  /** What counts from now on. */
  start(settings: DaemonSettings): DaemonSettings {
    this.#atStart = settings
    return settings
  }

  get started(): boolean {
    return this.#atStart !== undefined
  }

  /** Of these settings, those that wait for the next start. */
  warnings(now: DaemonSettings): Diagnostic[] {
    return this.#waiting(now).map(name => ({
      code: 'daemon/needs-restart',
      severity: 'warning',
      message: `\`${name}\` is another one than at the start`,
      hint: 'restart bearerd to apply it',
      ...placeOf(name, now.place ?? this.#atStart!.place!),
    }))
  }

  /** Once for each change. */
  tell(now: DaemonSettings): void {
    const names = this.#waiting(now).join(', ')
    if (names !== '' && names !== this.#told)
      this.#log.warn({ changed: names }, `${names} changed: it counts after the next start`)
    this.#told = names
  }

  #waiting(now: DaemonSettings): string[] {
    const atStart = this.#atStart ?? now
    const changed = changedSettings(atStart, now).filter(name => FIXED.has(name))
    // Other files are read as they come; whether there is TLS is not.
    const hasTls = (settings: DaemonSettings) => settings.tls !== undefined
    return hasTls(now) === hasTls(atStart) ? changed.filter(name => name !== 'daemon.tls') : changed
  }
}

/** Of what is gone, where it would be. */
function placeOf(name: string, { document, path }: Place): Pick<Diagnostic, 'file' | 'range'> {
  const { range } = document.locate([...path, ...name.split('.').slice(1)], 'key')
  return { file: document.source.file, range }
}
