// URIs that are none, that leave https outside loopback, or whose host a value could change.
import type { Account, Action, Service, Value } from '../model/model.ts'
import { analyzePath } from '../templates/path-template.ts'
import { type PublishedHost, publishedHosts } from '../templates/published-hosts.ts'
import { constantsOf, parametersOf, type Scope } from '../templates/scope.ts'
import { shellVariable } from '../templates/shell-variable.ts'
import { parseTemplate } from '../templates/template.ts'
import { analyzeUri, isLoopback } from '../templates/uri-template.ts'
import type { Finding, PartRule } from './rule.ts'

export const uri: PartRule = {
  scope: 'part',
  codes: ['uri/invalid', 'uri/insecure', 'uri/host-from-value'],
  severity: 'error',
  check(part, report) {
    const { scopes } = part
    for (const account of part.accounts) {
      if (account.authorization.kind !== 'oauth2') continue
      const { accessTokenUri, issuer, refresh, revocationUri, allowHttp } = account.authorization.oauth2
      const check = (value: Value) => checkUri(value, allowHttp, account, scopes.of(account)).forEach(report)
      const refreshUri = typeof refresh === 'object' ? refresh.accessTokenUri : undefined
      for (const value of [accessTokenUri, issuer, refreshUri, revocationUri]) if (value) check(value)
      if (issuer?.kind === 'template') issuerFaults(issuer).forEach(report)
    }
    for (const service of part.services) {
      checkUri(service.serverUrl, service.allowHttp, service, scopes.of(service)).forEach(report)
    }
    for (const action of part.actions) checkTarget(action, scopes.ofAction(action)).forEach(report)
  },
}

function issuerFaults({ place, text }: Value & { kind: 'template' }): Finding[] {
  const hint = 'write what the metadata says as `issuer`'
  if (text.includes('/.well-known/'))
    return [{ place, message: 'this is the address of the metadata, not the issuer', hint }]
  return text.includes('?') ? [{ place, message: 'an issuer has no query (RFC 8414 section 2)', hint }] : []
}

function unlistedHost({ place }: Value, { name, start, end }: PublishedHost): Finding {
  return {
    code: 'uri/host-from-value',
    place,
    within: { start, end },
    message: `the token response would decide the host: \`publish.${name}\` lists no \`hosts\``,
    hint: 'list the hosts that it may name, for example `hosts: ["*.crm.example"]`',
  }
}

function checkTarget(action: Action, scope: Scope): Finding[] {
  const { kind, value } = action.target
  if (kind === 'url') return checkUri(value, false, action, scope)
  const parsed = value.kind === 'template' ? parseTemplate(value.text) : undefined
  if (!parsed?.ok || parsed.variables.some(variable => !scope.lookup(variable.name))) return []
  const analyzed = analyzePath(parsed.parts, constantsOf(scope))
  return analyzed.ok ? [] : [{ place: value.place, ...analyzed.fault }]
}

function checkUri(value: Value, allowHttp: boolean, owner: Account | Service | Action, scope: Scope): Finding[] {
  const shell = value.kind === 'template' ? shellVariable(value.text) : undefined
  if (shell) return [{ place: value.place, ...shell }]
  const parsed = value.kind === 'template' ? parseTemplate(value.text) : undefined
  if (!parsed?.ok || parsed.variables.some(variable => !scope.lookup(variable.name))) return []
  const analyzed = analyzeUri(parsed.parts, constantsOf(scope), parametersOf(scope))
  if (!analyzed.ok) return [{ place: value.place, ...analyzed.fault }]
  const { url, hostKnown, parts } = analyzed.value
  const unlisted = publishedHosts(parts, scope).find(({ hosts = [] }) => hosts.length === 0)
  if (unlisted) return [unlistedHost(value, unlisted)]
  if ('serverUrl' in owner && url.search) {
    return [
      {
        place: value.place,
        message: 'a server URL has no query: paths are appended to it',
        hint: 'remove the query: who calls the service sends it',
      },
    ]
  }
  // A URL that is known only at run time counts as https here; it is looked at again when it is known.
  if (url.protocol === 'https:' || (hostKnown && isLoopback(url.hostname))) return []
  const hint =
    'target' in owner ? 'use https, or a service with `allowHttp: true`' : 'use https, or say `allowHttp: true`'
  const message = `plain http${hostKnown ? ` to ${url.hostname}` : ''}: credentials would travel unprotected`
  if (allowHttp)
    return [
      { code: 'uri/insecure', severity: 'warning', place: value.place, message, hint: '`allowHttp` lets it pass' },
    ]
  return [{ code: 'uri/insecure', place: value.place, message, hint }]
}
