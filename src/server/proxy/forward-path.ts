// The target of a proxied request: the caller's rest of the path below the service's own path, never beside or above it.
import { AppError } from '../../base/error.ts'
import { hidesDots } from '../../config/templates/dot-segments.ts'

/** `rest` is what follows `/proxy`, with its query, as the caller wrote it. Throws AppError `invalid_path`. */
export function forwardPath(basePath: string, rest: string): string {
  const queryAt = rest.indexOf('?')
  const path = queryAt < 0 ? rest : rest.slice(0, queryAt)
  const query = queryAt < 0 ? '' : rest.slice(queryAt)
  if (/[\\\x00-\x20\x7f#]/.test(rest))
    throw new AppError('invalid_path', 'blanks, backslashes and control characters cannot stand in a path')
  const base = basePath.endsWith('/') ? basePath.slice(0, -1) : basePath
  return `${base}${needsNormalising(path) ? withoutDotSegments(path) : path || '/'}${query}`
}

/** A dot segment in any spelling, or what only looks for one would write. */
function needsNormalising(path: string): boolean {
  return path.includes('/.') || /%(?:2e|2f|5c|25|00|c0|c1|e0%80|e2%80|ef%b[9c]|f0%80)/i.test(path)
}

/** NUL, and separators and dots in more bytes than they need: no valid UTF-8. */
const NEVER = /%00|%c[01]%|%e0%80|%f0%80/i

function withoutDotSegments(path: string): string {
  if (NEVER.test(path)) throw new AppError('invalid_path', 'an encoded NUL or overlong UTF-8 is not forwarded')
  const kept: string[] = []
  for (const segment of path.split('/').slice(1)) {
    const plain = segment.replace(/%2e/gi, '.')
    if (plain === '..') {
      if (kept.length === 0) throw new AppError('invalid_path', 'the path leaves the service')
      kept.pop()
    } else if (plain !== '.') {
      if (hidesDots(plain))
        throw new AppError('invalid_path', 'dots beside an encoded slash, a backslash or a semicolon are not forwarded')
      kept.push(segment)
    }
  }
  return `/${kept.join('/')}`
}

/** The query without the names that the credential takes, in any case, and with the credential's own. */
export function forwardQuery(
  path: string,
  removes: ReadonlySet<string>,
  adds: readonly (readonly [string, string])[],
): string {
  if (removes.size === 0) return path
  const at = path.indexOf('?')
  const pairs = at < 0 ? [] : path.slice(at + 1).split('&')
  const taken = new Set([...removes].map(name => name.toLowerCase()))
  const kept = pairs.filter(pair => pair !== '' && !taken.has(decodedName(pair).toLowerCase()))
  const added = adds.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
  const query = [...kept, ...added].join('&')
  return `${at < 0 ? path : path.slice(0, at)}${query && `?${query}`}`
}

function decodedName(pair: string): string {
  const name = pair.split('=', 1)[0]!.replaceAll('+', ' ')
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
