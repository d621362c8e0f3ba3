// A header that says again, or differently, who the caller is: the account alone does that.
import type { Account, Action, InjectRule, Service } from '../model/model.ts'
import type { ConfigurationRule } from './rule.ts'

export const reservedHeader: ConfigurationRule<Service | Action> = {
  scope: 'configuration',
  codes: ['oauth/reserved-parameter'],
  severity: 'error',
  gather: ({ services, actions }) => [...services, ...actions].filter(({ headers }) => headers.length > 0),
  check(draft, report, withHeaders) {
    for (const owner of withHeaders) {
      const { headers, place } = owner
      const service = 'target' in owner ? draft.services.get(owner.service ?? '') : owner
      const account = service && draft.accounts.get(service.account)
      const taken = account ? injectedHeaders(account, service.inject) : []
      for (const { name } of headers) {
        if (!taken.includes(name.toLowerCase())) continue
        report({
          place: { document: place.document, path: [...place.path, 'headers', name] },
          part: 'key',
          message: `\`${name}\` is set by account \`${account!.name}\``,
          hint: 'a request authenticates in one way: remove the header here, or use an account with `authorization: header`',
        })
      }
    }
  },
}

function injectedHeaders({ authorization }: Account, own: InjectRule | undefined): string[] {
  if (authorization.kind === 'basic') return ['authorization']
  if (authorization.kind === 'oauth2') {
    const rule = own ?? authorization.oauth2.inject
    return rule?.in === 'query' ? [] : [(rule?.name ?? 'authorization').toLowerCase()]
  }
  return authorization.kind === 'header' ? authorization.values.map(({ name }) => name.toLowerCase()) : []
}
