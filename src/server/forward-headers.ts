// Which headers pass a proxy, in both directions (RFC 9110 section 7.6.1). Works on the raw lists: names keep their case.
import { CALLER_HEADER } from './admission.ts'
import { isParamHeader } from './caller-params.ts'

const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
])

/** Of the caller's: about this hop, or set anew for the next one. */
const NOT_FORWARDED = new Set([...HOP_BY_HOP, 'host', 'expect', CALLER_HEADER])

type Pair = readonly [string, string]

/**
 * The caller's headers for the next hop: without those of this hop, those that `Connection` names, and those that the
 * credential takes; then the credential's own. `keepLength` keeps Content-Length for a body that is streamed.
 */
export function requestHeaders(
  raw: readonly string[],
  removes: ReadonlySet<string>,
  adds: readonly Pair[],
  keepLength: boolean,
): string[] {
  const named = namedByConnection(raw)
  const headers: string[] = []
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at]!.toLowerCase()
    if (NOT_FORWARDED.has(name) || removes.has(name) || named?.includes(name) || isParamHeader(name)) continue
    if (name === 'content-length' && !keepLength) continue
    headers.push(raw[at]!, raw[at + 1]!)
  }
  for (const [name, value] of adds) headers.push(name, value)
  return headers
}

/** The service's headers for the caller; with the request's id, unless the service says one. */
export function responseHeaders(raw: readonly (Buffer | string)[], requestId: string): string[] {
  const texts = raw.map(text => (typeof text === 'string' ? text : text.toString('latin1')))
  const named = namedByConnection(texts)
  const headers: string[] = []
  let hasId = false
  for (let at = 0; at < texts.length; at += 2) {
    const name = texts[at]!.toLowerCase()
    if (HOP_BY_HOP.has(name) || named?.includes(name)) continue
    if (name === 'x-request-id') hasId = true
    headers.push(texts[at]!, texts[at + 1]!)
  }
  if (!hasId) headers.push('X-Request-Id', requestId)
  return headers
}

/** Of how a message is framed, routed or opened: RFC 9110 section 6.5.1 wants them before its body. */
const NO_TRAILERS = new Set([...HOP_BY_HOP, 'content-length', 'content-encoding', 'content-type', 'content-range'])
for (const name of ['host', 'authorization', 'www-authenticate', 'set-cookie', 'location']) NO_TRAILERS.add(name)

/** The service's trailers for a caller that takes them (`TE: trailers`). */
export function responseTrailers(trailers: NodeJS.Dict<string | string[]>): [string, string][] {
  return Object.entries(trailers).flatMap(([name, value = []]) =>
    NO_TRAILERS.has(name.toLowerCase())
      ? []
      : [value]
          .flat()
          .filter(text => /^[\t\x20-\x7e\x80-\xff]*$/.test(text))
          .map((text): [string, string] => [name, text]),
  )
}

function namedByConnection(raw: readonly string[]): string[] | undefined {
  let named: string[] | undefined
  for (let at = 0; at < raw.length; at += 2) {
    if (raw[at]!.length !== 10 || raw[at]!.toLowerCase() !== 'connection') continue
    const value = raw[at + 1]!.toLowerCase()
    if (value !== 'keep-alive' && value !== 'close')
      named = [...(named ?? []), ...value.split(',').map(name => name.trim())]
  }
  return named
}
