// A running daemon's API for commands: its answers as values, its problems as the end of the command.
import { once } from 'node:events'
import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { CommandError, EXIT } from './output.ts'
import type { ShownResponse } from './show-delivery.ts'

export const DEFAULT_DAEMON = 'http://127.0.0.1:7117'

export interface ListedDelivery {
  id: string
  action: string
  state: 'pending' | 'running' | 'delivered' | 'dead'
  attempts: number
  createdAt: string
  nextAttemptAt: string | null
  settledAt: string | null
  files: { name: string; size: number; type: string }[]
  lastError: { code: string; message: string; status?: number } | null
  response?: ShownResponse
  /** Of one delivery that is shown. */
  attemptList?: { at: string; durationMs: number; status?: number; problem?: { message: string } }[]
}

export interface DaemonBody {
  contentType: string
  /** Bytes. */
  size: number
  chunks: AsyncIterable<Buffer>
}

interface DaemonRequest {
  method?: string
  headers?: Readonly<Record<string, string>>
  body?: DaemonBody
  signal?: AbortSignal
}

/** It may have done what it was asked for, or not: it does not say, or cannot know. */
export class NoAnswer extends CommandError {
  constructor(message: string) {
    super(EXIT.failed, message)
  }
}

/** `BEARERD_TOKEN` is the caller's token where the daemon asks for one. Throws CommandError. */
export async function askDaemon<T>(daemon: string, path: string, asked: DaemonRequest = {}): Promise<T> {
  const response = await send(daemon, path, asked)
  const status = response.statusCode ?? 0
  const answer = await text(response).catch(() => {
    throw lost(daemon)
  })
  // An upload that was refused before its end goes no further.
  response.destroy()
  const body = answer === '' ? undefined : parse(answer)
  if (status < 400) return body as T
  const { detail = `the daemon answered ${status}`, code } = (body ?? {}) as { detail?: string; code?: string }
  if (status === 503) throw new NoAnswer(detail)
  throw new CommandError(USAGE.has(code ?? '') ? EXIT.usage : EXIT.failed, detail)
}

async function send(daemon: string, path: string, asked: DaemonRequest): Promise<IncomingMessage> {
  const { method = 'GET', body, headers, signal } = asked
  const { url, socketPath } = addressOf(daemon)
  const { BEARERD_TOKEN } = process.env
  const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(new URL(path, url), {
    method,
    ...(signal && { signal }),
    ...(socketPath !== undefined && { socketPath }),
    headers: {
      ...headers,
      ...(BEARERD_TOKEN && { authorization: `Bearer ${BEARERD_TOKEN}` }),
      ...(body && { 'content-type': body.contentType, 'content-length': body.size }),
    },
  })
  const answered = once(request, 'response') as Promise<[IncomingMessage]>
  const sent = pipeline(body ? Readable.from(body.chunks) : Readable.from([]), request)
  try {
    const [response] = await Promise.race([answered, sent.then(() => answered)])
    return response
  } catch (error) {
    if (error instanceof CommandError) throw error
    throw NOBODY.has((error as NodeJS.ErrnoException).code ?? '') ? nobody(daemon) : lost(daemon)
  }
}

const NOBODY = new Set(['ECONNREFUSED', 'ENOENT', 'ENOTFOUND', 'EACCES', 'ENOTSOCK'])

/** A URL, or `unix:/path` as in `daemon.listen`. */
function addressOf(daemon: string): { url: URL; socketPath?: string } {
  if (daemon.startsWith('unix:/')) return { url: new URL('http://localhost'), socketPath: daemon.slice('unix:'.length) }
  if (/^https?:/.test(daemon) && URL.canParse(daemon)) return { url: new URL(daemon) }
  throw new CommandError(EXIT.usage, `--daemon takes a URL such as ${DEFAULT_DAEMON}, or unix:/path`)
}

function nobody(daemon: string): CommandError {
  return new CommandError(EXIT.failed, `no daemon answers at ${daemon}; is \`bearerd run\` running?`)
}

function lost(daemon: string): CommandError {
  return new NoAnswer(`the connection to ${daemon} ended before an answer; the daemon's log may say why`)
}

const USAGE = new Set([
  'unknown_action',
  'unknown_delivery',
  'invalid_input',
  'invalid_request',
  'invalid_parameter',
  'body_too_large',
])

function parse(answer: string): unknown {
  try {
    return JSON.parse(answer)
  } catch {
    throw new CommandError(EXIT.failed, 'what answers there is no bearerd')
  }
}
