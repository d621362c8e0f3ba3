// The reference: node:http that answers with constant headers and a constant body of the size of an authorization.
import { createServer } from 'node:http'

const authorization = `Bearer ${'bench-token-'.padEnd(64, 'x')}`
const body = JSON.stringify({
  service: 'orders',
  headers: { Authorization: authorization },
  query: {},
  expiresAt: '2026-01-01T00:00:00.000Z',
})
const headers = {
  authorization,
  'cache-control': 'no-store',
  'content-type': 'application/json; charset=utf-8',
  'content-length': Buffer.byteLength(body),
}

const server = createServer({ keepAliveTimeout: 60_000 }, (_request, response) => {
  response.writeHead(200, headers)
  response.end(body)
})
server.listen(Number(process.argv[2]), '127.0.0.1', () => process.stdout.write('ready\n'))
