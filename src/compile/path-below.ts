// A URL that somebody else wrote -> its path below a server URL, so that no spelling leads beside it.
import { hidesDots } from '../config/templates/dot-segments.ts'

/** From its first slash, without the query; undefined for another origin, a path beside, or one that some server may read so. */
export function pathBelow(serverUrl: URL, url: URL): string | undefined {
  const base = serverUrl.pathname.replace(/\/$/, '')
  const below = url.pathname === base || url.pathname.startsWith(`${base}/`)
  if (url.origin !== serverUrl.origin || !below) return undefined
  const path = url.pathname.slice(base.length) || '/'
  return path.split('/').some(hidesDots) ? undefined : path
}
