// What of `daemon` counts only at the start: named in a warning when a reload changes it.
import type { Log } from '../base/log.ts'
import type { DaemonSettings } from '../config/model/model.ts'

const FIXED: [string, (settings: DaemonSettings) => unknown][] = [
  ['listen', ({ listen }) => listen],
  ['adminListen', ({ adminListen }) => adminListen],
  ['limits.headers', ({ limits }) => limits?.headersBytes],
  ['limits.headersTimeout', ({ limits }) => limits?.headersTimeoutMs],
  ['limits.bodyTimeout', ({ limits }) => limits?.bodyTimeoutMs],
  ['limits.idle', ({ limits }) => limits?.idleMs],
  ['socket', ({ socket }) => socket],
  ['tls', ({ tls }) => tls !== undefined],
  ['log.format', ({ logFormat }) => logFormat],
]

/** Warns about what differs from the start, once for each change. */
export function createFixedSettings(atStart: DaemonSettings, log: Log): (now: DaemonSettings) => void {
  let told = ''
  return now => {
    const changed = FIXED.filter(([, pick]) => JSON.stringify(pick(now)) !== JSON.stringify(pick(atStart)))
    const names = changed.map(([name]) => `daemon.${name}`).join(', ')
    if (names !== '' && names !== told) log.warn({ changed: names }, `${names} changed: it counts after the next start`)
    told = names
  }
}
