// What an entry declares, as requests: written down apart from the definition, so that the two can be compared.
import type { Assertion, Entry, Step, Values } from './catalogue.ts'
import { type Part, parseText } from './template.ts'

/** Texts may hold marks for what differs each time. */
export interface Request {
  method: string
  url: string
  /** Those that must be there. */
  headers: Record<string, string>
  body: { format: 'form' | 'json' | 'query' | 'xml'; members: Record<string, unknown> }
}

export interface Declared {
  steps: { request: Request; answer: Record<string, unknown> | string }[]
  refresh?: Request
  call: { url: string; headers: Record<string, string>; query: Record<string, string> }
  assertion?: Assertion
  certificate: boolean
  /** Seconds, where the answer or the entry tells them. */
  life?: number
}

export const UUID = '\u0001uuid\u0001'
export const NOW = '\u0001now\u0001'
export const JWT = '\u0001jwt\u0001'
export const TOKEN = 'T.o-k_en~1'
export const REFRESH = 'R.efresh/1'
export const CLIENT = { id: 'client-1', secret: 'fake-client-secret-of-the-test' }
const SECONDS = 3000

export type Fill = (text: string) => string

/** A text with the values in it. */
export function filler(values: Values): Fill {
  const fill = (parts: readonly Part[]): string =>
    parts
      .map(part => {
        if ('text' in part) return part.text
        if ('name' in part) return values[part.name] ?? fail(part.name)
        if (part.call === 'base64') return Buffer.from(fill(part.parts)).toString('base64')
        return fail(part.call)
      })
      .join('')
  return text => fill(parseText(text))
}

function fail(name: string): never {
  throw new Error(`the catalogue's word ${name} has no value`)
}

export function declared(entry: Entry, values: Values): Declared {
  const known: Values = {
    ...values,
    random: UUID,
    now: NOW,
    'now:YYYY-MM-DDTHH:mm:ss': NOW,
    'now+7:days:YYYY-MM-DD': new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10),
    token: JWT,
    'credentials.assertion': JWT,
    accessToken: TOKEN,
    'credentials.token': TOKEN,
    refresh_token: entry.token_response?.refresh_token === 'access_token' ? TOKEN : REFRESH,
  }
  const answers = stepAnswers(entry, known)
  const fill = filler(known)
  const first = !entry.token_url
    ? undefined
    : entry.auth_mode === 'OAUTH2_CC'
      ? clientCredentials(entry, known)
      : requestOf(entry, entry, known)
  const others = (entry.additional_steps ?? []).map(step => requestOf(step, entry, known))
  const assertion = assertionOf(entry, fill)
  const life = lifeOf(entry)
  return {
    steps: [...(first ? [first] : []), ...others].map((request, index) => ({ request, answer: answers[index]! })),
    ...((entry.refresh_token_params || entry.refresh_token_headers) && { refresh: refreshOf(entry, known) }),
    call: callOf(entry, known),
    ...(assertion && { assertion }),
    certificate: entry.require_client_certificate === true,
    ...(life && { life }),
  }
}

function requestOf(step: Step, entry: Entry, known: Values): Request {
  const fill = filler(known)
  return {
    method: step.token_request_method ?? 'POST',
    url: urlOf(step.token_url, known),
    headers: mapValues(step.token_headers ?? {}, fill),
    body: {
      format: step.body_format ?? entry.body_format ?? 'json',
      members: deepFill(step.token_params ?? {}, fill) as Request['body']['members'],
    },
  }
}

/** Values that are no part of a host are encoded. */
function urlOf(template: string, known: Values): string {
  const parts = parseText(template)
  let text = ''
  for (const part of parts) {
    if ('text' in part) text += part.text
    else {
      const value = filler(known)(`\${${'name' in part ? part.name : fail('a call in a URL')}}`)
      text += /^https:\/\/[^/]*$/.test(text) || text === '' ? value : encodeURIComponent(value)
    }
  }
  return text
}

function deepFill(value: unknown, fill: Fill): unknown {
  if (typeof value === 'string') return fill(value)
  if (value === null || typeof value !== 'object') return value
  return mapValues(value as Record<string, unknown>, inner => deepFill(inner, fill))
}

export function mapValues<T, U>(record: Record<string, T>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]))
}

/** Where the entry says nothing, the client's id and secret stand in the body. */
function clientCredentials(entry: Entry, known: Values): Request {
  const request = requestOf({ ...entry, body_format: entry.body_format ?? 'form' }, entry, known)
  const { members } = request.body
  const scopes = scopesOf(entry)
  if (scopes.length > 0) members.scope = scopes.join(entry.scope_separator ?? ' ')
  switch (entry.token_request_auth_method) {
    case 'basic':
      request.headers.authorization = `Basic ${Buffer.from(`${CLIENT.id}:${CLIENT.secret}`).toString('base64')}`
      break
    case 'custom':
      Object.assign(members, { username: CLIENT.id, password: CLIENT.secret })
      break
    case 'private_key_jwt':
      Object.assign(members, {
        client_id: CLIENT.id,
        client_assertion: JWT,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      })
      break
    default:
      Object.assign(members, { client_id: CLIENT.id, client_secret: CLIENT.secret })
  }
  return request
}

/** Two of them where the entry knows scopes at all. */
export function scopesOf(entry: Entry): string[] {
  if (entry.default_scopes && entry.auth_mode === 'OAUTH2_CC') return entry.default_scopes
  return entry.auth_mode === 'OAUTH2_CC' && entry.scope_separator ? ['orders:read', 'orders.write'] : []
}

function assertionOf(entry: Entry, fill: Fill): Assertion | undefined {
  if (entry.token_request_auth_method === 'private_key_jwt') {
    const aud = fill(entry.token_url)
    return { header: { alg: 'RS256', kid: 'key-1' }, payload: { iss: CLIENT.id, sub: CLIENT.id, aud }, seconds: 300 }
  }
  const signed = entry.token ?? (entry.assertion?.type === 'jwt' ? entry.assertion : undefined)
  if (!signed) return undefined
  const seconds = 'expires_in_ms' in signed ? signed.expires_in_ms / 1000 : Number(signed.lifetimeInSeconds)
  return {
    header: mapValues(signed.header, fill),
    payload: deepFill(signed.payload, fill) as Assertion['payload'],
    seconds,
  }
}

/** The last answer has the token; those before it have what later texts name (`${step1.x}`), which becomes known here. */
function stepAnswers(entry: Entry, known: Values): Declared['steps'][number]['answer'][] {
  const count = 1 + (entry.additional_steps?.length ?? 0)
  const answers: Record<string, unknown>[] = Array.from({ length: count - 1 }, () => ({}))
  for (const [, index, name] of JSON.stringify(entry.additional_steps ?? []).matchAll(/\$\{step(\d)\.(\w+)\}/g)) {
    const value = /url|endpoint/i.test(name!)
      ? `https://${name!.toLowerCase().replaceAll('_', '-')}.${entry.name}.example${name === 'token_endpoint' ? '/connect/token' : ''}`
      : `step-${index}-${name}`
    answers[Number(index) - 1]![name!] = value
    known[`step${index}.${name}`] = value
  }
  return [...answers, finalAnswer(entry, known)]
}

function finalAnswer(entry: Entry, known: Values): Record<string, unknown> | string {
  const { token_response: shape } = entry
  if (shape && !shape.token) return TOKEN
  const answer: Record<string, unknown> = {}
  for (const name of entry.token_response_metadata ?? []) {
    const value = known[`step1.${name}`] ?? `https://own.${entry.name}.example`
    known[`connectionConfig.${name}`] = value
    answer[name] = value
  }
  if (entry.name === 'personio') return { ...answer, success: true, data: { token: TOKEN } }
  if (entry.name === 'zoominfo') return { ...answer, jwt: TOKEN }
  set(answer, shape?.token ?? 'access_token', TOKEN)
  if (shape?.refresh_token && shape.refresh_token !== shape.token) set(answer, shape.refresh_token, REFRESH)
  if (!shape) answer.expires_in = entry.expires_in_unit ? SECONDS * 1000 : SECONDS
  else if (shape.token_expiration) set(answer, shape.token_expiration, expiration(entry))
  return answer
}

/** `expireAt` does not say how the time is written; what the vendors' pages say is in PLACES of definition.ts. */
function expiration(entry: Entry): unknown {
  if (entry.token_response?.token_expiration_strategy === 'expireIn') return SECONDS
  if (entry.name === 'tableau') return '0:00:50'
  return new Date(Date.now() + SECONDS * 1000).toISOString()
}

function set(target: Record<string, unknown>, path: string, value: unknown): void {
  const [first, ...rest] = path.split('.')
  if (rest.length === 0) {
    target[first!] = value
    return
  }
  target[first!] ??= {}
  set(target[first!] as Record<string, unknown>, rest.join('.'), value)
}

function lifeOf(entry: Entry): number | undefined {
  if (!entry.token_url) return undefined
  if (
    entry.token_response?.token_expiration ||
    (entry.auth_mode === 'OAUTH2_CC' && !['personio', 'zoominfo'].includes(entry.name))
  )
    return SECONDS
  return entry.token_expires_in_ms ? entry.token_expires_in_ms / 1000 : undefined
}

function refreshOf(entry: Entry, known: Values): Request {
  const step: Step = {
    ...entry,
    token_url: entry.refresh_url ?? entry.token_url,
    token_headers: entry.refresh_token_headers ?? entry.token_headers ?? {},
    token_params: entry.refresh_token_params ?? {},
  }
  return requestOf(step, entry, known)
}

/** The token is a bearer unless a header or the query of the entry says where it goes. */
function callOf(entry: Entry, known: Values): Declared['call'] {
  const fill = filler(known)
  const { headers = {}, query = {}, base_url } = entry.proxy
  const placed = /accessToken|credentials\.token|_cookies/.test(JSON.stringify([headers, query]))
  const filled = mapValues(headers, text => fill(text.replace('${apiKey}', TOKEN)))
  return {
    url: `${urlOf(base_url, known).replace(/\/$/, '')}/probe`,
    headers: { ...(!placed && !headers.authorization && { authorization: `Bearer ${TOKEN}` }), ...filled },
    query: mapValues(query, fill),
  }
}
