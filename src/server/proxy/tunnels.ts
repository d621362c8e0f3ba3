// WebSocket handshakes: the same routes and doors as for every request, then two connections that are joined.
import { type IncomingMessage, type RequestListener, type Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { collectPassed } from '../../base/collect-passed.ts'
import { answerOnSocket } from '../client-error.ts'
import { problem } from '../problem.ts'

const handshakes = new WeakSet<IncomingMessage>()

/** Whether `101` may be the answer to this request; `joinTunnel` then takes its connection. */
export function isHandshake(request: IncomingMessage): boolean {
  return handshakes.has(request)
}

/**
 * Hands WebSocket handshakes to the server's own listener. Tunnels of a server that closes end with its last request. `open`
 * are the connections of the server.
 */
export function acceptTunnels(server: Server, listener: RequestListener, open: ReadonlySet<Socket>): void {
  const tunnels = new Set<Socket>()
  let closing = false
  const endWithLast = () => {
    if (closing && open.size === tunnels.size) for (const socket of tunnels) socket.destroy()
  }
  server.on('connection', (socket: Socket) => void socket.once('close', endWithLast))
  // Other upgrades are requests like any other: RFC 9110 section 7.8 lets a server ignore them.
  Object.assign(server, { shouldUpgradeCallback: isWebSocket })
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    socket.on('error', () => {})
    // Node below 24.9 does not ask.
    if (!isWebSocket(request)) return answerOnSocket(socket, NO_WEBSOCKET)
    tunnels.add(socket)
    socket.once('close', () => tunnels.delete(socket))
    socket.unshift(head)
    handshakes.add(request)
    listener(request, responseOn(socket, request))
  })
  const { close } = server
  server.close = done => {
    close.call(server, done)
    closing = true
    endWithLast()
    return server
  }
}

const NO_WEBSOCKET = problem('invalid_request', 400, 'Invalid request', 'only `Upgrade: websocket` is understood')

/** By GET and without a body, as RFC 6455 section 4.1 wants it: everything else could hide a second request. */
function isWebSocket({ method, headers }: IncomingMessage): boolean {
  const hasBody = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined
  return method === 'GET' && !hasBody && headers.upgrade?.toLowerCase() === 'websocket'
}

/** The answer, should it be another one than 101, is the last on its connection. */
function responseOn(socket: Socket, request: IncomingMessage): ServerResponse {
  const response = new ServerResponse(request)
  response.shouldKeepAlive = false
  response.assignSocket(socket)
  socket.on('drain', () => response.emit('drain'))
  socket.on('timeout', () => socket.writableLength > 0 && socket.destroy())
  response.once('finish', () => socket.destroySoon())
  return response
}

/** Answers 101 and passes on what either side sends, at the speed of the other one, until one of them closes. */
export function joinTunnel(response: ServerResponse, headers: string[], service: Duplex): void {
  const caller = response.socket!
  response.writeHead(101, [...headers, 'Connection', 'Upgrade', 'Upgrade', 'websocket'])
  response.flushHeaders()
  caller.setTimeout(0).setKeepAlive(true, KEEP_ALIVE_MS)
  service.on('error', () => {})
  service.once('close', () => caller.destroySoon())
  caller.once('close', () => service.destroy())
  for (const side of [caller, service]) side.on('data', ({ length }: Buffer) => collectPassed(length))
  caller.pipe(service).pipe(caller)
}

/** Until the system asks whether a silent caller is still there. */
const KEEP_ALIVE_MS = 60_000
