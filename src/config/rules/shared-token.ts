// One token for services of different providers: each of them could use it at the others (RFC 9700 section 4.10.2).
import type { Account, Service } from '../model/model.ts'
import { constantsOf, type Scope } from '../templates/scope.ts'
import { parseTemplate } from '../templates/template.ts'
import { analyzeUri } from '../templates/uri-template.ts'
import type { ConfigurationRule } from './rule.ts'

/** Where the token of a service's account goes. */
interface Target {
  service: Service
  site: string
}

export const sharedToken: ConfigurationRule<Target> = {
  scope: 'configuration',
  codes: ['oauth/shared-token'],
  severity: 'warning',
  gather: ({ services, scopes }) =>
    services.flatMap(service => {
      if (service.account === `services.${service.name}`) return []
      const site = siteOf(service, scopes.of(service))
      return site === undefined ? [] : [{ service, site }]
    }),
  check(draft, report, targets) {
    const first = new Map<string, Target>()
    for (const { service, site } of targets) {
      const before = first.get(service.account)
      if (!before) first.set(service.account, { service, site })
      else if (before.site !== site && isIssued(draft.accountsByKey.get(service.account))) {
        report({
          place: { document: service.place.document, path: [...service.place.path, 'account'] },
          message: `the token of account \`${service.account}\` goes to ${site} and to ${before.site}: each could use it at the other`,
          hint: 'give each provider an account of its own, with only the scope that it needs',
          related: [{ place: before.service.place, part: 'key', message: `${before.site} gets it here` }],
        })
      }
    }
  },
}

function isIssued(account: Account | undefined): boolean {
  return account?.authorization.kind === 'oauth2'
}

/** The last two labels of the host: hosts of one provider mostly share them. Undefined when a value decides them, or for an address. */
function siteOf({ serverUrl }: Service, scope: Scope): string | undefined {
  const parsed = serverUrl.kind === 'template' ? parseTemplate(serverUrl.text) : undefined
  if (!parsed?.ok || parsed.variables.some(({ name }) => !scope.lookup(name))) return undefined
  const analyzed = analyzeUri(parsed.parts, constantsOf(scope))
  if (!analyzed.ok || !analyzed.value.hostKnown) return undefined
  const { hostname } = analyzed.value.url
  return /^\[|^[\d.]+$|^localhost$/.test(hostname) ? undefined : hostname.split('.').slice(-2).join('.')
}
