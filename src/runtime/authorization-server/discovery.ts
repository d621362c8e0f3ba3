// Issuer -> where its authorization server is. Read once for all accounts that reach an issuer in the same way, again every
// hour and once after a token endpoint failed; the last good metadata serves on while it cannot be read.
import type { Clock } from '../../base/clock.ts'
import { AppError } from '../../base/error.ts'
import type { Log } from '../../base/log.ts'
import type { Secret } from '../../base/secret.ts'
import type { Connection, OAuth2AccountPlan } from '../../compile/plan.ts'
import type { AuthorizationServer, Values } from '../../compile/text.ts'
import type { ClientAuthMethod } from '../../config/model/model.ts'
import { connectionIdentity, trustIdentity } from '../connections/connections.ts'
import { CachedSource } from '../tokens/cached-source.ts'
import { createIdTokenKeys } from './id-token-signature.ts'
import { type ExpectedIssuer, metadataLocations, readMetadata, type ServerMetadata } from './server-metadata.ts'
import type { TokenEndpoint } from './token-endpoint.ts'
import type { RawResponse } from './token-response.ts'

export interface Discovery {
  /**
   * What is known of the account's server; undefined without an issuer. Reads the metadata only where no token endpoint is
   * written. Rejects with AppError `discovery_failed`, `token_timeout` or `token_unreachable`.
   */
  locate(plan: OAuth2AccountPlan, values: Values, timeoutMs: number): Promise<AuthorizationServer | undefined>
  /** The metadata of a server that was located by it. */
  metadata(server: AuthorizationServer): ServerMetadata | undefined
  /** The signature of an ID token, by the keys of its issuer. Does nothing for a server whose metadata was not read. */
  verify(account: string, token: Secret, server: AuthorizationServer): Promise<void>
  /** A token request to this server failed: its metadata may be old. Read again at most once until one succeeds. */
  suspect(server: AuthorizationServer): void
  confirm(server: AuthorizationServer): void
}

export interface DiscoveryParts {
  tokenEndpoint: TokenEndpoint
  clock: Clock
  log: Log
  random(): number
}

const RENEW_AFTER_MS = 3_600_000
const MAX_TIMEOUT_MS = 10_000
/** Issuers may be made of parameters. */
const MAX_ISSUERS = 1_000

interface Ask {
  account: string
  issuer: ExpectedIssuer
  timeoutMs: number
  connection?: Connection | undefined
}

interface Known {
  source: CachedSource<ServerMetadata>
  /** Of whoever asked last. */
  ask: Ask
  suspected: boolean
  /** Of this metadata, told already. */
  warned: { metadata?: ServerMetadata; methods: Set<string> }
}

export function createDiscovery(parts: DiscoveryParts): Discovery {
  const issuers = new Map<string, Known>()
  const keys = createIdTokenKeys(parts.tokenEndpoint, parts.log)
  const servers = new WeakMap<AuthorizationServer, { known: Known; metadata: ServerMetadata }>()

  const knownOf = (ask: Ask): Known => {
    const key = `${ask.issuer.allowHttp} ${connectionIdentity(ask.connection)} ${ask.issuer.identifier}`
    const known = issuers.get(key) ?? createKnown(parts, ask, [...issuers.values()].findLast(isTwinOf(ask)))
    known.ask = ask
    // The least recently used one leaves.
    issuers.delete(key)
    issuers.set(key, known)
    if (issuers.size > MAX_ISSUERS) forgetFirst(issuers)
    return known
  }

  return {
    async locate({ name, issuer, clientAuthMethod, connect }, values, timeoutMs) {
      if (!issuer) return undefined
      const expected = { ...issuer.expand(values), allowHttp: issuer.allowHttp }
      if (!issuer.discovers) return { issuer: expected.identifier }
      const known = knownOf({
        account: name,
        issuer: expected,
        timeoutMs: Math.min(timeoutMs, MAX_TIMEOUT_MS),
        connection: connect?.(values),
      })
      const metadata = known.source.current() ?? (await known.source.get())
      warnOfMethod(parts.log, known, { metadata, account: name, method: clientAuthMethod })
      const server = serverOf(metadata, clientAuthMethod)
      servers.set(server, { known, metadata })
      return server
    },
    metadata: server => servers.get(server)?.metadata,
    async verify(account, token, server) {
      const found = servers.get(server)
      if (!found) return
      const { metadata, known } = found
      await keys.verify(account, token, { uri: metadata.jwksUri, connection: known.ask.connection })
    },
    suspect(server) {
      const known = servers.get(server)?.known
      if (!known || known.suspected) return
      known.suspected = true
      known.source.renew()
    },
    confirm(server) {
      const known = servers.get(server)?.known
      if (known) known.suspected = false
    },
  }
}

function forgetFirst(issuers: Map<string, Known>): void {
  const [first] = issuers.keys()
  issuers.get(first!)?.source.stop()
  issuers.delete(first!)
}

/** The same issuer, believed for the same reason. */
function isTwinOf({ issuer, connection }: Ask): (known: Known) => boolean {
  const trust = trustIdentity(connection)
  return ({ ask }) =>
    ask.issuer.identifier === issuer.identifier &&
    ask.issuer.allowHttp === issuer.allowHttp &&
    trustIdentity(ask.connection) === trust
}

/** Begins with what its twin knows. */
function createKnown(parts: DiscoveryParts, ask: Ask, twin: Known | undefined): Known {
  const known: Omit<Known, 'source'> = { ask, suspected: false, warned: { methods: new Set() } }
  const source = new CachedSource<ServerMetadata>({
    fetch: async () => ({ value: await fetchMetadata(parts, known.ask), lifeMs: null, renewAfterMs: RENEW_AFTER_MS }),
    clock: parts.clock,
    random: parts.random,
    onFailure: error => parts.log.warn({ issuer: known.ask.issuer.identifier, code: error.code }, error.message),
  })
  if (twin) source.adopt(twin.source)
  return Object.assign(known, { source })
}

function serverOf(metadata: ServerMetadata, method: ClientAuthMethod): AuthorizationServer {
  const { issuer, tokenEndpoint, mtlsTokenEndpoint, revocationEndpoint } = metadata
  const byCertificate = method.endsWith('tls_client_auth')
  return {
    issuer,
    tokenEndpoint: (byCertificate && mtlsTokenEndpoint) || tokenEndpoint,
    ...(revocationEndpoint && { revocationEndpoint }),
  }
}

/** Metadata lies: it is a reason for a warning, never for another method than the configured one. */
function warnOfMethod(
  log: Log,
  { warned }: Known,
  { metadata, account, method }: { metadata: ServerMetadata; account: string; method: ClientAuthMethod },
): void {
  const offered = metadata.authMethods
  if (!offered || offered.includes(method)) return
  if (warned.metadata?.authMethods?.join() !== offered.join()) warned.methods.clear()
  warned.metadata = metadata
  if (warned.methods.has(`${account} ${method}`)) return
  warned.methods.add(`${account} ${method}`)
  log.warn(
    { account, issuer: metadata.issuer, clientAuthMethod: method, offered },
    `the metadata of ${metadata.issuer} does not offer ${method}, only: ${offered.join(', ') || 'nothing'}`,
  )
}

async function fetchMetadata(parts: DiscoveryParts, ask: Ask): Promise<ServerMetadata> {
  const deadlineMs = parts.clock.monotonicMs() + ask.timeoutMs
  const faults: Fault[] = []
  for (const location of metadataLocations(ask.issuer)) {
    const timeoutMs = Math.max(1, deadlineMs - parts.clock.monotonicMs())
    const raw = await parts.tokenEndpoint.read(ask.account, { url: location, connection: ask.connection }, timeoutMs)
    const read = judge(raw, ask.issuer)
    if ('metadata' in read) return read.metadata
    faults.push({ ...read, location, status: raw.status })
  }
  throw discoveryFailed(ask, faults)
}

interface Fault {
  fault: string
  weight: 0 | 1 | 2
  location: URL
  status: number
}

function judge(
  raw: RawResponse,
  issuer: ExpectedIssuer,
): { metadata: ServerMetadata } | Omit<Fault, 'location' | 'status'> {
  if (raw.status !== 200) return { fault: `answered ${raw.status}`, weight: raw.status === 404 ? 0 : 1 }
  if (!/^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(raw.contentType)) return { fault: 'is no JSON', weight: 1 }
  return readMetadata(raw.text, issuer)
}

/** Told by the location that says most about what is wrong. */
function discoveryFailed({ account, issuer }: Ask, faults: readonly Fault[]): AppError {
  const [most] = [...faults].sort((a, b) => b.weight - a.weight) as [Fault]
  const endpoint = `${most.location.host}${most.location.pathname}`
  const others = most.weight === 0 ? `, and so did ${faults[1]!.location.pathname}` : ''
  const message = `account \`${account}\`: the metadata of issuer ${issuer.identifier} cannot be used: ${endpoint} ${most.fault}${others}; check \`issuer\`, or set accessTokenUri`
  const transient = faults.some(({ status }) => status === 429 || status >= 500)
  return new AppError('discovery_failed', message, { account, endpoint, status: most.status, transient })
}
