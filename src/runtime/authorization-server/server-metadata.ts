// The text of a metadata document -> what is used of it, or why nothing of it is (RFC 8414 section 3.3, OpenID Connect
// Discovery section 4.3). What a server says of itself is believed only under its own issuer.
import { cleanForeignText } from '../../base/secret.ts'
import type { Issuer } from '../../compile/plan.ts'
import { isLoopback } from '../../config/templates/uri-template.ts'

export interface ServerMetadata {
  issuer: string
  tokenEndpoint: URL
  /** RFC 8705 section 5: for clients that authenticate by certificate. */
  mtlsTokenEndpoint?: URL
  revocationEndpoint?: URL
  jwksUri?: URL
  /** Absent when the document does not say. */
  authMethods?: readonly string[]
}

export interface ExpectedIssuer extends Issuer {
  allowHttp: boolean
}

/** `fault` is a part of a sentence; `weight` is how much it says about what is wrong. */
export type ReadMetadata = { metadata: ServerMetadata } | { fault: string; weight: 1 | 2 }

/** Where the metadata may be, in the order in which it is looked for. A terminating slash is removed first. */
export function metadataLocations({ url }: Issuer): URL[] {
  const path = url.pathname.replace(/\/$/, '')
  return [`/.well-known/oauth-authorization-server${path}`, `${path}/.well-known/openid-configuration`].map(pathname =>
    Object.assign(new URL(url), { pathname }),
  )
}

export function readMetadata(text: string, issuer: ExpectedIssuer): ReadMetadata {
  const members = parseObject(text)
  if (!members) return { fault: 'is no JSON object', weight: 1 }
  const said = members.issuer
  if (said !== issuer.identifier) {
    const shown = typeof said === 'string' ? `says that the issuer is ${cleanForeignText(said, [])}` : 'names no issuer'
    return { fault: `${shown}, not ${issuer.identifier}: nothing of it is used`, weight: 2 }
  }
  const tokenEndpoint = endpointOf(members.token_endpoint, issuer)
  if (!tokenEndpoint) return { fault: 'has no usable token_endpoint (an https URL)', weight: 2 }
  const aliases = (members.mtls_endpoint_aliases ?? {}) as Record<string, unknown>
  const methods = members.token_endpoint_auth_methods_supported
  const optional = {
    mtlsTokenEndpoint: endpointOf(aliases.token_endpoint, issuer),
    revocationEndpoint: endpointOf(members.revocation_endpoint, issuer),
    jwksUri: endpointOf(members.jwks_uri, issuer),
    authMethods: Array.isArray(methods)
      ? methods.slice(0, 20).map(method => cleanForeignText(String(method), [], 60))
      : undefined,
  }
  return { metadata: { issuer: issuer.identifier, tokenEndpoint, ...defined(optional) } }
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(text.replace(/^\ufeff/, '')) as unknown
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

/** https; plain http only within loopback, or where the account allows it. */
function endpointOf(value: unknown, issuer: ExpectedIssuer): URL | undefined {
  if (typeof value !== 'string' || !URL.canParse(value)) return undefined
  const url = new URL(value)
  if (url.username || url.password || url.hash) return undefined
  if (url.protocol === 'https:') return url
  const within = isLoopback(issuer.url.hostname) && isLoopback(url.hostname)
  return url.protocol === 'http:' && (within || issuer.allowHttp) ? url : undefined
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

function defined<T extends object>(members: T): Defined<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Defined<T>
}
