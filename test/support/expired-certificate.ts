// A certificate whose time is over, which `openssl req` does not make.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Certified } from './certificates.ts'

/** Signs itself; `hosts` as openssl writes them: `DNS:localhost`, `IP:127.0.0.1`. */
export function makeExpiredCertificate(name: string, hosts: readonly string[] = ['IP:127.0.0.1']): Certified {
  const folder = mkdtempSync(join(tmpdir(), 'bearerd-expired-'))
  const file = (path: string) => join(folder, path)
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] })
  try {
    writeFileSync(file('extensions'), `subjectAltName=${hosts.join(',')}\n`)
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc', '-keyout', file('key')]
    openssl('req', '-new', ...key, '-subj', `/CN=${name}`, '-out', file('request'))
    const signed = ['-req', '-in', file('request'), '-signkey', file('key'), '-extfile', file('extensions')]
    openssl('x509', ...signed, '-days', '-1', '-out', file('certificate'))
    return { certificate: readFileSync(file('certificate'), 'utf8'), key: readFileSync(file('key'), 'utf8') }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
