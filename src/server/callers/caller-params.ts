// What a caller says about parameters: headers `x-bearerd-param-NAME`, query parameters `param.NAME`. For this daemon only:
// neither is forwarded.
import type { IncomingMessage } from 'node:http'
import { AppError } from '../../base/error.ts'
import type { Params } from '../../config/templates/scope.ts'

export const PARAM_HEADER = 'x-bearerd-param-'
const PARAM_QUERY = 'param.'

const NONE: Params = {}

/** `query` without its `?`. Throws AppError `invalid_parameter` for a parameter that is given twice, or cannot be read. */
export function callerParams({ rawHeaders }: IncomingMessage, query: string): Params {
  let params: Record<string, string> | undefined
  const add = (name: string, value: string): void => {
    params ??= Object.create(null) as Record<string, string>
    if (name in params) throw new AppError('invalid_parameter', 'a parameter is given twice: say it once')
    params[name] = value
  }
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!
    if (isParamHeader(name)) add(name.slice(PARAM_HEADER.length).toLowerCase(), rawHeaders[at + 1]!)
  }
  for (const pair of pairsOf(query)) {
    const name = paramName(pair)
    if (name !== undefined) add(name, decoded(/=(.*)/s.exec(pair)?.[1] ?? ''))
  }
  return params ?? NONE
}

export function isParamHeader(name: string): boolean {
  return name.length > PARAM_HEADER.length && name.slice(0, PARAM_HEADER.length).toLowerCase() === PARAM_HEADER
}

/** What follows the first `?`. */
export function queryOf(url: string): string {
  const at = url.indexOf('?')
  return at < 0 ? '' : url.slice(at + 1)
}

/** A path with its query, without the parameters in it; everything else as it was written. */
export function withoutParams(url: string): string {
  const query = queryOf(url)
  const pairs = query.split('&')
  const kept = pairs.filter(pair => paramName(pair) === undefined)
  if (kept.length === pairs.length) return url
  const path = url.slice(0, url.length - query.length - 1)
  return kept.length === 0 ? path : `${path}?${kept.join('&')}`
}

/** None at all for nearly every query, without splitting it. */
function pairsOf(query: string): string[] {
  return /param\.|%/.test(query) ? query.split('&') : []
}

function paramName(pair: string): string | undefined {
  const name = decoded(pair.split('=', 1)[0]!)
  return name.startsWith(PARAM_QUERY) ? name.slice(PARAM_QUERY.length) : undefined
}

function decoded(text: string): string {
  const plain = text.replaceAll('+', ' ')
  try {
    return decodeURIComponent(plain)
  } catch {
    return plain
  }
}
