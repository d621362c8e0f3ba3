// Hosts that only this machine's own network answers, where clouds keep the credentials of the machine itself: no value may lead
// a request there. By address, as URL parsing writes it, and by the names that clouds give them.

/** `hostname` of a URL: lower-case, IPv4 in four decimal numbers, IPv6 in brackets. */
export function isLinkLocal(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  if (NAMES.has(host)) return true
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(host)
  if (mapped) return isLinkLocal4(dotted(mapped[1]!, mapped[2]!))
  return isLinkLocal4(host) || /^fe[89ab][0-9a-f]:/.test(host)
}

const NAMES = new Set([
  'metadata',
  'metadata.google.internal',
  'instance-data',
  'instance-data.ec2.internal',
  'fd00:ec2::254',
  'fd20:ce::254',
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
])

function isLinkLocal4(host: string): boolean {
  return /^169\.254\.\d{1,3}\.\d{1,3}$/.test(host) || NAMES.has(host)
}

function dotted(high: string, low: string): string {
  const [first, second] = [Number.parseInt(high, 16), Number.parseInt(low, 16)]
  return [first >> 8, first & 255, second >> 8, second & 255].join('.')
}
