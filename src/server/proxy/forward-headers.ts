// Which headers pass a proxy, in both directions (RFC 9110 section 7.6.1). Works on the raw lists: names keep their case.
import type { IncomingMessage } from 'node:http'
import { CALLER_HEADER } from '../callers/admission.ts'
import { isParamHeader } from '../callers/caller-params.ts'

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

/**
 * The caller's headers for the next hop: without those of this hop, those that `Connection` names, and those that the
 * credential takes. `keepLength` keeps Content-Length for a body that is streamed.
 */
export function requestHeaders(
  { rawHeaders: raw, headers: byName }: Pick<IncomingMessage, 'rawHeaders' | 'headers'>,
  removes: ReadonlySet<string>,
  keepLength: boolean,
): string[] {
  const named = namedByConnection(byName.connection)
  const headers: string[] = []
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at]!.toLowerCase()
    if (NOT_FORWARDED.has(name) || removes.has(name) || named?.includes(name) || isParamHeader(name)) continue
    if (name === 'content-length' && !keepLength) continue
    headers.push(raw[at]!, raw[at + 1]!)
  }
  return headers
}

/**
 * The service's headers for the caller, from the raw list and the same headers by name; with the request's id, unless the
 * service says one.
 */
export function responseHeaders(raw: readonly (Buffer | string)[], byName: HeadersByName, requestId: string): string[] {
  const named = namedByConnection(byName.connection)
  const headers: string[] = []
  for (let at = 0; at < raw.length; at += 2) {
    const name = textOf(raw[at]!)
    const lowerName = name.toLowerCase()
    if (HOP_BY_HOP.has(lowerName) || named?.includes(lowerName)) continue
    headers.push(name, textOf(raw[at + 1]!))
  }
  if (byName['x-request-id'] === undefined) headers.push('X-Request-Id', requestId)
  return headers
}

type HeadersByName = Readonly<Record<string, unknown>>

function textOf(text: Buffer | string): string {
  return typeof text === 'string' ? text : text.toString('latin1')
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

/** Of a `Connection` header, or several of them. */
function namedByConnection(value: unknown): string[] | undefined {
  if (value === undefined || value === 'keep-alive' || value === 'close') return undefined
  return String(value)
    .toLowerCase()
    .split(',')
    .map(name => name.trim())
}
