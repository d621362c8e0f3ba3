// The service behind what streams: GET /N answers with N bytes, a PUT or POST is read to its end; on bare sockets and with one
// buffer, so that it costs as little as it can. A POST to /token answers with a token.
import { createServer, type Socket } from 'node:net'

const chunk = Buffer.alloc(1024 * 1024, 'x')
const token = JSON.stringify({ access_token: 'bench-token-'.padEnd(64, 'x'), token_type: 'Bearer', expires_in: 3600 })

function head(type: string, length: number): string {
  return `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n`
}

async function sendBytes(socket: Socket, bytes: number): Promise<void> {
  socket.write(head('application/octet-stream', bytes))
  for (let left = bytes; left > 0; left -= chunk.length) {
    if (socket.write(left < chunk.length ? chunk.subarray(0, left) : chunk)) continue
    await new Promise(resolve => socket.once('drain', resolve))
  }
}

/** One connection: `left` are the bytes of the body that is being read. */
function serve(socket: Socket): void {
  let left = 0
  let text = ''
  const answer = (target: string): void => {
    if (target === '/token') socket.write(head('application/json', token.length) + token)
    else socket.write(`${head('text/plain', 2)}ok`)
  }
  const readHead = (bytes: Buffer): void => {
    text += bytes.toString('latin1')
    const end = text.indexOf('\r\n\r\n')
    if (end < 0) return
    const [, method, target = ''] = /^(\S+) (\S+)/.exec(text) ?? []
    const length = Number(/^content-length: *(\d+)/im.exec(text.slice(0, end))?.[1] ?? 0)
    left = length - (text.length - end - 4)
    if (/^expect: *100-continue/im.test(text.slice(0, end))) socket.write('HTTP/1.1 100 Continue\r\n\r\n')
    text = ''
    if (method === 'GET') void sendBytes(socket, Number(target.slice(1)))
    else if (left === 0) answer(target)
  }
  socket.on('error', () => {})
  socket.on('data', (bytes: Buffer) => {
    if (left === 0) return readHead(bytes)
    left -= bytes.length
    if (left === 0) answer('')
  })
}

const server = createServer({ noDelay: true, highWaterMark: 1024 * 1024 }, serve)
server.listen(Number(process.argv[2]), '127.0.0.1', () => process.stdout.write('ready\n'))
