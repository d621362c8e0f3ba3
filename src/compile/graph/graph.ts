// A configuration as a picture's parts: services grouped by account, accounts, the hosts that issue tokens, who feeds whom.

import { serverOf } from '../../config/definitions/oauth2-parts.ts'
import { accountValues } from '../../config/definitions/value.ts'
import type { Config } from '../../config/model/config.ts'
import type { Account, Action, Service, Value } from '../../config/model/model.ts'
import type { Scopes } from '../../config/templates/scope.ts'
import { describeValue, leavesOf } from '../explain/describe.ts'

export interface GraphService {
  name: string
  title?: string
  /** Where its requests go; with an expression in braces when that is known only at run time. */
  host: string
  /** Keys of other accounts whose bearers it sends in headers. */
  takes: string[]
  /** What is sent to it, if anything. */
  actions?: GraphAction[]
}

export interface GraphAction {
  name: string
  title?: string
  /** Method and path. */
  request: string
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
  const { scopes } = config
  const users = usersOf(config)
  const actions = actionsOf(config, scopes)
  const accounts = [...config.accounts.values()].map(account =>
    graphAccount(account, users.get(account.key) ?? [], { scopes, actions }),
  )
  accounts.push(...withoutService(config, scopes))
  const tokenHosts = [...new Set(accounts.flatMap(({ tokenHost }) => tokenHost ?? []))].sort()
  const rank = ({ tokenHost }: GraphAccount) =>
    tokenHost === undefined ? tokenHosts.length : tokenHosts.indexOf(tokenHost)
  accounts.sort((a, b) => rank(a) - rank(b) || Number(a.inPlace) - Number(b.inPlace) || compareText(a.key, b.key))
  return { accounts, tokenHosts }
}

interface Surroundings {
  scopes: Scopes
  /** By the name of their service. */
  actions: ReadonlyMap<string, GraphAction[]>
}

function actionsOf(config: Config, scopes: Scopes): Map<string, GraphAction[]> {
  const actions = new Map<string, GraphAction[]>()
  for (const action of config.actions.values()) {
    if (action.service === undefined) continue
    const known = actions.get(action.service) ?? []
    actions.set(action.service, [...known, graphAction(action, scopes)])
  }
  return actions
}

function graphAction(action: Action, scopes: Scopes): GraphAction {
  const { name, title, method, target } = action
  const shown = describeValue(target.value, scopes.ofAction(action), target.kind === 'url' ? 'uri' : 'text')
  return { name, ...(title !== undefined && { title }), request: `${method} ${shown}` }
}

/** Actions with a URL of their own stand together, each as what it sends to. */
function withoutService(config: Config, scopes: Scopes): GraphAccount[] {
  const services = [...config.actions.values()].flatMap(action => {
    if (action.target.kind !== 'url') return []
    const host = hostOf(describeValue(action.target.value, scopes.ofAction(action), 'uri'))
    return [{ name: host, host: 'no service', takes: [], actions: [graphAction(action, scopes)] }]
  })
  if (services.length === 0) return []
  return [{ key: 'no account', name: 'no account', inPlace: false, kind: 'url of an action', fedBy: [], services }]
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

function graphAccount(account: Account, users: readonly Service[], around: Surroundings): GraphAccount {
  const { scopes } = around
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
      tokenHost: hostOf(describeValue(serverOf(authorization.oauth2), scope, 'uri')),
    }),
    fedBy: feedersOf(values, scope),
    services: users.map(service => graphService(service, around)).sort((a, b) => compareText(a.name, b.name)),
  }
}

function graphService(service: Service, { scopes, actions }: Surroundings): GraphService {
  const { name, title, headers, serverUrl } = service
  const scope = scopes.of(service)
  const values = headers.map(({ value }) => value)
  const host = hostOf(describeValue(serverUrl, scope, 'uri'))
  const own = actions.get(name)
  return {
    name,
    ...(title !== undefined && { title }),
    host,
    takes: feedersOf(values, scope),
    ...(own && { actions: own }),
  }
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
