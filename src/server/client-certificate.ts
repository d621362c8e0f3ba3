// The certificate that a client showed on a connection -> its fingerprint, where it may count.
import { X509Certificate } from 'node:crypto'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'

const fingerprints = new WeakMap<Socket, string | undefined>()

/**
 * SHA-256 in lower-case hexadecimal of a certificate that is valid now; where there are authorities, only of one that
 * comes from them. Without authorities the fingerprint alone says whose it is. Judged once a connection.
 */
export function clientCertificate(socket: Socket, authorities: boolean): string | undefined {
  if (!(socket as TLSSocket).encrypted) return undefined
  if (!fingerprints.has(socket)) fingerprints.set(socket, judge(socket as TLSSocket, authorities))
  return fingerprints.get(socket)
}

function judge(socket: TLSSocket, authorities: boolean): string | undefined {
  const { raw } = socket.getPeerCertificate()
  if (!raw || (authorities && !socket.authorized)) return undefined
  const { fingerprint256, validFrom, validTo } = new X509Certificate(raw)
  const now = Date.now()
  if (now < Date.parse(validFrom) || now > Date.parse(validTo)) return undefined
  return fingerprint256.replaceAll(':', '').toLowerCase()
}
