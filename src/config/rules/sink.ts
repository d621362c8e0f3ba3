// Sinks that have nothing to write that is of use, or that write over each other.

import { at } from '../definitions/value.ts'
import type { Account, Place, Service } from '../model/model.ts'
import type { ConfigurationRule } from './rule.ts'

export const sink: ConfigurationRule<Service> = {
  scope: 'configuration',
  codes: ['sinks/no-bearer', 'sinks/dpop', 'sinks/same-file'],
  severity: 'error',
  gather: ({ services }) => services.filter(({ sinks }) => sinks.length > 0),
  check(draft, report, writing) {
    const accounts = draft.accounts
    const written = new Map<string, Place>()
    for (const { place, sinks, account } of writing) {
      for (const [index, { path, format }] of sinks.entries()) {
        const file = at(place, 'sinks', index, 'file')
        const authorization = accounts.get(account)?.authorization
        const kind = authorization?.kind
        if (authorization?.kind === 'oauth2' && authorization.oauth2.dpop) report({ ...BOUND, place: file })
        if (kind && !canWrite(kind, format)) {
          const hint = kind === 'header' || kind === 'basic' ? 'write `format: header`' : 'remove the sink'
          report({
            place: file,
            message: `the account has no bearer for this file: its authorization is \`${kind}\``,
            hint,
          })
        }
        const first = written.get(path)
        if (first) {
          const related = [{ place: first, message: 'first here' }]
          report({ code: 'sinks/same-file', place: file, message: 'another sink writes this file', related })
        } else written.set(path, file)
      }
    }
  },
}

const BOUND = {
  code: 'sinks/dpop',
  message: 'tokens of this account are bound to a key (`dpop`), and no file holds the proof that each request needs',
  hint: 'remove the sink, and send requests through the proxy',
}

function canWrite(kind: Account['authorization']['kind'], format: 'token' | 'header' | 'json'): boolean {
  if (kind === 'oauth2') return true
  return format === 'header' && (kind === 'header' || kind === 'basic')
}
