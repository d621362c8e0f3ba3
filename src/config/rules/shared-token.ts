// One token for services of different providers: each of them could use it at the others (RFC 9700 section 4.10.2).
import type { Draft } from '../definitions/draft.ts'
import type { Account, Service } from '../model/model.ts'
import { constantsOf, type Scope, type Scopes } from '../templates/scope.ts'
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
  // An account that stands among its services, which are all of one provider, is of interest when others use it too.
  gather: ({ services, accounts, scopes }) => {
    const own = new Set(accounts.map(({ key }) => key))
    return [...byAccount(targetsOf(services, scopes)).entries()].flatMap(([account, targets]) =>
      own.has(account) && areOfOneSite(targets) ? [] : targets,
    )
  },
  check(draft, report, gathered) {
    const atHome = homeTargets(draft, gathered)
    let order: ReadonlyMap<string, number> | undefined
    for (const [account, away] of byAccount(gathered)) {
      const targets = [...away, ...(atHome.get(account) ?? [])]
      if (areOfOneSite(targets) || !isIssued(draft.accounts.get(account))) continue
      order ??= new Map([...draft.services.keys()].map((name, index) => [name, index]))
      const [first, ...others] = inOrder(targets, order)
      for (const { service, site } of others) {
        if (site === first!.site) continue
        report({
          place: { document: service.place.document, path: [...service.place.path, 'account'] },
          message: `the token of account \`${account}\` goes to ${site} and to ${first!.site}: each could use it at the other`,
          hint: 'give each provider an account of its own, with only the scope that it needs',
          related: [{ place: first!.service.place, part: 'key', message: `${first!.site} gets it here` }],
        })
      }
    }
  },
}

function areOfOneSite(targets: readonly Target[]): boolean {
  return targets.every(({ site }) => site === targets[0]!.site)
}

function targetsOf(services: Iterable<Service>, scopes: Scopes): Target[] {
  return [...services].flatMap(service => {
    if (service.account === `services.${service.name}`) return []
    const site = siteOf(service, scopes.of(service))
    return site === undefined ? [] : [{ service, site }]
  })
}

/** Services that stand beside their account: nothing was gathered of most. */
function homeTargets({ accounts, parts, scopes }: Draft, gathered: readonly Target[]): Map<string, Target[]> {
  const used = new Set(gathered.map(({ service }) => service.account))
  const homes = new Set([...used].flatMap(account => accounts.index.get(account) ?? []))
  const services = [...homes].flatMap(home => [...parts[home]!.services.values()])
  const known = new Set(gathered.map(({ service }) => service))
  const others = services.filter(service => used.has(service.account) && !known.has(service))
  return byAccount(targetsOf(others, scopes))
}

function inOrder(targets: readonly Target[], order: ReadonlyMap<string, number>): Target[] {
  return targets.toSorted((a, b) => order.get(a.service.name)! - order.get(b.service.name)!)
}

function byAccount(targets: readonly Target[]): Map<string, Target[]> {
  const accounts = new Map<string, Target[]>()
  for (const target of targets) {
    const known = accounts.get(target.service.account)
    if (known) known.push(target)
    else accounts.set(target.service.account, [target])
  }
  return accounts
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
