// An API that takes requests and WebSocket handshakes only with a DPoP proof that fits them and their token (RFC 9449 section
// 7), and only with its own nonce, which is another one every third time.
import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { calculateJwkThumbprint, decodeJwt, EmbeddedJWK, jwtVerify } from 'jose'
import { WebSocketServer } from 'ws'
import { listenOnLoopback, readBody, sendJson } from './loopback.ts'
import type { StartedOidcServer } from './oidc-server.ts'

export interface ProvenRequest {
  method: string
  url: string
  body: string
  claims: Record<string, unknown>
  /** Thumbprint of the key. */
  jkt: string
}

export interface DpopApi {
  url: string
  accepted: ProvenRequest[]
  /** Of every proof that came, in order; undefined for one without. */
  nonces: unknown[]
  /** The refused ones too. */
  requests(): number
  close(): Promise<void>
}

export interface DpopApiOptions {
  /** Who issued the tokens. */
  provider: StartedOidcServer
  /** So many of the accepted requests are answered with 503. */
  busy?: number
}

export async function startDpopApi({ provider, busy = 0 }: DpopApiOptions): Promise<DpopApi> {
  const accepted: ProvenRequest[] = []
  let requests = 0
  const nonces: unknown[] = []
  const jtis = new Set<unknown>()
  const judge = async (
    request: IncomingMessage,
    body: string,
  ): Promise<{ headers: Record<string, string>; reason?: string }> => {
    const nonce = `nonce-${Math.floor(requests++ / 3)}`
    const headers = { 'DPoP-Nonce': nonce }
    nonces.push(nonceOf(request.headers.dpop))
    try {
      const seen = await check(request, { origin: url, nonce, provider })
      if (jtis.has(seen.claims.jti)) throw new Error('a proof that was used')
      jtis.add(seen.claims.jti)
      accepted.push({ ...seen, body })
      return { headers }
    } catch (error) {
      const reason = (error as Error).message
      const code = reason === 'nonce' ? 'use_dpop_nonce' : 'invalid_token'
      return { headers: { ...headers, 'WWW-Authenticate': `Bearer, DPoP error="${code}", algs="ES256"` }, reason }
    }
  }
  const { server, url, close } = await listenOnLoopback(async (request, response) => {
    const { headers, reason } = await judge(request, (await readBody(request)).toString())
    if (reason !== undefined) sendJson(response, 401, { reason }, headers)
    else sendJson(response, accepted.length <= busy ? 503 : 200, { ok: true }, headers)
  })
  const sockets = new WebSocketServer({ noServer: true })
  sockets.on('connection', socket => socket.on('message', data => socket.send(String(data))))
  server.on('upgrade', async (request: IncomingMessage, socket, head) => {
    const { headers, reason } = await judge(request, '')
    if (reason === undefined)
      return sockets.handleUpgrade(request, socket, head, done => sockets.emit('connection', done, request))
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    socket.end(`HTTP/1.1 401 Unauthorized\r\n${lines.join('')}Content-Length: 0\r\nConnection: close\r\n\r\n`)
  })
  return {
    url,
    accepted,
    nonces,
    requests: () => requests,
    async close() {
      for (const socket of sockets.clients) socket.terminate()
      await close()
    },
  }
}

export function nonceOf(proof: unknown): unknown {
  return decodeJwt(String(proof)).nonce
}

async function check(
  request: IncomingMessage,
  { origin, nonce, provider }: { origin: string; nonce: string; provider: StartedOidcServer },
): Promise<Omit<ProvenRequest, 'body'>> {
  const [scheme, token = ''] = (request.headers.authorization ?? '').split(' ')
  if (scheme !== 'DPoP') throw new Error(`scheme ${scheme}`)
  const proof = String(request.headers.dpop)
  const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, { typ: 'dpop+jwt' })
  if ('d' in (protectedHeader.jwk as object)) throw new Error('a private key')
  const jkt = await calculateJwkThumbprint(protectedHeader.jwk!)
  const { active, cnf } = await introspect(provider, token)
  if (!active || cnf?.jkt !== jkt) throw new Error('not bound to this key')
  const ath = createHash('sha256').update(token).digest('base64url')
  if (payload.ath !== ath || payload.htm !== request.method) throw new Error('ath or htm')
  if (payload.htu !== `${origin}${request.url?.split('?')[0]}`) throw new Error(`htu ${payload.htu}`)
  if (payload.nonce !== nonce) throw new Error('nonce')
  return { method: request.method!, url: request.url!, claims: payload, jkt }
}

async function introspect(provider: StartedOidcServer, token: string) {
  const response = await fetch(provider.introspectionUrl, {
    method: 'POST',
    headers: { Authorization: `Basic ${btoa('protected-api:fake-protected-api-secret')}` },
    body: new URLSearchParams({ token }),
  })
  return (await response.json()) as { active: boolean; cnf?: { jkt: string } }
}
