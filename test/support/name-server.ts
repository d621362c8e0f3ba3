// Names of hosts that only a test knows: what the system's resolver would say of them. All other names are looked up.
import dns, { type LookupAddress, type LookupAllOptions } from 'node:dns'
import { syncBuiltinESMExports } from 'node:module'

type Done = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void

/** Until `close`; each look-up takes the next list of a name, and the last one again. */
export function resolveNames(names: Readonly<Record<string, readonly string[][]>>): { close(): void } {
  const original = dns.lookup
  const counts = new Map<string, number>()
  const lookup = (name: string, options: LookupAllOptions, done: Done): void => {
    const answers = names[name]
    if (!answers) return void original(name, options, done as never)
    const count = counts.get(name) ?? 0
    counts.set(name, count + 1)
    const addresses = answers[Math.min(count, answers.length - 1)]!
    const found = addresses.map(address => ({ address, family: address.includes(':') ? 6 : 4 }))
    setImmediate(() => (options.all ? done(null, found) : done(null, found[0]!.address as never)))
  }
  Object.assign(dns, { lookup })
  syncBuiltinESMExports()
  return {
    close() {
      Object.assign(dns, { lookup: original })
      syncBuiltinESMExports()
    },
  }
}
