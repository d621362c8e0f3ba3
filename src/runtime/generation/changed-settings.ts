// Two `daemon` parts -> what differs, by its keys as they are written.
import { Secret } from '../../base/secret.ts'
import { DEFAULT_LIMITS } from '../../config/definitions/read-daemon.ts'
import type { DaemonSettings, Limits } from '../../config/model/model.ts'
import { digest } from '../secrets/values.ts'

type Pick = (settings: DaemonSettings) => unknown

const LIMITS: Record<keyof Limits, string> = {
  headersBytes: 'headers',
  headersTimeoutMs: 'headersTimeout',
  bodyTimeoutMs: 'bodyTimeout',
  idleMs: 'idle',
  connections: 'connections',
  requestBodyBytes: 'requestBody',
  maxConcurrent: 'maxConcurrent',
  maxQueued: 'maxQueued',
  maxDeliveries: 'maxDeliveries',
  maxDeliveriesPerAction: 'maxDeliveriesPerAction',
}

const SETTINGS: readonly [path: string, pick: Pick][] = [
  ['daemon.adminListen', ({ adminListen }) => adminListen],
  ['daemon.callers', ({ callers }) => callers],
  ...Object.entries(LIMITS).map(([key, name]): [string, Pick] => [
    `daemon.limits.${name}`,
    ({ limits = DEFAULT_LIMITS }) => limits[key as keyof Limits],
  ]),
  ['daemon.listen', ({ listen }) => listen],
  ['daemon.log.format', ({ logFormat }) => logFormat],
  ['daemon.log.level', ({ logLevel }) => logLevel],
  ['daemon.socket', ({ socket }) => socket],
  ['daemon.state.dir', ({ stateDir }) => stateDir],
  ['daemon.state.encryptionKey', ({ stateDatabase }) => stateDatabase?.encryptionKeys],
  ['daemon.state.keepDelivered', ({ keepDeliveredMs }) => keepDeliveredMs],
  ['daemon.state.maxSize', ({ maxStateBytes }) => maxStateBytes],
  ['daemon.state.url', ({ stateDatabase }) => stateDatabase?.url],
  ['daemon.tls', ({ tls }) => tls],
]

/** Sorted, such as `daemon.limits.idle`. */
export function changedSettings(before: DaemonSettings, after: DaemonSettings): string[] {
  if (before === after) return []
  return SETTINGS.flatMap(([path, pick]) => (textOf(pick(before)) === textOf(pick(after)) ? [] : [path]))
}

/** Where something is written does not matter; of a literal secret a digest tells whether it is another one. */
function textOf(value: unknown): string | undefined {
  return JSON.stringify(value, function (this: Record<string, unknown>, key, member: unknown) {
    // A secret has given its mask by now.
    const written = this[key]
    if (written instanceof Secret) return digest(written)
    return key === 'place' ? undefined : member
  })
}
