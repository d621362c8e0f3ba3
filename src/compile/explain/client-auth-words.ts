// How a client authenticates, in words: the same for `explain` and for the comparison of two files.
import { formatDuration } from '../../base/duration.ts'
import type { ClientAssertion, JsonTemplate, OAuth2 } from '../../config/model/model.ts'

export function describeClientAuth({ clientAuthMethod, basicEncoding, clientSecrets }: OAuth2): string {
  const encoding = clientAuthMethod === 'client_secret_basic' ? `, ${basicEncoding} encoding` : ''
  const count = clientSecrets.length
  const order = count > 1 ? `, ${count} secrets in turn` : ''
  return `client authentication ${clientAuthMethod}${encoding}${order}`
}

/** What the assertions of an account say besides their values; each with the key that says it, with dots. */
export function assertionWords({ clientAssertion, signedAssertion }: OAuth2): { key: string; text: string }[] {
  const words = (parent: string, assertion: ClientAssertion | undefined) =>
    wordsOf(assertion).map(({ key, text }) => ({ key: `${parent}.${key}`, text }))
  const signed = signedAssertion && ({ kind: 'signed', in: 'body', ...signedAssertion } as const)
  return [...words('clientAssertion', clientAssertion), ...words('assertion', signed)]
}

function wordsOf(assertion: ClientAssertion | undefined): { key: string; text: string }[] {
  if (!assertion) return []
  const word = (key: string, text: string | undefined) => (text === undefined ? [] : [{ key, text }])
  if (assertion.kind === 'kept') return word('type', assertion.type)
  const members = assertion.claims.kind === 'object' ? assertion.claims.members : []
  return [
    ...word('alg', assertion.alg),
    ...word('typ', assertion.typ),
    ...word('in', assertion.in === 'header' ? 'header' : undefined),
    ...word('lifetime', formatDuration(assertion.lifetimeMs)),
    ...members.flatMap(([name, claim]) => word(`claims.${name}`, literalText(claim))),
  ]
}

/** Undefined for a text, which is a value. */
function literalText(json: JsonTemplate): string | undefined {
  if (json.kind === 'text') return undefined
  if (json.kind === 'literal') return json.value === null ? 'left out' : String(json.value)
  return json.kind === 'list' ? `list of ${json.items.length}` : `mapping of ${json.members.length}`
}
