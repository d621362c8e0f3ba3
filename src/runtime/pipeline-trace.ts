// What a pipeline does, told step by step to whoever wants to see it: names, sizes and times, never a value that is secret.

import type { Clock } from '../base/clock.ts'
import { AppError } from '../base/error.ts'
import { cleanForeignText, type Secret } from '../base/secret.ts'
import type { PickedBearer, TokenRequest, TokenResponse } from '../compile/plan.ts'
import type { AuthorizationServer } from '../compile/text.ts'
import { type Clean, cleanerOf } from '../compile/token/clean-answer.ts'
import { jwtClaims } from '../compile/token/jwt.ts'
import type { ServerMetadata } from './authorization-server/server-metadata.ts'

/** Harmless texts and numbers by name. */
export type TraceFacts = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>

/** Those of a pipeline, with what is only there when it runs: the metadata of an issuer, and the pause before one more attempt. */
export type TraceStepName =
  | 'resolve-secrets'
  | 'discover'
  | 'expand-template'
  | 'request-token'
  | 'pause'
  | 'pick-bearer'

export interface TraceStep {
  account: string
  step: TraceStepName
  durationMs: number
  facts: TraceFacts
  error?: AppError
}

export type Trace = (step: TraceStep) => void

export interface TraceEffects {
  clock: Clock
  trace?: Trace
}

/** Runs a step and tells how it went. */
export async function traced<T>(
  { clock, trace }: TraceEffects,
  { account, step }: Pick<TraceStep, 'account' | 'step'>,
  run: () => T | Promise<T>,
  facts: (result: T) => TraceFacts,
): Promise<T> {
  if (!trace) return run()
  const startMs = clock.monotonicMs()
  const told = () => ({ account, step, durationMs: clock.monotonicMs() - startMs })
  try {
    const result = await run()
    trace({ ...told(), facts: facts(result) })
    return result
  } catch (error) {
    if (error instanceof AppError) trace({ ...told(), facts: {}, error })
    throw error
  }
}

export function serverFacts(server: AuthorizationServer | undefined, metadata: ServerMetadata | undefined): TraceFacts {
  return {
    issuer: server?.issuer,
    tokenEndpoint: server?.tokenEndpoint && placeOf(server.tokenEndpoint),
    authMethodsOffered: metadata?.authMethods,
  }
}

/** Members whose values are words of the protocol, not the user's. */
const SHOWN_PARAMETERS = ['grant_type', 'scope']

export function requestFacts({ url, method, headers, body, secrets }: TokenRequest): TraceFacts {
  const params = method === 'GET' ? new Map(url.searchParams) : bodyMembers(body)
  const shown = SHOWN_PARAMETERS.map(name => [name, params.get(name)] as const)
  return {
    to: placeOf(url),
    method,
    query: namesOf(url.searchParams.keys()),
    headers: headers.map(([name]) => name),
    parameters: namesOf(params.keys()),
    ...Object.fromEntries(
      shown.flatMap(([name, value]) => (value === undefined ? [] : [[name, cleanForeignText(value, secrets)]])),
    ),
    encodingMatters: encodingMatters(headers),
  }
}

function bodyMembers(body: string): Map<string, string> {
  if (!body.startsWith('{')) return new Map(new URLSearchParams(body))
  const members = JSON.parse(body) as Record<string, unknown>
  return new Map(Object.entries(members).map(([name, value]) => [name, typeof value === 'string' ? value : '']))
}

/** Whether client ID or secret differ between the two encodings of HTTP Basic. */
function encodingMatters(headers: TokenRequest['headers']): boolean {
  const value = headers.find(([name]) => name.toLowerCase() === 'authorization')?.[1] ?? ''
  if (!value.startsWith('Basic ')) return false
  return /[^A-Za-z0-9\-._~:]/.test(Buffer.from(value.slice('Basic '.length), 'base64').toString('utf8'))
}

export function responseFacts(response: TokenResponse): TraceFacts {
  const { status, members } = response
  const { scope, token_type: type } = members
  const cleaned = cleanerOf(response)
  return {
    status,
    members: namesOf(Object.keys(members), cleaned),
    tokenType: typeof type === 'string' ? cleaned(type) : undefined,
    scopeGranted: typeof scope === 'string' ? cleaned(scope) : undefined,
  }
}

export function bearerFacts({ bearer, lifeMs, lifeFrom, narrowedScope }: PickedBearer): TraceFacts {
  return { lifeSeconds: Math.floor(lifeMs / 1000), lifeFrom, narrowedScope, ...claimFacts(bearer) }
}

const SHOWN_CLAIMS = ['iss', 'aud', 'scope', 'exp', 'iat']

function claimFacts(bearer: Secret): TraceFacts {
  const claims = jwtClaims(bearer.reveal())
  if (!claims) return { jwt: false }
  const shown = SHOWN_CLAIMS.filter(name => claims[name] !== undefined).map(name => [name, claimText(claims[name])])
  return { jwt: true, claims: namesOf(Object.keys(claims)), ...Object.fromEntries(shown) }
}

function claimText(value: unknown): string | number {
  if (typeof value === 'number') return value
  return clean(typeof value === 'string' ? value : JSON.stringify(value))
}

function placeOf(url: URL): string {
  return `${url.host}${url.pathname}`
}

function namesOf(names: Iterable<string>, cleaned: Clean = clean): string[] {
  return [...names].slice(0, 30).map(name => cleaned(name, 40))
}

function clean(text: string, maxLength?: number): string {
  return cleanForeignText(text, [], maxLength)
}
