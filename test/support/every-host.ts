// One TLS server that stands for every host, behind a proxy that leads all tunnels to it: a definition runs as it is written,
// hosts included, and what is sent can be compared with what the vendor documents.
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { createSecureContext, type SecureContext, type TLSSocket } from 'node:tls'
import { parse, stringify } from 'yaml'
import { makeCertificate } from './certificates.ts'
import { type Answer, json } from './hostile-token-endpoint.ts'
import { listenOnLoopback, readBody } from './loopback.ts'

export interface Seen {
  method: string
  /** With the host that was meant. */
  url: string
  headers: IncomingHttpHeaders
  body: string
  /** Common name of the certificate that the client showed. */
  certificate?: string
}

export interface EveryHost {
  /** Of the proxy. */
  url: string
  /** PEM: who signed the certificates of all hosts. */
  authority: string
  /** A certificate that the server knows, for clients. */
  client: { certificate: string; key: string }
  /** What answers from now on; the list is what it then saw. */
  play(answer: (seen: Seen, index: number) => Answer): Seen[]
  close(): Promise<void>
}

export async function startEveryHost(): Promise<EveryHost> {
  const authority = makeCertificate({ name: 'authority', authority: true })
  const client = makeCertificate({ name: 'bearerd-client', by: authority })
  let seen: Seen[] = []
  let answer: Parameters<EveryHost['play']>[0] = () => json(404, {})
  const server = await listenOnLoopback(
    async (request, response) => {
      const { method = '', url = '', headers } = request
      const certificate = (request.socket as TLSSocket).getPeerCertificate().subject?.CN as string | undefined
      const body = (await readBody(request)).toString()
      const one = { method, url: `https://${headers.host}${url}`, headers, body, ...(certificate && { certificate }) }
      answer(one, seen.push(one) - 1)(response)
    },
    0,
    { ...namedCertificates(authority), ca: authority.certificate, requestCert: true, rejectUnauthorized: false },
  )
  const proxy = await startProxyTo(Number(new URL(server.url).port))
  return {
    url: proxy.url,
    authority: authority.certificate,
    client,
    play(next) {
      answer = next
      seen = []
      return seen
    },
    async close() {
      await proxy.close()
      await server.close()
    },
  }
}

/** A certificate for each name that is asked for. */
function namedCertificates(authority: ReturnType<typeof makeCertificate>) {
  const first = makeCertificate({ name: 'every-host', by: authority })
  const contexts = new Map<string, SecureContext>()
  const contextFor = (name: string): SecureContext => {
    const own = makeCertificate({ name: 'every-host', by: authority, key: first.key, hosts: [`DNS:${name}`] })
    return createSecureContext({ cert: own.certificate, key: own.key, ca: authority.certificate })
  }
  return {
    cert: first.certificate,
    key: first.key,
    SNICallback(name: string, done: (error: Error | null, context?: SecureContext) => void): void {
      if (!contexts.has(name)) contexts.set(name, contextFor(name))
      done(null, contexts.get(name)!)
    },
  }
}

async function startProxyTo(port: number): Promise<{ url: string; close(): Promise<void> }> {
  const sockets = new Set<Socket>()
  const server = createServer((_request, response) => response.writeHead(405).end())
  server.on('connect', (_request, client: Socket, head) => {
    const upstream = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      upstream.write(head)
      upstream.pipe(client).pipe(upstream)
    })
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
    }
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = new Promise(resolve => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

type Keys = Record<string, unknown>

/** A definition, with the way to every host in each account and service; `caFile` is where the authority lies. */
export function throughProxy(text: string, proxy: string, caFile: string): string {
  const file = parse(text, { merge: true }) as { accounts?: Record<string, Keys>; services?: Record<string, Keys> }
  const way = (owner: Keys) => ({ ...owner, proxy, tls: { ...(owner.tls as Keys), caFile } })
  const led = (owners: Record<string, Keys> = {}) =>
    Object.fromEntries(
      Object.entries(owners).map(([name, owner]) => {
        const { authorization = 'oauth2' } = owner
        return [name, authorization === 'oauth2' ? way(owner) : owner]
      }),
    )
  return stringify({ ...file, accounts: led(file.accounts), services: led(file.services) }, { lineWidth: 0 })
}
