// A small closed-loop load: a fixed number of connections, each sends the same request again when its answer is complete. The
// processor that it runs on is another one than that of the server (see pinSelf in measure.ts), or it would measure itself.
// One request id for all: answers must have the length of the first one, so that counting bytes is counting answers.
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export interface LoadResult {
  requests: number
  seconds: number
}

export interface LoadOptions {
  port: number
  path: string
  connections: number
  durationMs: number
  /** Default GET without a body, answered with 200. */
  method?: string
  body?: string
  status?: number
}

/** Throws when an answer does not have the expected status and length. */
export async function load(options: LoadOptions): Promise<LoadResult> {
  const { port, connections, durationMs, status = 200 } = options
  const request = requestFor(options)
  const length = await answerLength(port, request)
  const endsAtMs = performance.now() + durationMs
  const startMs = performance.now()
  const counts = await Promise.all(
    Array.from({ length: connections }, () => runConnection(port, request, { length, status }, endsAtMs)),
  )
  return { requests: counts.reduce((sum, count) => sum + count, 0), seconds: (performance.now() - startMs) / 1000 }
}

function requestFor({ port, path, method = 'GET', body = '' }: LoadOptions): Buffer {
  const head = [
    `${method} ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    'Accept: application/json',
    'User-Agent: bench',
    'X-Request-Id: bench',
    ...(body === '' ? [] : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`]),
  ]
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`)
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(socket))
    socket.once('error', reject)
  })
}

async function answerLength(port: number, request: Buffer): Promise<number> {
  const socket = await open(port)
  let bytes = 0
  socket.on('data', (chunk: Buffer) => {
    bytes += chunk.length
  })
  socket.write(request)
  const givenUpMs = performance.now() + 10_000
  for (let before = -1; bytes === 0 || bytes > before; await sleep(200)) {
    if (performance.now() > givenUpMs) throw new Error(`no answer on port ${port}`)
    before = bytes
  }
  socket.destroy()
  return bytes
}

interface Expected {
  length: number
  status: number
}

async function runConnection(port: number, request: Buffer, expected: Expected, endsAtMs: number): Promise<number> {
  const { length, status } = expected
  const socket = await open(port)
  return new Promise((resolve, reject) => {
    let answers = 0
    let pending = 0
    socket.on('data', (chunk: Buffer) => {
      if (pending === 0 && !chunk.toString('latin1', 0, 12).endsWith(String(status)))
        return reject(new Error(`not a ${status}: ${chunk.toString('latin1', 0, 80)}`))
      pending += chunk.length
      if (pending < length) return
      if (pending > length) return reject(new Error(`an answer of ${pending} bytes instead of ${length}`))
      pending = 0
      answers++
      if (performance.now() < endsAtMs) socket.write(request)
      else {
        socket.destroy()
        resolve(answers)
      }
    })
    socket.once('error', reject)
    socket.write(request)
  })
}

/** Milliseconds. */
export interface Latencies {
  median: number
  p99: number
}

/**
 * An open-loop load: requests are due at fixed times, and a late one counts from when it was due. Without a rate each one is due
 * when the one before is answered.
 */
export async function latencies(options: LoadOptions & { requestsPerSecond?: number }): Promise<Latencies> {
  const { port, connections, durationMs, requestsPerSecond = Number.POSITIVE_INFINITY } = options
  const request = requestFor(options)
  const length = await answerLength(port, request)
  const startMs = performance.now()
  const gapMs = (connections * 1000) / requestsPerSecond
  const all = await Promise.all(
    Array.from({ length: connections }, (_, index) =>
      paced(port, request, length, {
        firstMs: startMs + (index * gapMs) / connections,
        gapMs,
        endsAtMs: startMs + durationMs,
      }),
    ),
  )
  const sorted = all.flat().sort((a, b) => a - b)
  return { median: sorted[sorted.length >> 1]!, p99: sorted[Math.floor(sorted.length * 0.99)]! }
}

interface Pace {
  firstMs: number
  gapMs: number
  endsAtMs: number
}

async function paced(port: number, request: Buffer, length: number, pace: Pace): Promise<number[]> {
  const socket = await open(port)
  const times: number[] = []
  for (
    let dueMs = pace.firstMs;
    dueMs < pace.endsAtMs;
    dueMs = pace.gapMs > 0 ? dueMs + pace.gapMs : performance.now()
  ) {
    const waitMs = dueMs - performance.now()
    if (waitMs > 0.5) await sleep(waitMs)
    const sentMs = Math.min(dueMs, performance.now())
    await answered(socket, request, length)
    times.push(performance.now() - sentMs)
  }
  socket.destroy()
  return times
}

function answered(socket: Socket, request: Buffer, length: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let pending = 0
    const onData = (chunk: Buffer): void => {
      pending += chunk.length
      if (pending < length) return
      socket.off('data', onData).off('error', reject)
      resolve()
    }
    socket.on('data', onData).once('error', reject)
    socket.write(request)
  })
}
