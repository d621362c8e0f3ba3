// What was sent against what is declared: a list of differences, empty where they are the same.
import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Seen } from '../../test/support/every-host.ts'
import type { Assertion } from './catalogue.ts'
import { JWT, NOW, type Request, UUID } from './declared.ts'

export interface Proof {
  assertion?: Assertion
  /** The keys that sign, by algorithm. */
  keys: Record<string, string>
}

export function differences(seen: Seen, expected: Request, proof: Proof): string[] {
  const { format, members } = expected.body
  const inQuery = format === 'query' || (expected.method === 'GET' && Object.keys(members).length > 0)
  const url = new URL(expected.url)
  if (inQuery) for (const [name, value] of Object.entries(members)) url.searchParams.append(name, String(value))
  const found: string[] = []
  if (seen.method !== expected.method) found.push(`method ${seen.method}, not ${expected.method}`)
  if (!isDeepStrictEqual(placeOf(seen.url), placeOf(url.href))) found.push(`URL ${seen.url}, not ${url.href}`)
  for (const [name, value] of Object.entries(expected.headers)) {
    // What follows from the body is compared with it; a request without one has no type.
    if (name.toLowerCase() === 'content-type' && seen.body === '') continue
    const sent = seen.headers[name.toLowerCase()]
    if (!matches(String(sent), value, proof)) found.push(`header ${name}: ${sent}, not ${value}`)
  }
  found.push(...unexpected(seen, expected))
  found.push(
    ...bodyDifferences(seen, inQuery || expected.method === 'GET' ? { format, members: {} } : expected.body, proof),
  )
  return found
}

/** Order does not count; encoding of the same characters neither. */
function placeOf(url: string): unknown {
  const { origin, pathname, searchParams } = new URL(url)
  return [origin, decodeURIComponent(pathname), [...searchParams].sort()]
}

const PLUMBING = [
  'host',
  'connection',
  'content-length',
  'content-type',
  'accept',
  'user-agent',
  'accept-encoding',
  'accept-language',
  'sec-fetch-mode',
]

function unexpected({ headers }: Seen, expected: Request): string[] {
  const known = [...PLUMBING, ...Object.keys(expected.headers).map(name => name.toLowerCase())]
  return Object.keys(headers)
    .filter(name => !known.includes(name))
    .map(name => `header ${name} is not declared`)
}

function bodyDifferences(seen: Seen, { format, members }: Request['body'], proof: Proof): string[] {
  const type = seen.headers['content-type']
  const empty = Object.keys(members).length === 0
  if (empty) return ['', '{}'].includes(seen.body) ? [] : [`body ${seen.body}, not an empty one`]
  const wanted = format === 'form' ? 'application/x-www-form-urlencoded' : 'application/json'
  if (type !== wanted) return [`content type ${type}, not ${wanted}`]
  if (format === 'form') {
    const sent = [...new URLSearchParams(seen.body)]
    if (new Set(sent.map(([name]) => name)).size < sent.length) return ['a parameter twice']
    return memberDifferences(Object.fromEntries(sent), mapStrings(members, String), proof)
  }
  return memberDifferences(JSON.parse(seen.body), members, proof)
}

function mapStrings(members: Record<string, unknown>, map: (value: unknown) => string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, map(value)]))
}

/** An empty text is no value: it may be left out. */
function memberDifferences(sent: Record<string, unknown>, wanted: Record<string, unknown>, proof: Proof): string[] {
  const names = new Set([...Object.keys(sent), ...Object.keys(wanted)])
  return [...names].flatMap(name => {
    const [is, want] = [sent[name], wanted[name]]
    if (typeof want === 'object' && typeof is === 'object')
      return memberDifferences(is as never, want as never, proof).map(text => `${name}.${text}`)
    if (want === undefined) return [`${name} is not declared`]
    if (typeof want === 'string' && typeof is === 'string' && matches(is, want, proof)) return []
    return isDeepStrictEqual(is, want) ? [] : [`${name}: ${is}, not ${want}`]
  })
}

const MARKS: Record<string, string> = {
  [UUID]: '[\\da-f]{8}(?:-[\\da-f]{4}){3}-[\\da-f]{12}',
  [NOW]: '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d',
}

function matches(sent: string, wanted: string, proof: Proof): boolean {
  if (wanted === JWT) return isAsDeclared(sent, proof)
  const pattern = wanted
    .split(/(\u0001\w+\u0001)/)
    .map(text => MARKS[text] ?? text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
    .join('')
  return new RegExp(`^${pattern}$`).test(sent)
}

/** Signed by the right key, with the claims that are declared and no others but times and an id. */
function isAsDeclared(jwt: string, { assertion, keys }: Proof): boolean {
  if (!assertion) return jwt.split('.').length === 3
  const [head, body, signature] = jwt.split('.').map(part => Buffer.from(part, 'base64url'))
  const header = JSON.parse(String(head))
  const { iat, exp, jti, ...claims } = JSON.parse(String(body))
  const { alg, ...wantedHeader } = assertion.header
  const { jti: wantsId, ...wanted } = assertion.payload
  const { alg: is, typ, ...others } = header
  const x5t = wantedHeader['x5t#S256']
  if (x5t) [wantedHeader['x5t#S256'], others['x5t#S256']] = ['there', others['x5t#S256'] ? 'there' : undefined]
  delete wantedHeader.typ
  const data = jwt.slice(0, jwt.lastIndexOf('.'))
  const fine = isSigned(data, { alg: alg!, key: createPublicKey(keys[alg!.slice(0, 2)]!) }, signature!)
  if (!fine || is !== alg || exp - iat < assertion.seconds - 30 || exp - iat > assertion.seconds + 30) return false
  if (wantsId ? typeof jti !== 'string' : jti !== undefined && assertion.payload.jti === null) return false
  return isDeepStrictEqual(others, wantedHeader) && isDeepStrictEqual(claims, wanted)
}

function isSigned(data: string, { alg, key }: { alg: string; key: KeyObject }, signature: Buffer): boolean {
  const options = alg.startsWith('PS')
    ? { key, padding: 6, saltLength: 32 }
    : alg.startsWith('ES')
      ? { key, dsaEncoding: 'ieee-p1363' as const }
      : key
  return verify('sha256', Buffer.from(data), options as KeyObject, signature)
}
