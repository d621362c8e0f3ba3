// `tls` and `proxy` of an account or a service -> how its connections are opened, and every value in that.
import type { ConnectionSettings, Place, Value } from '../model/model.ts'
import type { RawConnection } from './raw.ts'
import { at, readText } from './value.ts'

export function readConnection({ tls = {}, proxy }: RawConnection, place: Place): ConnectionSettings {
  const file = (key: 'caFile' | 'certFile' | 'keyFile') => {
    const path = tls[key]
    return path === undefined ? {} : { [key]: fileValue(path, at(place, 'tls', key), key !== 'keyFile') }
  }
  return {
    ...file('caFile'),
    ...file('certFile'),
    ...file('keyFile'),
    ...(tls.serverName !== undefined && { serverName: tls.serverName }),
    ...(proxy !== undefined && { proxy: readText(proxy, at(place, 'proxy')) }),
  }
}

/** A certificate is for everybody to read. */
function fileValue(path: string, place: Place, isPublic: boolean): Value {
  const value = readText({ file: path }, place)
  if (!isPublic || value.kind !== 'secret' || value.reference.kind !== 'file') return value
  return { ...value, reference: { ...value.reference, public: true } }
}
