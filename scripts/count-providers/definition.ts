// The catalogue's entry -> a bearerd definition, as a person would write it from the same facts.
import { stringify } from 'yaml'
import type { Entry, Step, Values } from './catalogue.ts'
import { mapValues, scopesOf } from './declared.ts'
import { clientOf, foundClient, grantOf } from './proof-words.ts'
import { type Json, Writer } from './writer.ts'

export interface Definition {
  text: string
  /** The files that the references name. */
  files: Record<string, string>
}

/** `extra` goes into each account and service. */
export function define(entry: Entry, values: Values, extra: Json): Definition {
  const writer = new Writer(values)
  const steps = entry.token_url ? [entry as Step, ...(entry.additional_steps ?? [])] : []
  const accounts: Json = {}
  steps.forEach((step, index) => {
    const last = index === steps.length - 1
    const name = last ? 'last' : `step${index + 1}`
    if (!last) writer.published(entry, index + 1)
    accounts[name] = { ...account({ entry, step, writer, index, last }), ...extra }
  })
  const own = entry.token_url ? accounts : { last: fixedHeader(entry, writer) }
  const services = { svc: { account: 'last', ...service(entry, writer), ...extra } }
  const text = stringify(
    { version: 1, ...(writer.hasVars && { vars: writer.vars }), accounts: own, services },
    { lineWidth: 0 },
  )
  return { text, files: writer.files }
}

interface Context {
  entry: Entry
  step: Step
  writer: Writer
  index: number
  last: boolean
}

function account({ entry, step, writer, index, last }: Context): Json {
  const format = step.body_format ?? entry.body_format ?? (entry.auth_mode === 'OAUTH2_CC' ? 'form' : 'json')
  if (format === 'xml') throw new Error('no XML body')
  const headers = { ...step.token_headers }
  delete headers['content-type']
  const params: Json = { ...step.token_params }
  const client =
    entry.auth_mode === 'OAUTH2_CC' ? clientOf(entry, writer) : foundClient({ entry, step, writer, params, headers })
  const grant = grantOf(entry, params, writer, step)
  const scope = scopeOf(entry, params, writer, last)
  const rest = mapValues(params, value => writer.value(value))
  const request = {
    ...(step.token_request_method && { method: step.token_request_method }),
    ...(format !== 'form' && step.token_request_method !== 'GET' && { format }),
    ...client.request,
    ...grant.request,
    ...(entry.scope_separator && entry.scope_separator !== ' ' && { scopeSeparator: entry.scope_separator }),
    ...(Object.keys(rest).length > 0 && { params: rest }),
    ...(Object.keys(headers).length > 0 && { headers: mapValues(headers, value => writer.value(value)) }),
  }
  return {
    accessTokenUri: writer.text(step.token_url),
    ...client.account,
    ...grant.account,
    scope,
    ...(Object.keys(request).length > 0 && { tokenRequest: request }),
    ...(last ? answerOf(entry) : passed(entry, index + 1)),
    ...(last && refreshOf(entry, writer)),
  }
}

function scopeOf(entry: Entry, params: Json, writer: Writer, last: boolean): unknown {
  const { scope } = params
  delete params.scope
  if (typeof scope === 'string') return [writer.filled(scope)]
  return last ? scopesOf(entry) : []
}

function pointer(path: string): string {
  return `/${path.replaceAll('.', '/')}`
}

function answerOf(entry: Entry): Json {
  const { token_response: shape } = entry
  const token = shape
    ? shape.token === ''
      ? 'text'
      : pointer(shape.token)
    : { personio: '/data/token', zoominfo: '/jwt' }[entry.name]
  const expires = expiresOf(entry)
  const publish = Object.fromEntries(
    (entry.token_response_metadata ?? [])
      .filter(name => !JSON.stringify(entry.additional_steps ?? '').includes(`step1.${name}`))
      .map(name => [name, { at: `/${name}`, hosts: [`*.${entry.name}.example`] }]),
  )
  const response = {
    ...(token && token !== '/access_token' && { token }),
    ...(expires && { expires }),
    ...(Object.keys(publish).length > 0 && { publish }),
  }
  const life = entry.token_expires_in_ms
  return {
    ...(Object.keys(response).length > 0 && { tokenResponse: response }),
    ...(life && { lifetime: { default: `${life / 1000}s` } }),
  }
}

function expiresOf(entry: Entry): Json | undefined {
  if (entry.expires_in_unit) return { at: '/expires_in', as: 'milliseconds' }
  const at = entry.token_response?.token_expiration
  if (!at || at === 'expires_in') return undefined
  return {
    at: pointer(at),
    as: entry.token_response?.token_expiration_strategy === 'expireIn' ? 'seconds' : 'datetime',
  }
}

/** A step before the last gives what the later ones name. */
function passed(entry: Entry, step: number): Json {
  const text = JSON.stringify(entry.additional_steps)
  const names = [
    ...new Set([...text.matchAll(new RegExp(`\\$\\{step${step}\\.(\\w+)\\}`, 'g'))].map(([, name]) => name!)),
  ]
  const publish = Object.fromEntries(
    names
      .filter(name => name !== 'access_token')
      .map(name => [name, { at: `/${name}`, hosts: [`*.${entry.name}.example`] }]),
  )
  const token = names.includes('access_token') ? {} : { token: `/${names[0]}` }
  return { tokenResponse: { ...token, ...(Object.keys(publish).length > 0 && { publish }) } }
}

function refreshOf(entry: Entry, writer: Writer): Json {
  const { refresh_url, refresh_token_params: params, refresh_token_headers: headers } = entry
  const pointerOf = entry.token_response?.refresh_token
  if (!params && !headers) return {}
  return {
    refresh: {
      ...(refresh_url && { accessTokenUri: writer.text(refresh_url) }),
      ...(params && { params: mapValues(params, value => writer.value(value)) }),
      ...(headers && { headers: mapValues(headers, value => writer.text(value)) }),
      ...(pointerOf && pointerOf !== 'refresh_token' && { token: pointer(pointerOf) }),
    },
  }
}

/** No token is requested: the key itself is the bearer. */
function fixedHeader(entry: Entry, writer: Writer): Json {
  const [name, text] = Object.entries(entry.proxy.headers!)[0]!
  writer.files['api-key'] = 'T.o-k_en~1'
  writer.vars.key = { file: 'api-key' }
  return { authorization: 'header', header: { name, value: text.replace(/\$\{\w+\}/, '{{vars.key}}') } }
}

function service(entry: Entry, writer: Writer): Json {
  const { headers = {}, query = {}, base_url } = entry.proxy
  const metadata = (entry.token_response_metadata ?? []).find(name => base_url.includes(`connectionConfig.${name}`))
  const chained = metadata && JSON.stringify(entry.additional_steps ?? '').includes(`step1.${metadata}`)
  const serverUrl = metadata
    ? `{{${chained ? `vars.step1_${metadata}` : `token.${metadata}`}}}`
    : writer.text(base_url).replace(/\/$/, '')
  if (!entry.token_url) return { serverUrl }
  const isToken = (text: string) => /accessToken|credentials\.token|_cookies/.test(text)
  const placed = Object.entries(headers).find(([, text]) => isToken(text))
  const inQuery = Object.entries(query).find(([, text]) => isToken(text))
  const constant = Object.fromEntries(Object.entries(headers).filter(([, text]) => !isToken(text)))
  if (Object.keys(query).length > 1) throw new Error('a second parameter in the query of each request')
  if (placed && /_cookies/.test(placed[1])) throw new Error('the cookies of the answer as they came')
  const inject = placed ? injected(placed, writer) : inQuery ? { in: 'query', name: inQuery[0] } : undefined
  return {
    serverUrl,
    ...(inject && { inject }),
    ...(Object.keys(constant).length > 0 && { headers: mapValues(constant, value => writer.value(value)) }),
  }
}

/** A prefix, and what follows it. */
function injected([name, text]: [string, string], writer: Writer): Json | undefined {
  if (text === 'Bearer ${accessToken}' && name.toLowerCase() === 'authorization') return undefined
  const [, prefix, rest] = /^([A-Za-z]+ )?(.*)$/.exec(text)!
  const value = writer.text(rest!)
  return {
    ...(name.toLowerCase() !== 'authorization' && { name }),
    prefix: prefix ?? '',
    ...(value !== '{{bearer}}' && { value }),
  }
}
