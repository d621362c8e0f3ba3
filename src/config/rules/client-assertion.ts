// What of a client assertion goes with which method: the client secret signs that of client_secret_jwt, a key the other one.
import type { ClientAssertion, OAuth2 } from '../model/model.ts'
import type { Finding, PartRule } from './rule.ts'

export const clientAssertion: PartRule = {
  scope: 'part',
  codes: ['schema/not-allowed', 'schema/missing-key', 'schema/value'],
  severity: 'error',
  check(part, report) {
    for (const { place, authorization } of part.accounts) {
      if (authorization.kind !== 'oauth2') continue
      for (const { key, ...finding } of faultsOf(authorization.oauth2)) {
        const path = [...place.path, 'clientAssertion', ...(key === undefined ? [] : [key])]
        report({ ...finding, place: { document: place.document, path } })
      }
    }
  },
}

type Fault = Omit<Finding, 'place'> & { key?: string }

function faultsOf({ clientAuthMethod, clientAssertion: assertion }: OAuth2): Fault[] {
  if (!assertion) return []
  return clientAuthMethod === 'client_secret_jwt' ? secretFaults(assertion) : keyFaults(assertion)
}

function secretFaults(assertion: ClientAssertion): Fault[] {
  const keys = assertion.kind === 'kept' ? ['file'] : (['key', 'x5t'] as const).filter(key => assertion[key])
  const faults = keys.map((key): Fault => {
    const message = `\`${key}\` does not go with \`clientAuthMethod: client_secret_jwt\``
    return { key, part: 'key', message, hint: 'the client secret signs: remove it, or use private_key_jwt' }
  })
  if (assertion.kind === 'signed' && !(assertion.alg ?? 'HS').startsWith('HS'))
    faults.push(algFault('`client_secret_jwt` signs with `HS256`, `HS384` or `HS512`'))
  return faults
}

function keyFaults(assertion: ClientAssertion): Fault[] {
  if (assertion.kind === 'kept') return []
  const faults: Fault[] = []
  if (!assertion.key) {
    const message = '`key` is required when `clientAuthMethod` is `private_key_jwt`'
    const hint = 'or `file`, for an assertion that something else keeps fresh'
    faults.push({ code: 'schema/missing-key', part: 'key', message, hint })
  }
  if (assertion.alg?.startsWith('HS')) faults.push(algFault(`\`${assertion.alg}\` signs with a secret, not with a key`))
  return faults
}

function algFault(message: string): Fault {
  return { code: 'schema/value', key: 'alg', message, hint: 'leave it out: the one that fits is the default' }
}
