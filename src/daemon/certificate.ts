// The files of `daemon.tls` -> what a listener speaks TLS with. Read anew when they change; what does not fit together, as in
// the middle of a rotation, is not used.
import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { createSecureContext } from 'node:tls'
import { systemErrorCode } from '../base/error.ts'
import type { TlsSettings } from '../config/model/model.ts'
import type { ListenerTls, TlsContext } from '../server/http-server.ts'

/** Why the files cannot be used, in words for the operator. */
export class CertificateError extends Error {}

export class Certificate implements ListenerTls {
  #context: TlsContext
  #leaf: X509Certificate

  private constructor(context: TlsContext) {
    this.#context = context
    this.#leaf = new X509Certificate(context.cert)
  }

  /** Rejects with CertificateError. */
  static async read(settings: TlsSettings): Promise<Certificate> {
    return new Certificate(await readContext(settings))
  }

  get context(): TlsContext {
    return this.#context
  }

  covers(host: string): boolean {
    return (isIP(host) ? this.#leaf.checkIP(host) : this.#leaf.checkHost(host)) !== undefined
  }

  /** Reads the files again; whether they differ. Rejects with CertificateError, and changes nothing then. */
  async refresh(settings: TlsSettings): Promise<boolean> {
    const context = await readContext(settings)
    if (JSON.stringify(context) === JSON.stringify(this.#context)) return false
    this.#leaf = new X509Certificate(context.cert)
    this.#context = context
    return true
  }

  /** RFC 3339. */
  get expiresAt(): string {
    return new Date(Date.parse(this.#leaf.validTo)).toISOString()
  }
}

async function readContext({ certFile, keyFile, caFile }: TlsSettings): Promise<TlsContext> {
  const context = {
    cert: await readPem(certFile, 'certFile'),
    key: await readPem(keyFile, 'keyFile'),
    ca: caFile === undefined ? [] : await readPem(caFile, 'caFile'),
  }
  try {
    createSecureContext(context)
    new X509Certificate(context.cert)
  } catch {
    // The message of the library may quote the key.
    throw new CertificateError('`daemon.tls`: certificate and key do not fit together, or are not in PEM')
  }
  return context
}

async function readPem(path: string, key: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new CertificateError(`\`daemon.tls.${key}\`: ${path} cannot be read (${systemErrorCode(error)})`)
  }
}
