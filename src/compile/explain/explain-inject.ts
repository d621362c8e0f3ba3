// A written `inject` of a service or its account -> its step in an explanation.
import { startOf } from '../../config/locate.ts'
import type { Account, Service } from '../../config/model/model.ts'
import { injectScope, type Scopes } from '../../config/templates/scope.ts'
import { describeInject, leavesOf } from './describe.ts'

/** The service's before the account's; undefined when neither says anything. */
export function explainInject(service: Service, account: Account, scopes: Scopes) {
  const { authorization } = account
  const ofAccount = authorization.kind === 'oauth2' ? authorization.oauth2.inject : undefined
  const rule = service.inject ?? ofAccount
  if (!rule) return undefined
  const owner = rule === ofAccount ? account : service
  const scope = injectScope(scopes.of(owner), owner)
  const step = {
    step: 'inject' as const,
    text: describeInject(rule, scope),
    takes: leavesOf(rule.value, scope).map(({ name }) => name),
    gives: [`${rule.in === 'header' ? 'header' : 'query parameter'} ${rule.name}`],
    from: startOf(rule.place, 'key'),
  }
  return { step, scope, part: { name: 'inject', value: rule.value, use: 'secret' as const } }
}
