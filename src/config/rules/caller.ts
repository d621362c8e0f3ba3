// A caller of the daemon that nobody could be, or whose rights cannot be read.
import { createDidYouMean } from '../../diagnostics/suggest.ts'
import { subjectText } from '../definitions/certificate-name.ts'
import { type Draft, namesOf } from '../definitions/draft.ts'
import type { Caller, CallerCertificate, Place } from '../model/model.ts'
import { compilePattern } from '../templates/pattern.ts'
import type { ConfigurationRule, Finding } from './rule.ts'

type Report = (finding: Finding) => void

export const caller: ConfigurationRule = {
  scope: 'configuration',
  codes: ['daemon/caller', 'reference/unknown-service', 'reference/unknown-action'],
  severity: 'error',
  check(draft, report) {
    for (const one of draft.daemon.callers ?? []) {
      checkProof(one, draft, report)
      checkNames({ kind: 'service', ...one, names: one.services }, draft, report)
      checkNames({ kind: 'action', ...one, names: one.actions }, draft, report)
      checkPatterns(one, report)
    }
  },
}

function checkProof({ name, place, token, tokenSha256, certificate }: Caller, draft: Draft, report: Report): void {
  if (certificate !== undefined && draft.daemon.tls === undefined) {
    report({
      place: { ...place, path: [...place.path, 'certificate'] },
      part: 'key',
      message: 'client certificates come by TLS, and the listener has none',
      hint: 'set `daemon.tls`, or give the caller `token` or `tokenSha256`',
    })
  }
  if (certificate !== undefined)
    checkCertificate(certificate, { ...place, path: [...place.path, 'certificate'] }, draft, report)
  if (token !== undefined || tokenSha256 !== undefined || certificate !== undefined) return
  report({
    place,
    part: 'key',
    message: `nothing tells who caller \`${name}\` is`,
    hint: 'give it `token`, a secret, or `tokenSha256`, or `certificate`',
  })
}

/** Whoever makes a certificate chooses the names in it. */
function checkCertificate(certificate: CallerCertificate, place: Place, { daemon }: Draft, report: Report): void {
  const key = 'subject' in certificate ? 'subject' : 'san'
  if (!(key in certificate)) return
  const at = { ...place, path: [...place.path, key] }
  if (daemon.tls && daemon.tls.caFile === undefined) {
    report({
      place: at,
      part: 'key',
      message: `\`${key}\` counts only where an authority vouches for it: anybody can make a certificate with this name`,
      hint: 'set `daemon.tls.caFile`, or give `file` or `sha256`',
    })
  }
  if ('subject' in certificate && subjectText(certificate.subject) === undefined) {
    report({
      place: at,
      message: 'this is no distinguished name as in RFC 4514',
      hint: 'write it as `openssl x509 -noout -subject -nameopt RFC2253` does, such as CN=billing,O=Shop,C=DE',
    })
  }
}

interface Listed {
  kind: 'service' | 'action'
  place: Place
  names: readonly string[]
}

function checkNames({ kind, place, names }: Listed, draft: Draft, report: Report): void {
  const unknown = [...names.entries()].filter(([, name]) => name !== '*' && !draft.ids.has(`${kind} ${name}`))
  if (unknown.length === 0) return
  const known = namesOf(draft, kind)
  const didYouMean = createDidYouMean()
  for (const [index, listed] of unknown) {
    if (known.has(listed)) continue
    const meant = didYouMean(listed, known)
    // A file that could not be read may define it.
    if (!draft.allNamed && meant === undefined) continue
    report({
      code: `reference/unknown-${kind}`,
      place: { ...place, path: [...place.path, `${kind}s`, index] },
      message: `no ${kind} \`${listed}\``,
      hint: meant ?? `define it below \`${kind}s\``,
    })
  }
}

function checkPatterns({ parameters }: Caller, report: Report): void {
  for (const { place, allowed } of parameters) {
    const compiled = 'pattern' in allowed ? compilePattern(allowed.pattern) : undefined
    if (compiled && 'fault' in compiled)
      report({ place: { ...place, path: [...place.path, 'pattern'] }, message: compiled.fault })
  }
}
