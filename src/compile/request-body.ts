// The parameters of a token request -> the text that is sent.
import { percentEncode } from './client-auth.ts'

/** One parameter as it is sent: the name on the wire and its value. */
export type Parameter = readonly [name: string, value: string]

/** application/x-www-form-urlencoded: a blank is `%20`, a plus `%2B`; a parameter without a value is left out (RFC 6749 section 3.2). */
export function encodeForm(params: readonly Parameter[]): string {
  const sent = params.filter(([, value]) => value !== '')
  return sent.map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`).join('&')
}

/** One JSON object; no member twice, none without a value. */
export function encodeJson(params: readonly Parameter[]): string {
  return JSON.stringify(Object.fromEntries(params.filter(([, value]) => value !== '')))
}
