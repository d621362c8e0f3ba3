// A server that keeps what it is sent, whole, and answers as the test says.
import type { IncomingHttpHeaders } from 'node:http'
import { listenOnLoopback, readBody } from './loopback.ts'

export interface Received {
  method: string
  /** With the query, as it came. */
  path: string
  headers: IncomingHttpHeaders
  body: Buffer
}

export interface PlannedAnswer {
  status: number
  headers?: Record<string, string>
  body?: string
  /** The connection is cut instead. */
  cut?: true
}

export interface Receiver {
  url: string
  /** Every complete request, in the order of arrival. */
  received: Received[]
  close(): Promise<void>
}

/** `answer` is asked after the whole request has come; default 200. */
export async function startReceiver(
  answer: (received: Received, index: number) => PlannedAnswer | Promise<PlannedAnswer> = () => ({ status: 200 }),
): Promise<Receiver> {
  const received: Received[] = []
  const { url, close } = await listenOnLoopback(async (request, response) => {
    const { method = '', url: path = '', headers } = request
    try {
      const seen = { method, path, headers, body: await readBody(request) }
      received.push(seen)
      const planned = await answer(seen, received.length - 1)
      if (planned.cut) response.destroy()
      else response.writeHead(planned.status, planned.headers).end(planned.body)
    } catch {
      response.destroy()
    }
  })
  return { url, received, close }
}

/** As another implementation reads it. */
export function formOf({ headers, body }: Received): Promise<FormData> {
  return new Response(new Uint8Array(body), { headers: { 'content-type': headers['content-type'] ?? '' } }).formData()
}
