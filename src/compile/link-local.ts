// Hosts that only this machine's own network answers, where clouds keep the credentials of the machine itself: no value may lead
// a request there. By address in any spelling, and by the names that clouds give them.

/** A host of a URL, or an address as a resolver writes it. */
export function isLinkLocal(host: string): boolean {
  const plain = host
    .replace(/^\[|\]$/g, '')
    .replace(/%.*$/, '')
    .replace(/\.+$/, '')
    .toLowerCase()
  const written = plain.includes(':') ? `[${plain}]` : plain
  if (!URL.canParse(`http://${written}`)) return false
  // One spelling for decimal, octal and hexadecimal ones, and for IPv6.
  const { hostname } = new URL(`http://${written}`)
  if (NAMES.has(hostname)) return true
  return hostname.startsWith('[') ? isLinkLocal6(hostname.slice(1, -1)) : hostname.startsWith('169.254.')
}

const NAMES = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'instance-data',
  'instance-data.ec2.internal',
  '[fd00:ec2::254]',
  '[fd00:ec2::23]',
  '[fd20:ce::254]',
  '[fd00:c1::a9fe:a9fe]',
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
])

function isLinkLocal6(address: string): boolean {
  const groups = groupsOf(address)
  if ((groups[0]! & 0xffc0) === 0xfe80) return true
  const within = embedded(groups)
  return within !== undefined && isLinkLocal(within.flatMap(group => [group >> 8, group & 255]).join('.'))
}

/** Eight numbers of an address as URL parsing writes it. */
function groupsOf(address: string): number[] {
  const [head = [], tail = []] = address.split('::').map(part => part.split(':').filter(Boolean))
  const missing = Array.from({ length: 8 - head.length - tail.length }, () => '0')
  return [...head, ...missing, ...tail].map(group => Number.parseInt(group, 16))
}

/** What stands before an IPv4 address: compatible and mapped (RFC 4291), translated (RFC 2765, RFC 6052). */
const PREFIXES = ['0,0,0,0,0,0', '0,0,0,0,0,65535', '0,0,0,0,65535,0', '100,65435,0,0,0,0']

/** The IPv4 address that an IPv6 one leads to, in two numbers; 6to4 (RFC 3056) has it in front. */
function embedded(groups: readonly number[]): number[] | undefined {
  if (groups[0] === 0x2002) return groups.slice(1, 3)
  return PREFIXES.includes(groups.slice(0, 6).join()) ? groups.slice(6) : undefined
}
