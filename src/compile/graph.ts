// A configuration as a picture's parts: services grouped by account, accounts, the hosts that issue tokens, who feeds whom.
import type { Account, Config, Service, Value } from '../config/model.ts'
import { definitionScopes, type Scopes } from '../config/scope.ts'
import { accountValues } from '../config/value.ts'
import { describeValue, leavesOf } from './describe.ts'

export interface GraphService {
  name: string
  title?: string
  /** Where its requests go; with an expression in braces when that is known only at run time. */
  host: string
  /** Keys of other accounts whose bearers it sends in headers. */
  takes: string[]
}

export interface GraphAccount {
  key: string
  name: string
  title?: string
  inPlace: boolean
  /** How requests are authorised, in a few words. */
  kind: string
  /** Undefined for an account without tokens. */
  tokenHost?: string
  /** Keys of the accounts whose bearers are its secrets. */
  fedBy: string[]
  services: GraphService[]
}

/** Accounts in an order that keeps those of one token host together. */
export interface Graph {
  accounts: GraphAccount[]
  tokenHosts: string[]
}

export function buildGraph(config: Config): Graph {
  const scopes = definitionScopes({
    vars: config.vars,
    accounts: config.accounts.values(),
    services: config.services.values(),
  })
  const users = usersOf(config)
  const accounts = [...config.accounts.values()].map(account =>
    graphAccount(account, users.get(account.key) ?? [], scopes),
  )
  const tokenHosts = [...new Set(accounts.flatMap(({ tokenHost }) => tokenHost ?? []))].sort()
  const rank = ({ tokenHost }: GraphAccount) =>
    tokenHost === undefined ? tokenHosts.length : tokenHosts.indexOf(tokenHost)
  accounts.sort((a, b) => rank(a) - rank(b) || Number(a.inPlace) - Number(b.inPlace) || compareText(a.key, b.key))
  return { accounts, tokenHosts }
}

/** Services by the key of their account. */
function usersOf(config: Config): Map<string, Service[]> {
  const users = new Map<string, Service[]>()
  for (const service of config.services.values()) {
    const known = users.get(service.account)
    if (known) known.push(service)
    else users.set(service.account, [service])
  }
  return users
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function graphAccount(account: Account, users: readonly Service[], scopes: Scopes): GraphAccount {
  const { key, name, title, authorization } = account
  const scope = scopes.of(account)
  const values = accountValues(account).flatMap(({ value, use }) => (use === 'variable' ? [] : [value]))
  return {
    key,
    name,
    ...(title !== undefined && { title }),
    inPlace: key !== name,
    kind: kindOf(account),
    ...(authorization.kind === 'oauth2' && {
      tokenHost: hostOf(describeValue(authorization.oauth2.accessTokenUri, scope, 'uri')),
    }),
    fedBy: feedersOf(values, scope),
    services: users.map(service => graphService(service, scopes)).sort((a, b) => compareText(a.name, b.name)),
  }
}

function graphService(service: Service, scopes: Scopes): GraphService {
  const { name, title, headers, serverUrl } = service
  const scope = scopes.of(service)
  const values = headers.map(({ value }) => value)
  const host = hostOf(describeValue(serverUrl, scope, 'uri'))
  return { name, ...(title !== undefined && { title }), host, takes: feedersOf(values, scope) }
}

function kindOf({ authorization }: Account): string {
  switch (authorization.kind) {
    case 'oauth2':
      return authorization.oauth2.grant
    case 'header':
    case 'query':
      return `${authorization.kind} ${authorization.values.map(({ name }) => name).join(', ')}`
    default:
      return authorization.kind
  }
}

function feedersOf(values: readonly Value[], scope: Parameters<typeof leavesOf>[1]): string[] {
  const secrets = values.flatMap(value =>
    value.kind === 'secret' ? [value] : leavesOf(value, scope).flatMap(({ secret }) => secret ?? []),
  )
  const keys = secrets.flatMap(({ reference }) => (reference.kind === 'account' ? [reference.account] : []))
  return [...new Set(keys)].sort()
}

/** The authority of a URL; an expression at the start stands for all of it. */
function hostOf(url: string): string {
  return /^(?:[a-z][a-z0-9+.-]*:\/\/)?((?:\{\{[^{}]*\}\}|[^/?#])*)/i.exec(url)?.[1] || url
}
