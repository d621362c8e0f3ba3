// Which caller a request is of, and what that one may use. Without `daemon.callers` everyone who can connect may use all.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { AppError } from '../base/error.ts'
import type { Log } from '../base/log.ts'
import type { Caller } from '../config/model.ts'
import type { Generation } from '../runtime/generation.ts'

/** For callers whose own Authorization header is meant for the service, and for gateways. */
export const CALLER_HEADER = 'x-bearerd-authorization'

/** What a request wants to use. */
export interface Use {
  service?: string
}

const admitted = new WeakMap<IncomingMessage, Caller>()

/**
 * Finds the caller, and checks the use. The token is taken off the request: nothing that follows can forward it. Rejects
 * with AppError `unauthenticated`, or `forbidden`, which names the caller.
 */
export async function admit(generation: Generation, request: IncomingMessage, use: Use): Promise<void> {
  const { callers } = generation
  if (!callers) return
  const token = takeToken(request)
  const caller = token === undefined ? undefined : await callers.byToken(token)
  if (!caller) throw new AppError('unauthenticated', token === undefined ? NO_TOKEN : WRONG_TOKEN, use)
  admitted.set(request, caller)
  if (use.service !== undefined && !mayUse(caller, use.service))
    throw forbidden(caller, `service \`${use.service}\``, use)
}

const NO_TOKEN = 'this listener is for known callers: send `Authorization: Bearer TOKEN` with the token of a caller'
const WRONG_TOKEN = 'this token is not that of a caller in `daemon.callers`'

/** The caller of an admitted request; undefined when everyone may come. */
export function callerOf(request: IncomingMessage): Caller | undefined {
  return admitted.get(request)
}

/** Whether the caller of the request, where there are callers, may use the service. */
export function mayUseService(request: IncomingMessage, service: string): boolean {
  const caller = callerOf(request)
  return !caller || mayUse(caller, service)
}

function mayUse({ services }: Caller, service: string): boolean {
  return services.includes(service) || services.includes('*')
}

function forbidden(caller: Caller, what: string, use: Use): AppError {
  const message = `caller \`${caller.name}\` may not use ${what}; see \`daemon.callers\``
  return new AppError('forbidden', message, { ...use, caller: caller.name })
}

/** The header of our own wins, and leaves the other one to the service. */
function takeToken(request: IncomingMessage): string | undefined {
  const { headers } = request
  const name = headers[CALLER_HEADER] === undefined ? 'authorization' : CALLER_HEADER
  const value = headers[name]
  const token = typeof value === 'string' ? /^bearer +(\S+) *$/i.exec(value)?.[1] : undefined
  removeHeader(request, name)
  return token
}

function removeHeader({ headers, rawHeaders }: IncomingMessage, name: string): void {
  delete headers[name]
  for (let at = rawHeaders.length - 2; at >= 0; at -= 2) {
    if (rawHeaders[at]!.toLowerCase() === name) rawHeaders.splice(at, 2)
  }
}

/** One line for each use, when it has ended. */
export function auditUse(
  log: Log,
  exchange: { request: IncomingMessage; response: ServerResponse },
  facts: object,
): void {
  const { request, response } = exchange
  response.once('close', () => {
    const caller = callerOf(request)
    if (!caller) return
    const status = response.headersSent ? response.statusCode : null
    log.info({ caller: caller.name, ...facts, status }, 'used')
  })
}
