// `clientAssertion` as it is written -> a JWT that is signed for each request, or one that something else keeps in a file.
import { dirname, resolve } from 'node:path'
import { parseDuration } from '../../base/duration.ts'
import type { ClientAssertion, Place, SignedAssertion } from '../model/model.ts'
import type { RawAccount, RawClientAssertion } from './raw.ts'
import { readJson } from './read-json.ts'
import { at, readSecret, readText } from './value.ts'

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:'

export const DEFAULT_ASSERTION_LIFETIME_MS = 60_000

/** `client_secret_jwt` needs no word about its assertion: the client secret signs it. */
export function readClientAssertion(raw: RawAccount, account: Place): { clientAssertion?: ClientAssertion } {
  if (raw.clientAuthMethod !== 'client_secret_jwt' && raw.clientAuthMethod !== 'private_key_jwt') return {}
  const { clientAssertion = {} } = raw
  const place = at(account, 'clientAssertion')
  return {
    clientAssertion:
      clientAssertion.file === undefined
        ? { kind: 'signed', in: clientAssertion.in ?? 'body', ...readSignedAssertion(clientAssertion, place) }
        : { kind: 'kept', ...readKeptAssertion(clientAssertion, place) },
  }
}

export function readSignedAssertion(raw: RawClientAssertion, place: Place): SignedAssertion {
  return {
    ...(raw.key !== undefined && { key: readSecret(raw.key, at(place, 'key')) }),
    ...(raw.alg !== undefined && { alg: raw.alg }),
    ...(raw.kid !== undefined && { kid: readText(raw.kid, at(place, 'kid')) }),
    ...(raw.x5t !== undefined && { x5t: readText(raw.x5t, at(place, 'x5t')) }),
    ...(raw.typ !== undefined && { typ: raw.typ }),
    ...(raw.audience !== undefined && { audience: readText(raw.audience, at(place, 'audience')) }),
    lifetimeMs: parseDuration(raw.lifetime ?? '') ?? DEFAULT_ASSERTION_LIFETIME_MS,
    claims: readJson(raw.claims ?? {}, at(place, 'claims')),
  }
}

export function readKeptAssertion(
  { file, type, at: pointer }: RawClientAssertion,
  place: Place,
): Omit<ClientAssertion & { kind: 'kept' }, 'kind'> {
  const directory = dirname(place.document.source.path)
  const reference = {
    kind: 'file' as const,
    path: resolve(directory, file!),
    ...(file!.includes('{{') && { template: { text: file!, directory } }),
    kept: pointer === undefined ? {} : { at: pointer },
  }
  return {
    value: { kind: 'secret', reference, place },
    ...(type !== undefined && { type: type.includes(':') ? type : `${ASSERTION_TYPE}${type}` }),
  }
}
