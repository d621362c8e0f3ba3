// The service behind all proxies, and the token endpoint: small constant answers on bare sockets, so that it never is what
// limits a proxy. A POST asks for a token; of every other request all bytes up to its blank line come before the answer.
import { createServer } from 'node:net'

const answer = JSON.stringify({
  id: 42,
  name: 'An order of the shop',
  lines: Array.from({ length: 8 }, (_, line) => ({ line, amount: 10 * line })),
})
const token = JSON.stringify({ access_token: 'bench-token-'.padEnd(64, 'x'), token_type: 'Bearer', expires_in: 3600 })

/** With the headers that an answer of node:http has. */
function withHead(body: string): Buffer {
  const head = [
    'HTTP/1.1 200 OK',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    `Date: ${new Date().toUTCString()}`,
    'Connection: keep-alive',
    'Keep-Alive: timeout=60',
  ]
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`)
}

const [answerBytes, tokenBytes] = [withHead(answer), withHead(token)]

const server = createServer({ noDelay: true }, socket => {
  socket.on('error', () => {})
  socket.on('data', (chunk: Buffer) => {
    if (chunk.toString('latin1', 0, 5) === 'POST ') socket.write(tokenBytes)
    else if (chunk.toString('latin1', chunk.length - 4) === '\r\n\r\n') socket.write(answerBytes)
  })
})
server.listen(Number(process.argv[2]), '127.0.0.1', () => process.stdout.write('ready\n'))
