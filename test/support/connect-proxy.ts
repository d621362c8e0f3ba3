// An HTTP proxy that opens tunnels (RFC 9110 section 9.3.6) on 127.0.0.1, and notes what it was asked for.
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'

export interface StartedProxy {
  /** `http://127.0.0.1:PORT` */
  url: string
  /** Each CONNECT: where to, and what it said about itself. */
  tunnels: { target: string; authorization: string | undefined }[]
  close(): Promise<void>
}

/** With `credentials` (`user:password`), it answers 407 to everybody else. */
export async function startConnectProxy(credentials?: string): Promise<StartedProxy> {
  const tunnels: StartedProxy['tunnels'] = []
  const sockets = new Set<Socket>()
  const expected = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`
  const server = createServer((_request, response) => response.writeHead(405).end())
  server.on('connection', socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.on('connect', (request, client: Socket, head) => {
    const authorization = request.headers['proxy-authorization']
    tunnels.push({ target: request.url!, authorization })
    client.on('error', () => client.destroy())
    if (expected && authorization !== expected) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n')
      return
    }
    const { hostname, port } = new URL(`http://${request.url}`)
    const upstream = connect(Number(port || 80), hostname, () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      upstream.write(head)
      upstream.pipe(client).pipe(upstream)
    })
    sockets.add(upstream)
    upstream.on('error', () => client.destroy())
    upstream.on('close', () => client.destroy())
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tunnels,
    async close() {
      const closed = new Promise(resolve => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
