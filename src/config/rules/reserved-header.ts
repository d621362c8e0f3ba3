// A header that says again, or differently, who the caller is: the account alone does that.
import type { Account, InjectRule } from '../model/model.ts'
import type { ConfigurationRule } from './rule.ts'

export const reservedHeader: ConfigurationRule = {
  scope: 'configuration',
  codes: ['oauth/reserved-parameter'],
  severity: 'error',
  check(draft, report) {
    const accounts = new Map(draft.accounts.map(account => [account.key, account]))
    const services = new Map(draft.services.map(service => [service.name, service]))
    const actions = draft.actions.flatMap(({ service: name, headers, place }) => {
      const service = name === undefined ? undefined : services.get(name)
      return service ? [{ account: service.account, inject: service.inject, headers, place }] : []
    })
    for (const { account: key, inject, headers, place } of [...draft.services, ...actions]) {
      if (headers.length === 0) continue
      const account = accounts.get(key)
      const taken = account ? injectedHeaders(account, inject) : []
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
