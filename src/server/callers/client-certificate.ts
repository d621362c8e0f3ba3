// The certificate that a client showed on a connection -> what of it may count.
import { X509Certificate } from 'node:crypto'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { alternativeNamesOf, subjectOf } from '../../config/definitions/certificate-name.ts'
import type { ShownCertificate } from '../../runtime/generation/live-callers.ts'

interface Judged {
  certificate: ShownCertificate
  validFromMs: number
  validToMs: number
}

const judged = new WeakMap<Socket, Judged | undefined>()

/**
 * Of a certificate that is valid now; where there are authorities, only of one that comes from them. Without authorities
 * the fingerprint alone says whose it is, and its names say nothing.
 */
export function clientCertificate(socket: Socket, authorities: boolean): ShownCertificate | undefined {
  if (!(socket as TLSSocket).encrypted) return undefined
  const { authorized } = socket as TLSSocket
  if (authorities && !authorized) return undefined
  if (!judged.has(socket)) judged.set(socket, judge(socket as TLSSocket))
  const known = judged.get(socket)
  const nowMs = Date.now()
  if (!known || nowMs < known.validFromMs || nowMs > known.validToMs) return undefined
  return authorities ? known.certificate : { sha256: known.certificate.sha256, alternativeNames: [] }
}

/** Read once a connection. */
function judge(socket: TLSSocket): Judged | undefined {
  const { raw } = socket.getPeerCertificate()
  if (!raw) return undefined
  const { fingerprint256, validFrom, validTo, subject, subjectAltName } = new X509Certificate(raw)
  // Of what no authority signed, not even the form is sure.
  const names = socket.authorized
    ? { subject: subject && subjectOf(subject), alternativeNames: alternativeNamesOf(subjectAltName ?? '') }
    : { alternativeNames: [] }
  return {
    certificate: { sha256: fingerprint256.replaceAll(':', '').toLowerCase(), ...names },
    validFromMs: Date.parse(validFrom),
    validToMs: Date.parse(validTo),
  }
}
