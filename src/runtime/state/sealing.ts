// The operator's key -> names that say nothing, and values that only the same key opens.
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { AppError } from '../../base/error.ts'
import { Secret } from '../../base/secret.ts'

export interface Sealing {
  /** Tells keys apart, and nothing about them. */
  keyId: string
  /** Equal for equal texts under one key. */
  name(text: Secret): Buffer
  /** The names under all keys, the one of the first key first. */
  names(text: Secret): Buffer[]
  /** AES-256-GCM, for this place only: moved to another one it does not open. */
  seal(text: Secret, place: string): Buffer
  /** Undefined for what was sealed under another key, for another place, or changed. */
  open(sealed: Buffer, place: string): Secret | undefined
  sealBytes(bytes: Buffer, place: string): Buffer
  openBytes(sealed: Buffer, place: string): Buffer | undefined
}

const [NONCE_BYTES, TAG_BYTES, KEY_BYTES] = [12, 16, 32]
/** First byte of what is sealed, for a later format. */
const FORMAT = Buffer.from([1])

/** The first key makes names and seals; each of them opens what it sealed. Throws AppError `state_unavailable` for what is not 32 bytes in base64 or hexadecimal. */
export function createSealing(...encryptionKeys: readonly Secret[]): Sealing {
  const [first, ...earlier] = encryptionKeys.map(sealingOf)
  if (!first) throw new Error('nothing is sealed without a key')
  const openBytes: Sealing['openBytes'] = (sealed, place) => {
    for (const one of [first, ...earlier]) {
      const bytes = one.openBytes(sealed, place)
      if (bytes) return bytes
    }
    return undefined
  }
  return {
    ...first,
    names: text => [first, ...earlier].map(one => one.name(text)),
    seal: (text, place) => first.sealBytes(Buffer.from(text.reveal()), place),
    open(sealed, place) {
      const bytes = openBytes(sealed, place)
      return bytes && new Secret(bytes.toString('utf8'))
    },
    openBytes,
  }
}

function sealingOf(encryptionKey: Secret): Pick<Sealing, 'keyId' | 'name' | 'sealBytes' | 'openBytes'> {
  const key = decodeKey(encryptionKey)
  const derive = (use: string, length = KEY_BYTES) => Buffer.from(hkdfSync('sha256', key, '', `bearerd ${use}`, length))
  const [nameKey, valueKey] = [derive('token names'), derive('token values')]
  const sealBytes: Sealing['sealBytes'] = (bytes, place) => {
    const nonce = randomBytes(NONCE_BYTES)
    const cipher = createCipheriv('aes-256-gcm', valueKey, nonce).setAAD(Buffer.from(place))
    const body = Buffer.concat([cipher.update(bytes), cipher.final()])
    return Buffer.concat([FORMAT, nonce, cipher.getAuthTag(), body])
  }
  const openBytes: Sealing['openBytes'] = (sealed, place) => {
    const body = 1 + NONCE_BYTES + TAG_BYTES
    if (sealed.length < body || sealed[0] !== FORMAT[0]) return undefined
    const nonce = sealed.subarray(1, 1 + NONCE_BYTES)
    const decipher = createDecipheriv('aes-256-gcm', valueKey, nonce, { authTagLength: TAG_BYTES })
    decipher.setAAD(Buffer.from(place)).setAuthTag(sealed.subarray(1 + NONCE_BYTES, body))
    try {
      return Buffer.concat([decipher.update(sealed.subarray(body)), decipher.final()])
    } catch {
      return undefined
    }
  }
  return {
    keyId: derive('key id', 4).toString('hex'),
    name: text => createHmac('sha256', nameKey).update(text.reveal()).digest(),
    sealBytes,
    openBytes,
  }
}

function decodeKey(encryptionKey: Secret): Buffer {
  const text = encryptionKey.reveal().trim()
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex')
  if (/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return Buffer.from(text, 'base64')
  const hint = 'make one with `openssl rand -base64 32`'
  throw new AppError(
    'state_unavailable',
    `\`daemon.state.encryptionKey\` is not 32 bytes in base64 or hexadecimal: ${hint}`,
  )
}
