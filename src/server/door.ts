// Who may come in: requests that name this listener, and no page of a browser from elsewhere (no DNS rebinding).
import type { IncomingMessage } from 'node:http'
import { isLoopback } from '../config/uri-template.ts'
import { type Problem, problem } from './problem.ts'

/** A problem for a request that must not be answered, or undefined. Reads headers only. */
export type Door = (request: IncomingMessage) => Problem | undefined

export function createDoor(listen: ListenAddress): Door {
  const known = new Set<string>()
  return request => {
    const { host } = request.headers
    if (host === undefined || !known.has(host)) {
      if (!isOwnHost(host, listen)) return MISDIRECTED
      // Remembered by the exact text; a client varies it only a few times.
      if (known.size < 64) known.add(host!)
    }
    return isForeignPage(request) ? CROSS_SITE : undefined
  }
}

const MISDIRECTED = problem(
  'misdirected_request',
  421,
  'Unknown host',
  'this listener answers only to its own name: use the address that it listens on',
)
const CROSS_SITE = problem(
  'cross_site_request',
  403,
  'Cross-site request',
  'pages of other sites may not use this listener',
)

/** On a Unix socket the host says nothing; elsewhere it must be loopback or the listening host itself. */
function isOwnHost(host: string | undefined, listen: ListenAddress): boolean {
  if ('path' in listen) return true
  if (host === undefined) return false
  const name = /^(\[[^\]]+\]|[^:]+)(?::\d+)?$/.exec(host)?.[1]
  return name !== undefined && (isLoopback(name) || name === listen.host)
}

function isForeignPage({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true
  const { origin, host } = headers
  return origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`
}

export type ListenAddress = { host: string; port: number } | { path: string }

/** `127.0.0.1:7117`, `[::1]:7117`, `localhost:7117` or `unix:/path`; undefined for anything else. */
export function parseListen(text: string): ListenAddress | undefined {
  if (text.startsWith('unix:')) return { path: text.slice('unix:'.length) }
  const match = /^(\[[^\]]+\]|[^:]*):(\d{1,5})$/.exec(text)
  if (!match || Number(match[2]) > 65535) return undefined
  return { host: match[1]!.replace(/^\[|\]$/g, '') || '0.0.0.0', port: Number(match[2]) }
}
