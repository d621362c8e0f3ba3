// The parameters of a token request -> the URL and the body that are sent.
import { percentEncode } from './client-auth.ts'

/** What a parameter may be; a list is a repeated parameter, or an array of JSON. A mapping is for JSON only. */
export type ParameterValue = string | number | boolean | ParameterValue[] | { [name: string]: ParameterValue }

/** One parameter as it is sent: the name on the wire and its value. */
export type Parameter = readonly [name: string, value: ParameterValue]

export interface EncodedRequest {
  url: URL
  body: string
  /** No charset: some servers compare the type exactly. Undefined where there is no body. */
  contentType?: string
}

/**
 * No parameter is sent that stands in the URL's own query, or that an earlier one has named; outside of JSON, where an empty
 * text is a value, none without a value (RFC 6749 section 3.2).
 */
export function encodeRequest(
  url: URL,
  format: 'form' | 'json' | 'query',
  params: readonly Parameter[],
): EncodedRequest {
  const taken = new Set(url.searchParams.keys())
  const sent = params.filter(([name, value]) => {
    if (taken.has(name) || (format !== 'json' && isEmpty(value))) return false
    taken.add(name)
    return true
  })
  switch (format) {
    case 'form':
      return { url, body: encodeForm(sent), contentType: 'application/x-www-form-urlencoded' }
    case 'json':
      return { url, body: encodeJson(sent), contentType: 'application/json' }
    case 'query':
      return { url: withQuery(url, encodeForm(sent)), body: '' }
  }
}

function isEmpty(value: ParameterValue): boolean {
  return value === '' || (Array.isArray(value) && value.length === 0)
}

/** application/x-www-form-urlencoded: a blank is `%20`, a plus `%2B`; a parameter without a value is left out (RFC 6749 section 3.2). */
export function encodeForm(params: readonly Parameter[]): string {
  const pairs = params.flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map(item => [name, item]))
  const sent = pairs.filter(([, value]) => value !== '')
  return sent.map(pair => pair.map(part => percentEncode(String(part))).join('=')).join('&')
}

function encodeJson(params: readonly Parameter[]): string {
  return JSON.stringify(Object.fromEntries(params))
}

/** Whatever query the URL has stays. */
function withQuery(url: URL, query: string): URL {
  const extended = new URL(url)
  if (query !== '') extended.search = url.search === '' ? query : `${url.search}&${query}`
  return extended
}
