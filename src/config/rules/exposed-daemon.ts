// A listener that other machines can reach would hand credentials to everyone, unless it knows its callers, and by TLS.
import type { Draft } from '../definitions/draft.ts'
import { at } from '../definitions/value.ts'
import type { Place, Service } from '../model/model.ts'
import { isLoopback } from '../templates/uri-template.ts'
import type { ConfigurationRule, Finding } from './rule.ts'

export const exposedDaemon: ConfigurationRule<Service> = {
  scope: 'configuration',
  codes: ['daemon/exposed', 'daemon/same-address'],
  severity: 'error',
  gather: ({ services }) => services.filter(({ listen }) => listen !== undefined),
  check(draft, report, listening) {
    const { listen, adminListen, place, callers, tls } = draft.daemon
    for (const { listen: own, place: service } of listening) {
      if (own === undefined || !isExposed(own)) continue
      report({
        place: at(service, 'listen'),
        message: `\`${own}\` can be reached from other machines: everyone there could use the service`,
        hint: 'listen on 127.0.0.1, [::1] or unix:/path; other machines use the proxy of the API',
      })
    }
    sameAddresses(draft, listening).forEach(report)
    if (callers && tls) return
    for (const [key, address, gain] of [
      ['listen', listen, 'get credentials'],
      ['adminListen', adminListen, 'read status and metrics'],
    ] as const) {
      if (!place || address === undefined || !isExposed(address)) continue
      report({
        place: { document: place.document, path: ['daemon', key] },
        message: `\`${address}\` can be reached from other machines: everyone there could ${gain}`,
        hint: 'listen on 127.0.0.1, [::1] or unix:/path, or set both `callers` and `tls`',
      })
    }
  },
}

/** One address serves one thing. Any free port, `:0`, is another one each time. */
function sameAddresses({ daemon }: Draft, services: readonly Service[]): Finding[] {
  const known = new Map<string, Place>()
  const places = [
    ...[daemon.listen, daemon.adminListen].map((address, index) => ({
      address,
      place: daemon.place && at(daemon.place, index === 0 ? 'listen' : 'adminListen'),
    })),
    ...services.map(({ listen, place }) => ({ address: listen, place: at(place, 'listen') })),
  ]
  return places.flatMap(({ address, place }) => {
    if (address === undefined || !place || address.endsWith(':0')) return []
    const first = known.get(address)
    known.set(address, first ?? place)
    const message = `something else listens on \`${address}\``
    const related = first && [{ place: first, message: 'first here' }]
    return related ? [{ code: 'daemon/same-address', place, message, hint: 'give each its own port', related }] : []
  })
}

/** Whether an address is neither a Unix socket nor a loopback host with a port. */
export function isExposed(address: string): boolean {
  if (address.startsWith('unix:')) return false
  return !isLoopback(address.slice(0, address.lastIndexOf(':')))
}
