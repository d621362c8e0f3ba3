// How the client proves itself at the token endpoint: exactly one method per request (RFC 6749 section 2.3).
import type { ClientAuthMethod } from '../config/model.ts'

export interface ClientCredentials {
  clientId: string
  /** An empty secret is a value; `none` has no secret. */
  clientSecret: string
}

export interface ClientAuthentication {
  headers: readonly (readonly [string, string])[]
  params: readonly (readonly [string, string])[]
}

export type AuthenticateClient = (
  credentials: ClientCredentials,
) => ClientAuthentication | Promise<ClientAuthentication>

export function compileClientAuth(method: ClientAuthMethod, basicEncoding: 'form' | 'raw'): AuthenticateClient {
  switch (method) {
    case 'client_secret_basic': {
      const encode = basicEncoding === 'form' ? formEncode : (text: string) => text
      return ({ clientId, clientSecret }) => ({
        headers: [['Authorization', basicCredentials(encode(clientId), encode(clientSecret))]],
        params: [],
      })
    }
    case 'client_secret_post':
      return ({ clientId, clientSecret }) => ({
        headers: [],
        params: [
          ['client_id', clientId],
          ['client_secret', clientSecret],
        ],
      })
    case 'none':
      return ({ clientId }) => ({ headers: [], params: clientId === '' ? [] : [['client_id', clientId]] })
  }
}

/** RFC 7617, over UTF-8 bytes. */
export function basicCredentials(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`
}

/** application/x-www-form-urlencoded of one text (RFC 6749 appendix B); the unreserved characters of RFC 3986 stay. */
export function formEncode(text: string): string {
  return percentEncode(text).replaceAll('%20', '+')
}

/** Everything but `A-Za-z0-9-._~` as UTF-8 in percent form; a blank is `%20`, which all servers read the same way. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}
