// A listener that other machines can reach would hand credentials to everyone, unless it knows its callers, and by TLS.
import { isLoopback } from '../uri-template.ts'
import type { Rule } from './rule.ts'

export const exposedDaemon: Rule = {
  codes: ['daemon/exposed'],
  severity: 'error',
  check(draft, report) {
    const { listen, adminListen, place, callers, tls } = draft.daemon
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

/** Whether an address is neither a Unix socket nor a loopback host with a port. */
export function isExposed(address: string): boolean {
  if (address.startsWith('unix:')) return false
  return !isLoopback(address.slice(0, address.lastIndexOf(':')))
}
