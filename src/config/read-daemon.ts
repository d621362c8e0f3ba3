// The written `daemon` part that the schema accepted -> the daemon's settings in the product's own words.
import { dirname, resolve } from 'node:path'
import type { Caller, DaemonSettings, Place } from './model.ts'
import type { RawCaller, RawDaemon } from './raw.ts'
import { at, readSecret } from './value.ts'

export function readDaemon(raw: RawDaemon, place: Place): DaemonSettings {
  return {
    ...(raw.listen !== undefined && { listen: raw.listen }),
    ...(raw.adminListen !== undefined && { adminListen: raw.adminListen }),
    ...(raw.callers !== undefined && { callers: readCallers(raw.callers, at(place, 'callers')) }),
    ...(raw.log?.level !== undefined && { logLevel: raw.log.level }),
    ...(raw.log?.format !== undefined && { logFormat: raw.log.format }),
    ...(raw.state && { stateDir: resolve(dirname(place.document.source.path), raw.state.dir) }),
    place,
  }
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
    services: raw.services ?? [],
  }
}
