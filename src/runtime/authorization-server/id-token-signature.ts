// The signature of an ID token, by the keys that its issuer publishes (RFC 7517). Keys are kept, and read again for a key ID
// that is not among them, but not more often than every half minute; the last good ones serve a day while they cannot be read.
import {
  type CompactVerifyGetKey,
  compactVerify,
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  type JSONWebKeySet,
  type JWKSCacheInput,
  jwksCache,
} from 'jose'
import { systemClock } from '../../base/clock.ts'
import { AppError } from '../../base/error.ts'
import type { Log } from '../../base/log.ts'
import type { Secret } from '../../base/secret.ts'
import type { Connection } from '../../compile/plan.ts'
import { idTokenError } from '../../compile/token/id-token.ts'
import { connectionIdentity, trustIdentity } from '../connections/connections.ts'
import type { TokenEndpoint } from './token-endpoint.ts'

/** Where an issuer publishes its keys, and how that is reached. */
export interface PublishedKeys {
  uri: URL | undefined
  connection?: Connection | undefined
}

export interface IdTokenKeys {
  /** Rejects with AppError `token_invalid_response`, or with what reading the keys rejects with. */
  verify(account: string, token: Secret, jwks: PublishedKeys): Promise<void>
}

interface Keys {
  find: CompactVerifyGetKey
  /** As they were read last. */
  last: JWKSCacheInput
  trust: string
}

const COOLDOWN_MS = 30_000
const MAX_AGE_MS = 600_000
/** A key that was withdrawn counts no longer than this, whoever keeps its issuer away. */
const LAST_GOOD_MS = 86_400_000
const TIMEOUT_MS = 5_000
const MAX_SETS = 1_000

/** Only signatures that everybody can check: a public key is no secret for HS256. */
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
]

export function createIdTokenKeys(tokenEndpoint: TokenEndpoint, log: Log): IdTokenKeys {
  const sets = new Map<string, Keys>()
  /** What came by the connection of one account says nothing to one that believes other servers. */
  const keysOf = (account: string, uri: URL, connection: Connection | undefined): Keys => {
    const key = `${connectionIdentity(connection)} ${uri.href}`
    const trust = `${trustIdentity(connection)} ${uri.href}`
    const twin = () => [...sets.values()].findLast(keys => keys.trust === trust)
    const keys =
      sets.get(key) ?? createKeys(tokenEndpoint, account, { url: uri, connection, trust, last: twin()?.last })
    sets.delete(key)
    sets.set(key, keys)
    if (sets.size > MAX_SETS) sets.delete(sets.keys().next().value!)
    return keys
  }
  return {
    async verify(account, token, { uri, connection }) {
      if (!uri) throw idTokenError(account, "cannot be checked: the issuer's metadata has no usable jwks_uri")
      const verifyBy = (find: CompactVerifyGetKey) => compactVerify(token.reveal(), find, { algorithms: ALGORITHMS })
      const { find, last } = keysOf(account, uri, connection)
      try {
        await verifyBy(find).catch(async error => {
          const jwks = lastGood(last)
          if (!jwks || !isUnread(error)) throw error
          await verifyBy(createLocalJWKSet(jwks)).catch(() => Promise.reject(error))
          log.warn(
            { account, keys: `${uri.host}${uri.pathname}` },
            "the issuer's keys cannot be read: the last good ones serve",
          )
        })
      } catch (error) {
        // An error of the package may hold the token.
        throw error instanceof AppError ? error : idTokenError(account, faultOf((error as { code?: string }).code))
      }
    },
  }
}

interface KeysDocument {
  url: URL
  connection: Connection | undefined
  trust: string
  last: JWKSCacheInput | undefined
}

function createKeys(tokenEndpoint: TokenEndpoint, account: string, document: KeysDocument): Keys {
  const last: JWKSCacheInput = { ...document.last }
  const find = createRemoteJWKSet(document.url, {
    cooldownDuration: COOLDOWN_MS,
    cacheMaxAge: MAX_AGE_MS,
    [jwksCache]: last,
    async [customFetch]() {
      const { status, text } = await tokenEndpoint.read(account, document, TIMEOUT_MS)
      return new Response(text, { status: status === 200 ? 200 : 502 })
    },
  })
  return { find, last, trust: document.trust }
}

/** The package writes down when it read them, by the time of the system. */
function lastGood({ jwks, uat }: JWKSCacheInput): JSONWebKeySet | undefined {
  return uat !== undefined && systemClock.nowMs() - uat < LAST_GOOD_MS ? jwks : undefined
}

/** The keys, not the token, are at fault. */
function isUnread(error: unknown): boolean {
  return error instanceof AppError || faultOf((error as { code?: string }).code) === UNREAD
}

const UNREAD = "cannot be checked with its issuer's keys"

function faultOf(code: string | undefined): string {
  switch (code) {
    case 'ERR_JWKS_NO_MATCHING_KEY':
      return 'is signed with a key that its issuer does not publish'
    case 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED':
      return 'has a wrong signature'
    case 'ERR_JOSE_ALG_NOT_ALLOWED':
      return 'is signed with an algorithm that the published keys cannot check'
    default:
      return UNREAD
  }
}
