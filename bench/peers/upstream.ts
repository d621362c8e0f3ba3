// The service behind both proxies, and the token endpoint: plain node:http with small constant answers.
import { createServer } from 'node:http'

const answer = JSON.stringify({
  id: 42,
  name: 'An order of the shop',
  lines: Array.from({ length: 8 }, (_, line) => ({ line, amount: 10 * line })),
})
const token = JSON.stringify({ access_token: 'bench-token-'.padEnd(64, 'x'), token_type: 'Bearer', expires_in: 3600 })

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  const body = request.url === '/token' ? token : answer
  request.resume()
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) })
  response.end(body)
})
server.listen(Number(process.argv[2]), '127.0.0.1', () => process.stdout.write('ready\n'))
