// The written `daemon` part that the schema accepted -> the daemon's settings in the product's own words.
import { dirname, resolve } from 'node:path'
import { parseDuration } from '../../base/duration.ts'
import { parseSize } from '../../base/size.ts'
import type {
  Caller,
  CallerCertificate,
  DaemonSettings,
  Limits,
  Place,
  StateDatabase,
  TlsSettings,
} from '../model/model.ts'
import type { RawCaller, RawDaemon } from './raw.ts'
import { at, readSecret } from './value.ts'

export function readDaemon(raw: RawDaemon, place: Place): DaemonSettings {
  return {
    ...(raw.listen !== undefined && { listen: raw.listen }),
    ...(raw.adminListen !== undefined && { adminListen: raw.adminListen }),
    ...(raw.limits && { limits: readLimits(raw.limits) }),
    ...(raw.socket && { socket: raw.socket }),
    ...(raw.tls && { tls: readTls(raw.tls, dirname(place.document.source.path)) }),
    ...(raw.callers !== undefined && { callers: readCallers(raw.callers, at(place, 'callers')) }),
    ...(raw.log?.level !== undefined && { logLevel: raw.log.level }),
    ...(raw.log?.format !== undefined && { logFormat: raw.log.format }),
    ...(raw.state?.dir !== undefined && { stateDir: resolve(dirname(place.document.source.path), raw.state.dir) }),
    ...amount('keepDeliveredMs', raw.state?.keepDelivered, parseDuration),
    ...amount('maxStateBytes', raw.state?.maxSize, parseSize),
    ...readStateDatabase(raw.state ?? {}, at(place, 'state')),
    place,
  }
}

function amount<K extends string>(key: K, text: string | undefined, parse: (text: string) => number | undefined) {
  const value = text === undefined ? undefined : parse(text)
  return (value === undefined ? {} : { [key]: value }) as Partial<Record<K, number>>
}

function readStateDatabase(
  { url, encryptionKey }: NonNullable<RawDaemon['state']>,
  place: Place,
): { stateDatabase?: StateDatabase } {
  if (url === undefined || encryptionKey === undefined) return {}
  const keys = at(place, 'encryptionKey')
  const encryptionKeys = Array.isArray(encryptionKey)
    ? encryptionKey.map((key, index) => readSecret(key, at(keys, index)))
    : [readSecret(encryptionKey, keys)]
  return { stateDatabase: { url: readSecret(url, at(place, 'url')), encryptionKeys } }
}

function readCallers(raw: Record<string, RawCaller>, place: Place): Caller[] {
  return Object.entries(raw)
    .filter(([name]) => !name.startsWith('x-'))
    .map(([name, caller]) => readCaller(name, caller, at(place, name)))
}

function readCaller(name: string, raw: RawCaller, place: Place): Caller {
  return {
    name,
    place,
    ...(raw.token !== undefined && { token: readSecret(raw.token, at(place, 'token')) }),
    ...(raw.tokenSha256 !== undefined && { tokenSha256: raw.tokenSha256.toLowerCase() }),
    ...(raw.certificate && { certificate: readCertificate(raw.certificate, at(place, 'certificate')) }),
    services: raw.services ?? [],
    actions: raw.actions ?? [],
    parameters: Object.entries(raw.parameters ?? {}).map(([parameter, allowed]) => ({
      name: parameter,
      place: at(place, 'parameters', parameter),
      allowed: Array.isArray(allowed) ? { values: allowed } : { pattern: allowed.pattern },
    })),
  }
}

export const DEFAULT_LIMITS: Limits = {
  headersBytes: 32 * 1024,
  headersTimeoutMs: 15_000,
  bodyTimeoutMs: 60_000,
  idleMs: 65_000,
  connections: 10_000,
  maxQueued: 100,
  maxDeliveries: 16,
  maxDeliveriesPerAction: 4,
}

function readLimits(raw: NonNullable<RawDaemon['limits']>): Limits {
  const requestBodyBytes = parseSize(raw.requestBody ?? '')
  return {
    headersBytes: parseSize(raw.headers ?? '') ?? DEFAULT_LIMITS.headersBytes,
    headersTimeoutMs: parseDuration(raw.headersTimeout ?? '') ?? DEFAULT_LIMITS.headersTimeoutMs,
    bodyTimeoutMs: parseDuration(raw.bodyTimeout ?? '') ?? DEFAULT_LIMITS.bodyTimeoutMs,
    idleMs: parseDuration(raw.idle ?? '') ?? DEFAULT_LIMITS.idleMs,
    connections: raw.connections ?? DEFAULT_LIMITS.connections,
    ...(requestBodyBytes !== undefined && { requestBodyBytes }),
    ...(raw.maxConcurrent !== undefined && { maxConcurrent: raw.maxConcurrent }),
    maxQueued: raw.maxQueued ?? DEFAULT_LIMITS.maxQueued,
    maxDeliveries: raw.maxDeliveries ?? DEFAULT_LIMITS.maxDeliveries,
    maxDeliveriesPerAction: raw.maxDeliveriesPerAction ?? DEFAULT_LIMITS.maxDeliveriesPerAction,
  }
}

function readTls({ certFile, keyFile, caFile }: NonNullable<RawDaemon['tls']>, directory: string): TlsSettings {
  return {
    certFile: resolve(directory, certFile),
    keyFile: resolve(directory, keyFile),
    ...(caFile !== undefined && { caFile: resolve(directory, caFile) }),
  }
}

function readCertificate(
  { file, sha256, subject, san }: NonNullable<RawCaller['certificate']>,
  place: Place,
): CallerCertificate {
  if (file !== undefined) return { file: readSecret({ file }, place) }
  if (subject !== undefined) return { subject }
  if (san !== undefined) return { san }
  return { sha256: sha256!.replaceAll(':', '').toLowerCase() }
}
