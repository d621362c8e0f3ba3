// The reference: a reverse proxy on undici's dispatch with a constant header, and nothing else.
import { createServer } from 'node:http'
import { Agent, type Dispatcher } from 'undici'

const [port, upstream] = process.argv.slice(2)
const agent = new Agent({ keepAliveTimeout: 60_000 })
const HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'host'])

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  const headers: string[] = []
  const raw = request.rawHeaders
  for (let at = 0; at < raw.length; at += 2) if (!HOP.has(raw[at]!.toLowerCase())) headers.push(raw[at]!, raw[at + 1]!)
  headers.push('Authorization', `Bearer ${'bench-token-'.padEnd(64, 'x')}`)
  const hasBody = request.headers['content-length'] !== undefined || request.headers['transfer-encoding'] !== undefined
  const options = {
    origin: `http://127.0.0.1:${upstream}`,
    path: request.url!,
    method: request.method as Dispatcher.HttpMethod,
    headers,
    body: hasBody ? request : null,
  }
  agent.dispatch(options, {
    onRequestStart() {},
    onResponseStart(controller, status) {
      const rawHeaders = (controller.rawHeaders as Buffer[]).map(text => text.toString('latin1'))
      const forwarded: string[] = []
      for (let at = 0; at < rawHeaders.length; at += 2)
        if (!HOP.has(rawHeaders[at]!.toLowerCase())) forwarded.push(rawHeaders[at]!, rawHeaders[at + 1]!)
      response.writeHead(status, forwarded)
    },
    onResponseData(controller, chunk) {
      if (response.write(chunk)) return
      controller.pause()
      response.once('drain', () => controller.resume())
    },
    onResponseEnd: () => void response.end(),
    onResponseError: () => void response.destroy(),
  })
})
server.listen(Number(port), '127.0.0.1', () => process.stdout.write('ready\n'))
