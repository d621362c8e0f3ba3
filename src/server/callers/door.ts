// Who may come in: requests that name this listener, and no page of a browser from elsewhere (no DNS rebinding).
import type { IncomingMessage } from 'node:http'
import { isLoopback } from '../../config/templates/uri-template.ts'
import type { ListenerTls } from '../http-server.ts'
import { type Problem, problem } from '../problem.ts'

/** A problem for a request that must not be answered, or undefined. Reads headers only. */
export type Door = (request: IncomingMessage) => Problem | undefined

/** `tls`: the names of its certificate are the listener's too. */
export function createDoor(listen: ListenAddress, tls?: ListenerTls): Door {
  const known = new Set<string>()
  return request => {
    if (!isOriginForm(request.url)) return NOT_A_FORWARD_PROXY
    const { host } = request.headers
    if (host === undefined || !known.has(host)) {
      if (!isOwnHost(host, listen, tls)) return MISDIRECTED
      // Remembered by the exact text; a client varies it only a few times.
      if (known.size < 64) known.add(host!)
    }
    if (countHosts(request.rawHeaders) > 1) return TWO_HOSTS
    return isForeignPage(request) ? CROSS_SITE : undefined
  }
}

const MISDIRECTED = problem(
  'misdirected_request',
  421,
  'Unknown host',
  'this listener answers only to its own name: use the address that it listens on',
)
const NOT_A_FORWARD_PROXY = problem(
  'invalid_request',
  400,
  'Invalid request',
  'the target of a request starts with `/`: this is no forward proxy, use /v1/services/NAME/proxy/ as the base URL',
)
const TWO_HOSTS = problem('invalid_request', 400, 'Invalid request', 'more than one `Host` header')
const CROSS_SITE = problem(
  'cross_site_request',
  403,
  'Cross-site request',
  'pages of other sites may not use this listener',
)

/** Not a whole URL, an authority or `*`: those name a host that is none of ours. */
function isOriginForm(target: string | undefined): boolean {
  return target?.startsWith('/') === true
}

function countHosts(raw: readonly string[]): number {
  let count = 0
  for (let at = 0; at < raw.length; at += 2) if (raw[at]!.length === 4 && raw[at]!.toLowerCase() === 'host') count++
  return count
}

/** On a Unix socket the host says nothing; elsewhere it must be loopback, the listening host, or one of the certificate. */
function isOwnHost(host: string | undefined, listen: ListenAddress, tls: ListenerTls | undefined): boolean {
  if ('path' in listen) return true
  if (host === undefined) return false
  const name = /^(\[[^\]]+\]|[^:]+)(?::\d+)?$/.exec(host)?.[1]
  if (name === undefined) return false
  const plain = name.replace(/^\[|\]$/g, '')
  return isLoopback(name) || plain === listen.host || tls?.covers(plain) === true
}

function isForeignPage({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true
  const { origin, host } = headers
  return origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`
}

/** Whether other machines can reach it. */
export function isExposedAddress(address: ListenAddress): boolean {
  return 'host' in address && !isLoopback(address.host)
}

export type ListenAddress = { host: string; port: number } | { path: string }

/** `127.0.0.1:7117`, `[::1]:7117`, `localhost:7117` or `unix:/path`; undefined for anything else. */
export function parseListen(text: string): ListenAddress | undefined {
  if (text.startsWith('unix:')) return { path: text.slice('unix:'.length) }
  const match = /^(\[[^\]]+\]|[^:]*):(\d{1,5})$/.exec(text)
  if (!match || Number(match[2]) > 65535) return undefined
  return { host: match[1]!.replace(/^\[|\]$/g, '') || '0.0.0.0', port: Number(match[2]) }
}
