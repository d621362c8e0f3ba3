// A host name that a value chose -> its addresses, without those of this machine's own link. Looked up where the connection is
// made, so that no answer of a name server can change in between.
import { type LookupAddress, lookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { AppError } from '../../base/error.ts'
import { cleanForeignText } from '../../base/secret.ts'
import { isLinkLocal } from '../../compile/link-local.ts'

/** Fails with AppError `invalid_template_value` when no other address is there. */
export const guardedLookup: LookupFunction = (hostname, options, done) => {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    if (error) return done(error, '')
    const allowed = found.filter(({ address }) => !isLinkLocal(address))
    if (allowed.length === 0) return done(refusal(hostname), '')
    if (options.all) return done(null, allowed)
    const [{ address, family }] = allowed as [LookupAddress]
    done(null, address, family)
  })
}

function refusal(hostname: string): AppError {
  const host = cleanForeignText(hostname, [], 100)
  const message = `the host ${host}, which a value chose, has a link-local or metadata address; write such a host literally`
  return new AppError('invalid_template_value', message)
}
