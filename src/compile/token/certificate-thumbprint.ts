// A certificate, or its thumbprint in any usual spelling -> the `x5t#S256` of a JWT header (RFC 7515 section 4.1.8).
import { KeyObject, X509Certificate } from 'node:crypto'
import { AppError } from '../../base/error.ts'

/** Of a PEM certificate, the SHA-256 of its DER form; a given private key must be that of the certificate. Throws AppError `secret_unavailable`. */
export function certificateThumbprint(text: string, key: unknown, label: string): string {
  if (text.includes('-----BEGIN')) return thumbprintOf(readCertificate(text, label), key, label)
  const trimmed = text.trim()
  const hex = trimmed.replaceAll(':', '')
  if (/^[0-9a-f]{64}$/i.test(hex)) return Buffer.from(hex, 'hex').toString('base64url')
  if (/^[\w+/-]{43}=?$/.test(trimmed)) return Buffer.from(trimmed, 'base64').toString('base64url')
  throw unusable(label, 'is neither a certificate in PEM form nor the SHA-256 thumbprint of one')
}

/** The first of the text, which in a chain is that of the client. */
function readCertificate(text: string, label: string): X509Certificate {
  try {
    return new X509Certificate(text)
  } catch {
    throw unusable(label, 'is not a certificate in PEM form')
  }
}

function thumbprintOf(certificate: X509Certificate, key: unknown, label: string): string {
  if (key instanceof KeyObject && !certificate.checkPrivateKey(key))
    throw unusable(label, 'the certificate is that of another key')
  return Buffer.from(certificate.fingerprint256.replaceAll(':', ''), 'hex').toString('base64url')
}

function unusable(label: string, reason: string): AppError {
  return new AppError('secret_unavailable', `${label} ${reason}`)
}
