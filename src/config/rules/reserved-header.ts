// A constant header that says again, or differently, who the caller is: the account alone does that.
import type { Account } from '../model.ts'
import type { Rule } from './rule.ts'

export const reservedHeader: Rule = {
  codes: ['oauth/reserved-parameter'],
  severity: 'error',
  check(draft, report) {
    const accounts = new Map(draft.accounts.map(account => [account.key, account]))
    for (const service of draft.services) {
      const account = accounts.get(service.account)
      const taken = account ? injectedHeaders(account) : []
      for (const { name } of service.headers) {
        if (!taken.includes(name.toLowerCase())) continue
        report({
          place: { document: service.place.document, path: [...service.place.path, 'headers', name] },
          part: 'key',
          message: `\`${name}\` is set by account \`${account!.name}\``,
          hint: 'a request authenticates in one way: remove the header here, or use an account with `authorization: header`',
        })
      }
    }
  },
}

function injectedHeaders({ authorization }: Account): string[] {
  if (authorization.kind === 'oauth2' || authorization.kind === 'basic') return ['authorization']
  return authorization.kind === 'header' ? authorization.values.map(({ name }) => name.toLowerCase()) : []
}
