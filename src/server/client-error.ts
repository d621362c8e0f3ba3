// What cannot be read as a request -> a problem on the bare connection, and its end.
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { PROBLEM_TYPE, type Problem, problem } from './problem.ts'
import type { RefusedConnections } from './refused-connections.ts'

const TOO_LARGE = problem('headers_too_large', 431, 'Headers too large', 'see `daemon.limits.headers`')
const TOO_SLOW = problem('request_timeout', 408, 'Request too slow', 'see `daemon.limits.headersTimeout`')
const MALFORMED = problem('invalid_request', 400, 'Invalid request', 'this is not a valid HTTP/1.1 request')

const NO_TLS = { code: 'tls_failed', detail: 'this is not a TLS handshake that the listener takes' }

export function answerClientError(error: NodeJS.ErrnoException, socket: Socket, refused: RefusedConnections): void {
  if (/^ERR_(SSL_|TLS_HANDSHAKE_TIMEOUT$)/.test(error.code ?? '')) refused.tell(NO_TLS, socket)
  const answer = problemFor(error.code)
  if (!answer) return void socket.destroy()
  // Who has said nothing was looking whether somebody listens.
  if (socket.bytesRead > 0) refused.tell(answer, socket)
  if (!socket.writable) return void socket.destroy()
  answerOnSocket(socket, answer)
}

/** Writes a whole response and ends the connection. */
export function answerOnSocket(socket: Socket, answer: Problem): void {
  const body = JSON.stringify(answer)
  const head = [
    `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status]}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(answer.status === 503 ? ['Retry-After: 1'] : []),
    'Connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
}

/** Undefined where there is nobody to hear it, as in a TLS handshake that failed. */
function problemFor(code = ''): Problem | undefined {
  if (code === 'HPE_HEADER_OVERFLOW') return TOO_LARGE
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return TOO_SLOW
  return code.startsWith('HPE_') ? MALFORMED : undefined
}
