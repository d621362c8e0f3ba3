// Certificates for tests, made by openssl when they are asked for: no key lies in the repository.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Certified {
  /** PEM. */
  certificate: string
  /** PEM, PKCS #8. */
  key: string
}

export interface CertificateOptions {
  /** Common name. */
  name: string
  /** The whole subject, as `openssl req -subj` takes it. */
  subject?: string
  /** Who signs it; itself when left out. */
  by?: Certified
  /** Its own key, PEM; default a new one on P-256. */
  key?: string
  /** It may sign others. */
  authority?: boolean
  /** Names of hosts and addresses, as openssl writes them: `DNS:localhost`, `IP:127.0.0.1`. */
  hosts?: readonly string[]
  /** From now; already over when negative. */
  days?: number
}

export function makeCertificate({
  name,
  subject = `/CN=${name}`,
  by,
  key,
  authority = false,
  hosts = [],
  days = 2,
}: CertificateOptions): Certified {
  const folder = mkdtempSync(join(tmpdir(), 'bearerd-certificate-'))
  const file = (path: string) => join(folder, path)
  try {
    if (by) {
      writeFileSync(file('by.crt'), by.certificate)
      writeFileSync(file('by.key'), by.key)
    }
    if (key) writeFileSync(file('own.key'), key)
    const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc', '-keyout', file('own.key')]
    const extensions = [
      `basicConstraints=critical,CA:${authority ? 'TRUE' : 'FALSE'}`,
      ...(hosts.length > 0 ? [`subjectAltName=${hosts.join(',')}`] : []),
    ]
    const args = [
      ...['req', '-x509', '-sha256', ...(key ? ['-key', file('own.key')] : newKey)],
      ...['-utf8', '-subj', subject, '-days', String(days)],
      ...['-out', file('own.crt')],
      ...(by ? ['-CA', file('by.crt'), '-CAkey', file('by.key')] : []),
      ...extensions.flatMap(extension => ['-addext', extension]),
    ]
    execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] })
    return { certificate: readFileSync(file('own.crt'), 'utf8'), key: readFileSync(file('own.key'), 'utf8') }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
