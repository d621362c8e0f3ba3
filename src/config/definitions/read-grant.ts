// What an account's grant brings, as it is written -> its values. The schema has refused what does not go with the grant.
import type { OAuth2, Place, Value } from '../model/model.ts'
import type { RawAccount, RawKeptToken, RawSignedAssertion, RawValue } from './raw.ts'
import { readKeptAssertion, readSignedAssertion } from './read-client-assertion.ts'
import { at, readSecret, readText } from './value.ts'

export function readGrant(raw: RawAccount, place: Place): Partial<OAuth2> {
  const { assertion, refreshToken } = raw
  const values: Partial<OAuth2> = {}
  if (refreshToken !== undefined) values.refreshToken = readSecret(refreshToken, at(place, 'refreshToken'))
  if (isSigned(assertion)) values.signedAssertion = readSignedAssertion(assertion, at(place, 'assertion'))
  else if (assertion !== undefined) values.assertion = readToken(assertion, at(place, 'assertion'))
  for (const key of ['subjectToken', 'actorToken'] as const) {
    const token = raw[key]
    if (token !== undefined) values[key] = readToken(token, at(place, key))
  }
  for (const key of ['subjectTokenType', 'actorTokenType', 'requestedTokenType'] as const) {
    const type = raw[key]
    if (type !== undefined) values[key] = readText(type, at(place, key))
  }
  return values
}

function isSigned(assertion: RawAccount['assertion']): assertion is RawSignedAssertion {
  return typeof assertion === 'object' && 'key' in assertion
}

/** What something else keeps in a file may be one member of it. */
function readToken(raw: RawValue | RawKeptToken, place: Place): Value {
  const kept = typeof raw === 'object' && 'file' in raw && 'at' in raw
  return kept ? readKeptAssertion(raw, place).value : readSecret(raw as RawValue, place)
}
