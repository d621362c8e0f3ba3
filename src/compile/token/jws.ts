// Private keys in PEM or JWK form, and what is signed with them: the one door to jose. A key never stands in an error.
import { createPrivateKey, type KeyObject } from 'node:crypto'
import { type JWTPayload, SignJWT } from 'jose'
import { AppError } from '../../base/error.ts'

export interface SigningKey {
  key: KeyObject | Uint8Array
  /** Fits the key. */
  alg: string
  /** As a JWK names itself. */
  kid?: string
}

export interface KeyOptions {
  /** How the key is called in errors, such as `clientAssertion.key` of account `a`. */
  label: string
  /** Default: what a JWK says, else the first that fits. */
  alg?: string | undefined
}

interface JwkMembers {
  alg?: unknown
  kid?: unknown
}

/** PKCS #8, PKCS #1 or SEC1 in PEM, or a JWK. Throws AppError `secret_unavailable` for anything else, or an `alg` that does not fit. */
export function readSigningKey(text: string, { label, alg }: KeyOptions): SigningKey {
  const jwk = text.trim().startsWith('{') ? parseJwk(text, label) : undefined
  const key = jwk ? importJwk(jwk, label) : importPem(text, label)
  const fitting = algorithmsOf(key)
  const wanted = alg ?? (typeof jwk?.alg === 'string' ? jwk.alg : undefined)
  if (fitting.length === 0)
    throw unusable(label, `${describeKey(key)} signs with none of the algorithms that are known`)
  if (wanted !== undefined && !fitting.includes(wanted))
    throw unusable(label, `${wanted} does not fit ${describeKey(key)}, which signs with ${fitting.join(', ')}`)
  if ((key.asymmetricKeyDetails?.modulusLength ?? 2048) < 2048)
    throw unusable(label, 'an RSA key needs 2048 bits or more (RFC 7518 section 3.3)')
  return { key, alg: wanted ?? fitting[0]!, ...(typeof jwk?.kid === 'string' && { kid: jwk.kid }) }
}

/** The compact form (RFC 7515 section 7.1). */
export function signJwt(header: Record<string, unknown>, claims: JWTPayload, key: SigningKey['key']): Promise<string> {
  return new SignJWT(claims).setProtectedHeader(header as { alg: string }).sign(key)
}

function unusable(label: string, reason: string): AppError {
  return new AppError('secret_unavailable', `${label}: ${reason}`)
}

function parseJwk(text: string, label: string): JwkMembers {
  try {
    return JSON.parse(text) as JwkMembers
  } catch {
    throw unusable(label, 'starts like a JWK but is not JSON')
  }
}

function importJwk(jwk: object, label: string): KeyObject {
  if ('keys' in jwk) throw unusable(label, 'is a set of keys; give the one private key')
  if (!('d' in jwk)) throw unusable(label, 'the JWK holds no private key')
  try {
    return createPrivateKey({ key: jwk as Record<string, string>, format: 'jwk' })
  } catch {
    throw unusable(label, 'is not a JWK that can be used')
  }
}

function importPem(text: string, label: string): KeyObject {
  // In an environment variable the line breaks often are two characters each.
  const pem = text.includes('\n') ? text : text.replaceAll('\\n', '\n')
  const kind = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(pem)?.[1] ?? ''
  if (kind === '') throw unusable(label, 'is neither PEM, which begins with `-----BEGIN`, nor a JWK')
  if (kind.includes('ENCRYPTED') || pem.includes('Proc-Type: 4,ENCRYPTED'))
    throw unusable(label, 'is encrypted; give the key without a passphrase')
  if (!kind.endsWith('PRIVATE KEY')) throw unusable(label, `is a ${kind.toLowerCase()}, not a private key`)
  try {
    return createPrivateKey(pem)
  } catch {
    throw unusable(label, 'is not a private key in PKCS #8, PKCS #1 or SEC1 form')
  }
}

const RSA = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']
const CURVES: Record<string, string> = { prime256v1: 'ES256', secp384r1: 'ES384', secp521r1: 'ES512' }

/** The default first. */
function algorithmsOf({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): string[] {
  if (type === 'rsa') return RSA
  if (type === 'ed25519') return ['EdDSA', 'Ed25519']
  const curve = type === 'ec' ? CURVES[details?.namedCurve ?? ''] : undefined
  return curve === undefined ? [] : [curve]
}

function describeKey({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): string {
  if (type === 'rsa') return 'an RSA key'
  return type === 'ec' ? `an EC key on ${details?.namedCurve}` : `an ${type} key`
}
