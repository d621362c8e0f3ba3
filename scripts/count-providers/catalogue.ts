// The catalogue's machine-to-machine OAuth entries, and a value for each thing that a connection would say.
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { namesIn, parseText } from './template.ts'

export interface Step {
  token_url: string
  token_request_method?: 'GET'
  token_params?: Record<string, unknown>
  token_headers?: Record<string, string>
  body_format?: 'form' | 'json' | 'query' | 'xml'
}

export interface Assertion {
  header: Record<string, string>
  payload: Record<string, unknown>
  seconds: number
}

export interface Entry extends Step {
  name: string
  auth_mode: 'OAUTH2_CC' | 'TWO_STEP'
  token_request_auth_method?: 'basic' | 'custom' | 'private_key_jwt'
  require_client_certificate?: boolean
  scope_separator?: string
  default_scopes?: string[]
  expires_in_unit?: 'milliseconds'
  token_expires_in_ms?: number
  token_response?: Record<'token' | 'token_expiration' | 'token_expiration_strategy' | 'refresh_token', string>
  token_response_headers?: string[]
  token_response_metadata?: string[]
  refresh_url?: string
  refresh_token_params?: Record<string, unknown>
  refresh_token_headers?: Record<string, string>
  additional_steps?: Step[]
  assertion?: { type: 'jwt' | 'saml'; lifetimeInSeconds: number | string } & Omit<Assertion, 'seconds'>
  token?: { expires_in_ms: number } & Omit<Assertion, 'seconds'>
  proxy: { base_url: string; headers?: Record<string, string>; query?: Record<string, string> }
}

type Raw = Omit<Entry, 'name'> & { alias?: string }

/** Client credentials and two-step entries; an alias is the entry that it names with its own words over it. */
export function readEntries(path: string): Entry[] {
  const raw = parse(readFileSync(path, 'utf8'), { merge: true, maxAliasCount: -1 }) as Record<string, Raw>
  const whole = (name: string): Raw => {
    const own = raw[name]!
    return own.alias ? { ...whole(own.alias), ...own } : own
  }
  return Object.keys(raw)
    .map(name => ({ ...whole(name), name }))
    .filter(({ auth_mode }) => auth_mode === 'OAUTH2_CC' || auth_mode === 'TWO_STEP')
}

/** What a connection says, by the name that stands in the catalogue's texts. */
export type Values = Record<string, string>

/** A value fits where it stands: an origin, a host, labels of one, or anything. */
export function valuesOf(entry: Entry): Values {
  const urls = [
    entry.token_url,
    entry.proxy.base_url,
    entry.refresh_url,
    ...(entry.additional_steps ?? []).map(step => step.token_url),
  ]
  const values: Values = {}
  for (const url of urls) if (url) Object.assign(values, { ...hostValues(url, entry.name), ...values })
  for (const name of namesIn(parseText(JSON.stringify(entry).replaceAll('||', ';')))) values[name] ??= plainValue(name)
  return values
}

function hostValues(url: string, owner: string): Values {
  const values: Values = {}
  const [first] = url.split(' || ')
  const whole = /^\$\{(connectionConfig\.\w+)\}/.exec(first!)
  if (whole) values[whole[1]!] = `https://origin.${owner}.example`
  const authority = /^https:\/\/([^/]*)/.exec(first!)?.[1] ?? ''
  for (const [text, name] of authority.matchAll(/\$\{([\w.]+)\}/g)) {
    const last = authority.endsWith(text)
    values[name!] = last
      ? `${name!.split('.')[1]!.toLowerCase().replaceAll('_', '-')}.${owner}.example`
      : `l-${name!.split('.')[1]!.toLowerCase()}`
  }
  return values
}

/** Secrets have characters that must be encoded in a form, in a query and in JSON. */
function plainValue(name: string): string {
  const [kind, member] = name.split('.')
  if (/scope/.test(name)) return 'orders.all'
  if (/thumbprint/i.test(name)) return 'a'.repeat(64)
  return kind === 'credentials' ? `fake-${member}+/%&="x` : `some ${member ?? kind}`
}
