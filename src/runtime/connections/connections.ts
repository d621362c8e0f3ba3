// How a connection is opened -> an undici dispatcher that opens it so. One for equal ones; when a certificate changes, the
// next request has another one, and what runs ends on the old. The server's certificate is always checked.
import { createHash } from 'node:crypto'
import type { Agent as AgentType, Dispatcher } from 'undici'
import type { Connection } from '../../compile/plan.ts'
import { chooseProxy } from './choose-proxy.ts'
import { guardedLookup } from './guarded-lookup.ts'
import { Agent, ProxyAgent, fetch as undiciFetch } from './undici.ts'

export interface Connections {
  /** For requests to this origin. */
  dispatcher(connection: Connection | undefined, origin: string): Dispatcher
  /** After what runs has ended. */
  close(): Promise<void>
}

export interface ConnectionsOptions {
  agent: AgentType.Options
  environment?: NodeJS.ProcessEnv
}

/** Least recently used ones are closed: certificates and parameters come and go. */
const MAX_DISPATCHERS = 256

export function createConnections({ agent, environment = process.env }: ConnectionsOptions): Connections {
  const plain = new Agent(agent)
  const byKey = new Map<string, Dispatcher>()
  const byConnection = new WeakMap<Connection, Map<string, Dispatcher>>()
  const find = (connection: Connection, origin: string): Dispatcher => {
    const proxy = chooseProxy(connection.proxy?.reveal(), origin, environment)
    const key = keyOf(connection, proxy)
    const dispatcher = byKey.get(key) ?? openWith(agent, connection, proxy)
    byKey.delete(key)
    byKey.set(key, dispatcher)
    if (byKey.size > MAX_DISPATCHERS) closeFirst(byKey)
    return dispatcher
  }
  return {
    dispatcher(connection, origin) {
      if (!connection) return plain
      const known = byConnection.get(connection) ?? new Map<string, Dispatcher>()
      byConnection.set(connection, known)
      const before = known.get(origin)
      if (before && !isClosed(before)) return before
      const dispatcher = find(connection, origin)
      known.set(origin, dispatcher)
      return dispatcher
    },
    async close() {
      await Promise.all([plain, ...byKey.values()].map(dispatcher => dispatcher.close()))
    },
  }
}

function isClosed(dispatcher: Dispatcher): boolean {
  const { closed, destroyed } = dispatcher as Dispatcher & { closed: boolean; destroyed: boolean }
  return closed || destroyed
}

function closeFirst(dispatchers: Map<string, Dispatcher>): void {
  const [first] = dispatchers
  if (!first) return
  dispatchers.delete(first[0])
  void first[1].close().catch(() => undefined)
}

/** Equal for connections that are opened in the same way; says nothing of their secrets. */
export function connectionIdentity(connection: Connection = {}): string {
  return keyOf(connection, connection.proxy?.reveal())
}

/** Equal for connections that believe the same servers, whatever certificate they show themselves: one that is renewed changes nothing of what is known. */
export function trustIdentity({ ca, serverName, guarded, proxy }: Connection = {}): string {
  return digestOf([ca, serverName, guarded, proxy?.reveal()])
}

function keyOf({ ca, cert, key, serverName, guarded }: Connection, proxy: string | undefined): string {
  return digestOf([ca, cert, key?.reveal(), serverName, guarded, proxy])
}

function digestOf(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64')
}

function openWith(agent: AgentType.Options, connection: Connection, proxy: string | undefined): Dispatcher {
  const tls = tlsOptions(connection)
  const lookup = connection.guarded && { lookup: guardedLookup }
  if (proxy === undefined) return new Agent({ ...agent, connect: { ...agent.connect, ...tls, ...lookup } })
  // Names are the proxy's to look up.
  const { href, credentials } = splitProxy(proxy)
  return new ProxyAgent({
    ...agent,
    uri: href,
    ...(credentials !== undefined && { token: credentials }),
    proxyTunnel: true,
    requestTls: { ...agent.connect, ...tls },
  })
}

function tlsOptions({ ca, cert, key, serverName }: Connection) {
  return {
    rejectUnauthorized: true,
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key && { key: key.reveal() }),
    ...(serverName !== undefined && { servername: serverName }),
  }
}

/** The credentials go into a header of the CONNECT request alone (RFC 9110 section 11.7.2). */
function splitProxy(proxy: string): { href: string; credentials?: string } {
  const url = new URL(proxy)
  const { username, password } = url
  url.username = ''
  url.password = ''
  if (username === '') return { href: url.href }
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { href: url.href, credentials: `Basic ${Buffer.from(pair, 'utf8').toString('base64')}` }
}

/**
 * As the global fetch, through a dispatcher: that one does not take those of the package. `init.body` is the request's body
 * where its bytes are known: they go out with their length, while the body of a Request is a stream and goes out in chunks.
 */
export async function fetchThrough(
  dispatcher: Dispatcher,
  request: Request,
  init: RequestInit = {},
): Promise<Response> {
  const { method, headers } = request
  const body = init.body ?? request.body
  const options = {
    method,
    headers: [...headers],
    ...(body && { body, duplex: 'half' }),
    redirect: 'manual',
    signal: init.signal ?? request.signal,
    dispatcher,
  }
  return (await undiciFetch(request.url, options as Parameters<typeof undiciFetch>[1])) as unknown as Response
}
