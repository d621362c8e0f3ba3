// A running daemon's API for commands: its answers as values, its problems as the end of the command.
import { CommandError, EXIT } from './output.ts'

export const DEFAULT_DAEMON = 'http://127.0.0.1:7117'

export interface ListedDelivery {
  id: string
  action: string
  state: 'pending' | 'running' | 'delivered' | 'dead'
  attempts: number
  createdAt: string
  nextAttemptAt: string | null
  lastError: { code: string; message: string } | null
  response?: { body?: string }
}

export interface DaemonAnswer<T> {
  status: number
  body: T
}

/** `BEARERD_TOKEN` is the caller's token where the daemon asks for one. Throws CommandError. */
export async function askDaemon<T>(daemon: string, path: string, init: RequestInit = {}): Promise<DaemonAnswer<T>> {
  if (!URL.canParse(daemon) || !/^https?:/.test(daemon))
    throw new CommandError(EXIT.usage, `--daemon takes a URL such as ${DEFAULT_DAEMON}`)
  const headers = new Headers(init.headers)
  if (process.env.BEARERD_TOKEN) headers.set('authorization', `Bearer ${process.env.BEARERD_TOKEN}`)
  const response = await fetch(new URL(path, daemon), { ...init, headers, redirect: 'error' }).catch(() => {
    throw new CommandError(EXIT.failed, `no daemon answers at ${new URL(daemon).origin}; is \`bearerd run\` running?`)
  })
  const text = await response.text()
  const body = text === '' ? undefined : parse(text)
  if (response.status < 400) return { status: response.status, body: body as T }
  const { detail = `the daemon answered ${response.status}`, code } = (body ?? {}) as { detail?: string; code?: string }
  throw new CommandError(USAGE.has(code ?? '') ? EXIT.usage : EXIT.failed, detail)
}

const USAGE = new Set([
  'unknown_action',
  'unknown_delivery',
  'invalid_input',
  'invalid_request',
  'invalid_parameter',
  'body_too_large',
])

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new CommandError(EXIT.failed, 'what answers there is no bearerd')
  }
}
