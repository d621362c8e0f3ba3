// Which caller a request is of, and what that one may use. Without `daemon.callers` everyone who can connect may use all.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { AppError } from '../../base/error.ts'
import type { Log } from '../../base/log.ts'
import type { CallerRights } from '../../compile/caller-rights.ts'
import type { Params } from '../../config/templates/scope.ts'
import type { Executor } from '../../runtime/executor.ts'
import type { Generation } from '../../runtime/generation/generation.ts'
import type { LiveService } from '../../runtime/generation/live-service.ts'
import { callerParams } from './caller-params.ts'
import { clientCertificate } from './client-certificate.ts'

/** For callers whose own Authorization header is meant for the service, and for gateways. */
export const CALLER_HEADER = 'x-bearerd-authorization'

/** What a request wants to use, as its route says it. */
export interface Use {
  service?: string
  action?: string
}

const admitted = new WeakMap<IncomingMessage, CallerRights>()

/**
 * Of a generation that has callers: finds the one, and checks the use. The token is taken off the request: nothing that follows can forward it. Rejects
 * with AppError `unauthenticated`, or `forbidden`, which names the caller.
 */
export async function admit(generation: Generation, request: IncomingMessage, use: Use): Promise<void> {
  const caller = (await byCertificate(generation, request)) ?? (await byToken(generation, request))
  admitted.set(request, caller)
  const { service, action } = use
  if (service !== undefined && !caller.service(service)) throw forbidden(caller, `service \`${service}\``, { service })
  if (action !== undefined && !caller.action(action)) throw forbidden(caller, `action \`${action}\``)
}

/** The caller of an admitted request; undefined when everyone may come. */
export function callerOf(request: IncomingMessage): CallerRights | undefined {
  return admitted.get(request)
}

/** Whether the caller of the request, where there are callers, may see and change a delivery of the action with these values. */
export function mayUseDelivery(request: IncomingMessage, action: string, values: Params): boolean {
  const caller = callerOf(request)
  if (!caller) return true
  return caller.action(action) && Object.entries(values).every(([name, value]) => caller.parameter(name, value))
}

/** The service with the caller's values, which it must be allowed to give. Throws AppError. */
export function calledService(executor: Executor, request: IncomingMessage, name: string, query: string): LiveService {
  const params = callerParams(request, query)
  const { parameters } = executor.definition(name).plan
  if (parameters && callerOf(request)) checkParameters(request, name, parameters.fill(params))
  return executor.service(name, params)
}

/** The values that a request will run with, defaults included. Throws AppError `forbidden`. */
export function checkParameters(request: IncomingMessage, service: string, values: Params): void {
  const caller = callerOf(request)
  if (!caller) return
  for (const [name, value] of Object.entries(values)) {
    if (!caller.parameter(name, value)) throw forbidden(caller, `this value of parameter \`${name}\``, { service })
  }
}

function forbidden(caller: CallerRights, what: string, use: { service?: string } = {}): AppError {
  const message = `caller \`${caller.name}\` may not use ${what}; see \`daemon.callers\``
  return new AppError('forbidden', message, { ...use, caller: caller.name })
}

/** One whose certificate is known needs no token, and its Authorization header is for the service. */
async function byCertificate({ callers, plan }: Generation, { socket }: IncomingMessage) {
  const certificate = clientCertificate(socket, plan.daemon.tls?.caFile !== undefined)
  return certificate && callers!.byCertificate(certificate)
}

async function byToken({ callers }: Generation, request: IncomingMessage): Promise<CallerRights> {
  const token = takeToken(request)
  if (token === undefined) throw new AppError('unauthenticated', NO_TOKEN)
  const caller = await callers!.byToken(token)
  if (!caller) throw new AppError('unauthenticated', WRONG_TOKEN)
  return caller
}

const NO_TOKEN = 'this listener is for known callers: send `Authorization: Bearer TOKEN` with the token of a caller'
const WRONG_TOKEN = 'this token is not that of a caller in `daemon.callers`'

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
    const status = response.headersSent ? response.statusCode : null
    log.info({ caller: callerOf(request)?.name, ...facts, status }, 'used')
  })
}
