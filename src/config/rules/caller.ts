// A caller of the daemon that nobody could be, or whose rights cannot be read.
import { didYouMean } from '../../diagnostics/suggest.ts'
import { type Draft, namesOf } from '../definitions/draft.ts'
import type { Caller, Place } from '../model/model.ts'
import { compilePattern } from '../templates/pattern.ts'
import type { Finding, Rule } from './rule.ts'

type Report = (finding: Finding) => void

export const caller: Rule = {
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
  if (token !== undefined || tokenSha256 !== undefined || certificate !== undefined) return
  report({
    place,
    part: 'key',
    message: `nothing tells who caller \`${name}\` is`,
    hint: 'give it `token`, a secret, or `tokenSha256`, or `certificate`',
  })
}

interface Listed {
  kind: 'service' | 'action'
  place: Place
  names: readonly string[]
}

function checkNames({ kind, place, names }: Listed, draft: Draft, report: Report): void {
  const known = namesOf(draft, kind)
  for (const [index, listed] of names.entries()) {
    if (listed === '*' || known.has(listed)) continue
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
