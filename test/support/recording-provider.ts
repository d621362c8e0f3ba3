// A provider's definition at work on loopback: each host is the same recording server, so that what is sent can be compared
// with what the vendor documents.
import { createPublicKey, generateKeyPairSync, type KeyObject, verify } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { systemClock } from '../../src/base/clock.ts'
import { createExecutor } from '../../src/index.ts'
import { makeCertificate } from './certificates.ts'
import { type EveryHost, type Seen, throughProxy } from './every-host.ts'
import type { Answer } from './hostile-token-endpoint.ts'

export interface Sent {
  /** `POST login.example/token?query` */
  request: string
  headers: Record<string, string>
  /** Parameters of a form; the value of JSON; undefined for an empty body. */
  body: unknown
}

export interface Played {
  sent: Sent[]
  authorization: { headers: Record<string, string>; query: Record<string, string> }
  /** Without `https://`. */
  serverUrl: string
  lifeSeconds: number | null
  /** Whether the client showed the certificate of the file, each time. */
  certificate: boolean
}

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pem = rsa.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string

/** For whoever says or measures a time here, however long the tests take. */
export const NOW_MS = Date.now()

/** What stands in a secret's place. */
export const secretOf = (name: string): string => `fake-${name.toLowerCase()}`

/** A token of a cluster or a cloud, as something else keeps it in a file. */
export const FILE_TOKEN = unsigned({ iss: 'cluster', exp: 4_000_000_000 })

function unsigned(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}.c2lnbmVk`
}

/** Runs the first service of a file once: one credential, and what it cost in requests. The last answer repeats. */
export async function playProvider(
  everyHost: EveryHost,
  file: string,
  { answers, params }: { answers: readonly Answer[]; params?: Record<string, string> | undefined },
): Promise<Played> {
  const folder = mkdtempSync(join(tmpdir(), 'bearerd-provider-'))
  const text = readFileSync(file, 'utf8')
  writeSecretFiles(folder, text)
  writeFileSync(join(folder, 'ca.pem'), everyHost.authority)
  const path = join(folder, 'services.yaml')
  writeFileSync(path, throughProxy(text, everyHost.url, 'ca.pem'))
  const seen = everyHost.play((_seen, index) => answers[Math.min(index, answers.length - 1)]!)
  const executor = createExecutor({ environment: environmentOf(text), clock: { ...systemClock, nowMs: () => NOW_MS } })
  try {
    await executor.load(path)
    const name = /^services:\n {2}([a-z0-9-]+):/m.exec(text)![1]!
    const service = executor.service(name, params)
    const authorized = await service.authorize()
    const { headers, query } = await executor.authorize(name, params && { params })
    return {
      sent: seen.map(sentOf),
      authorization: { headers: withoutIds(headers), query },
      serverUrl: `${authorized.serverUrl.host}${authorized.serverUrl.pathname.replace(/^\/$/, '')}`,
      certificate: seen.length > 0 && seen.every(({ certificate }) => certificate === 'bearerd'),
      lifeSeconds: authorized.expiresAtMs === null ? null : Math.round((authorized.expiresAtMs - NOW_MS) / 1000),
    }
  } finally {
    await executor[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true })
  }
}

function environmentOf(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(/env: (\w+)/g)].map(([, name]) => [name!, secretOf(name!)]))
}

function writeSecretFiles(folder: string, text: string): void {
  for (const [, path] of text.matchAll(/(?:file|certFile|keyFile): ([\w./-]+)/g)) {
    mkdirSync(dirname(join(folder, path!)), { recursive: true, mode: 0o700 })
    const content = path!.endsWith('.pem')
      ? pem
      : path!.endsWith('.crt')
        ? makeCertificate({ name: 'bearerd', key: pem }).certificate
        : FILE_TOKEN
    writeFileSync(join(folder, path!), content, { mode: 0o600 })
  }
}

/** Headers that say what a client is, not what it wants. */
const PLUMBING = ['host', 'connection', 'content-length', 'accept-encoding', 'accept-language', 'sec-fetch-mode']

function sentOf({ method, url, headers, body }: Seen): Sent {
  const own = Object.entries(headers).filter(([name]) => !PLUMBING.includes(name))
  return {
    request: `${method} ${url.replace('https://', '')}`,
    headers: withoutIds(
      Object.fromEntries(
        own
          .map(([name, value]) => [name, plainHeader(String(value))])
          .filter(([name, value]) => !isDefault(name!, value!)),
      ),
    ),
    body: decodeBody(String(headers['content-type'] ?? ''), body),
  }
}

/** Fresh ids differ each time. */
function withoutIds(headers: Record<string, string>): Record<string, string> {
  const isId = (value: string) =>
    /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/.test(value) && !value.startsWith('00000000')
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, isId(value) ? '(uuid)' : value]))
}

function isDefault(name: string, value: string): boolean {
  return (name === 'user-agent' && value.startsWith('bearerd/')) || (name === 'accept' && value === 'application/json')
}

function plainHeader(value: string): string {
  if (value.startsWith('Basic ')) return `Basic ${Buffer.from(value.slice(6), 'base64').toString()}`
  return value.startsWith('Bearer ') ? `Bearer ${verified(value.slice(7))}` : value
}

function decodeBody(type: string, body: string): unknown {
  if (body === '') return undefined
  if (type.startsWith('application/json'))
    return JSON.parse(body, (_key, value) => (typeof value === 'string' ? verified(value) : value))
  const pairs = body.split('&').map(pair => pair.split('=', 2).map(text => decodeURIComponent(text)))
  return Object.fromEntries(pairs.map(([name, value]) => [name, verified(value!)]))
}

/** A JWT that the test's key signed: its parts as JSON; what differs each time is checked and left out. */
function verified(value: string): string {
  const [header, claims, signature] = value.split('.').map(part => Buffer.from(part, 'base64url'))
  if (!/^eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+$/.test(value) || value === FILE_TOKEN) return value
  const { alg, ...head } = JSON.parse(header!.toString())
  if (!isSigned(value, alg, signature!)) throw new Error(`${alg} with another key`)
  const { iat, exp, jti, ...rest } = JSON.parse(claims!.toString())
  if (Math.abs(NOW_MS / 1000 - iat) > 60) throw new Error(`iat ${iat}`)
  if (typeof jti !== 'string' || jti.length < 16) throw new Error('no jti')
  const sorted = Object.fromEntries(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)))
  delete head.typ
  return `JWT ${alg} ${JSON.stringify(head)
    .replace(/"x5t#S256":"[\w-]{43}"/, '"x5t#S256":…')
    .replace(/"x5t":"[\w-]{27}"/, '"x5t":…')} ${JSON.stringify(sorted)} for ${exp - iat} s`
}

function isSigned(jwt: string, alg: string, signature: Buffer): boolean {
  const key: KeyObject = createPublicKey(rsa.publicKey.export({ format: 'pem', type: 'spki' }))
  const data = Buffer.from(jwt.slice(0, jwt.lastIndexOf('.')))
  // RSASSA-PSS with a salt as long as the hash (RFC 7518 section 3.5).
  return verify('sha256', data, alg.startsWith('PS') ? { key, padding: 6, saltLength: 32 } : key, signature)
}
