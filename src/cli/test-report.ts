// The steps of tested services -> text for people, or JSON. Everything in it was harmless before it came here.
import type { AppError } from '../base/error.ts'
import type { TraceFacts } from '../runtime/pipeline-trace.ts'

export interface TestedStep {
  step: string
  account: string
  durationMs: number
  ok: boolean
  facts: TraceFacts
  error?: AppError
  causes?: string[]
}

export interface TestedService {
  service: string
  account: string
  /** The service above that got the token of the same account; undefined where it was fetched for this one. */
  tokenOf?: string
  /** Names only. */
  params?: string[]
  ok: boolean
  durationMs: number
  steps: TestedStep[]
  /** The likeliest first. */
  causes: string[]
}

export function testsAsJson(services: readonly TestedService[]): string {
  const plain = services.map(service => ({
    ...service,
    durationMs: rounded(service.durationMs),
    steps: service.steps.map(stepAsJson),
  }))
  return `${JSON.stringify({ version: 1, services: plain }, null, 2)}\n`
}

function stepAsJson({ step, account, durationMs, ok, facts, error }: TestedStep): object {
  const told = error && {
    code: error.code,
    message: error.message,
    status: error.details.status,
    error: error.details.oauthError,
    endpoint: error.details.endpoint,
  }
  return { step, account, durationMs: rounded(durationMs), ok, ...facts, ...(told && { error: told }) }
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10
}

export function renderTests(services: readonly TestedService[]): string {
  return services.map(renderService).join('')
}

function renderService({ service, account, tokenOf, steps, causes, ok, durationMs }: TestedService): string {
  const asked = String(
    steps.findLast(({ facts }) => facts.scope !== undefined && facts.to !== undefined)?.facts.scope ?? '',
  )
  const lines = withoutRepetitions(
    steps.map(step => ({ step, what: step.error?.message ?? describe(step, asked) })),
  ).map(({ step, what }) => {
    const who = step.account === account ? '' : `${step.account}: `
    return `  ${step.ok ? 'ok    ' : 'FAILED'} ${`${who}${step.step}`.padEnd(15)} ${milliseconds(step.durationMs)}  ${what}\n`
  })
  const likely = causes.map((cause, index) => `    ${index + 1}. ${cause}\n`)
  const title = `${service} (account ${account}): ${ok ? 'ok' : 'failed'} after ${rounded(durationMs)} ms\n`
  return [
    title,
    ...(tokenOf === undefined ? [] : [`  token: see ${tokenOf} above\n`]),
    ...lines,
    ...(likely.length > 0 ? ['  likely causes, the likeliest first:\n', ...likely] : []),
    '\n',
  ].join('')
}

interface Line {
  step: TestedStep
  what: string
}

/** Of a further attempt only what is new: what went well as before is left out, and a failure is not told twice. */
function withoutRepetitions(lines: readonly Line[]): Line[] {
  const last = new Map<string, string>()
  return lines.flatMap(({ step, what }) => {
    const key = `${step.account} ${step.step} ${step.ok}`
    const before = last.get(key)
    last.set(key, what)
    if (before !== what) return [{ step, what }]
    return step.ok ? [] : [{ step, what: 'the same' }]
  })
}

function milliseconds(ms: number): string {
  return `${ms.toFixed(1)} ms`.padStart(10)
}

function describe({ step, facts }: TestedStep, asked: string): string {
  return (
    clauses[step]?.(facts, asked)
      .filter(clause => clause !== '')
      .join('; ') ?? ''
  )
}

const clauses: Record<string, (facts: TraceFacts, asked: string) => string[]> = {
  'resolve-secrets': ({ from }) => [listOf(from) || 'no secret is needed'],
  discover: ({ issuer, tokenEndpoint, authMethodsOffered }) => [
    `issuer ${String(issuer)}`,
    tokenEndpoint === undefined ? 'not read: accessTokenUri is written' : `token endpoint ${String(tokenEndpoint)}`,
    authMethodsOffered === undefined ? '' : `offers ${listOf(authMethodsOffered) || 'no method'}`,
  ],
  'expand-template': ({ method, to, headers, parameters, query }) => [
    `${String(method)} ${String(to)}`,
    named('query', query),
    named('headers', headers),
    named('parameters', parameters),
  ],
  'request-token': ({ status, members, tokenType, scopeGranted }, asked) => [
    `${String(status)}`,
    named('members', members),
    tokenType === undefined ? 'no token_type' : `token_type ${String(tokenType)}`,
    scopeGranted === undefined
      ? `scope as asked (${asked || 'none'})`
      : `scope granted ${String(scopeGranted)}, asked ${asked || 'none'}`,
  ],
  pause: ({ attempt }) => [`before attempt ${String(attempt)}`],
  'pick-bearer': facts => [lifeOf(facts), facts.jwt ? named('JWT with', facts.claims) : 'not a JWT', claimsOf(facts)],
  inject: ({ headers, query }) => [named('headers', headers), named('query', query)],
  'health-check': ({ path, status }) => [`GET ${String(path)}: ${String(status)}`],
}

const LIFE_FROM: Record<string, string> = {
  expires_in: 'as expires_in says',
  exp: "as the JWT's exp says",
  lifetime: 'as the `lifetime` of the account says',
  default: 'assumed: nobody told',
}

function lifeOf({ lifeSeconds, lifeFrom }: TraceFacts): string {
  return `lives ${String(lifeSeconds)} s, ${LIFE_FROM[String(lifeFrom)] ?? `from ${String(lifeFrom)}`}`
}

function claimsOf(facts: TraceFacts): string {
  if (!facts.jwt) return ''
  const shown = ['iss', 'aud', 'scope', 'iat', 'exp'].filter(name => facts[name] !== undefined)
  return shown
    .map(name => `${name} ${name === 'iat' || name === 'exp' ? timeOf(facts[name]) : String(facts[name])}`)
    .join(', ')
}

function timeOf(value: TraceFacts[string]): string {
  const date = new Date(Number(value) * 1000)
  return Number.isNaN(date.getTime()) ? 'no time' : date.toISOString()
}

function named(word: string, names: TraceFacts[string]): string {
  const list = listOf(names)
  return list === '' ? '' : `${word} ${list}`
}

function listOf(names: TraceFacts[string]): string {
  return Array.isArray(names) ? names.join(', ') : ''
}
