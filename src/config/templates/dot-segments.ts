// What servers may read a segment of a path as: they decode it once, twice or more, and some fold look-alikes.

/**
 * Decoded one time, and in the plain form of its characters (Unicode NFKC, which makes a full stop of a fullwidth one). The
 * same text when nothing is left to decode.
 */
export function decodedOnce(text: string): string {
  return text.replace(/(?:%[\da-f]{2})+/gi, decoded).normalize('NFKC')
}

/** What is no UTF-8 is decoded where it is ASCII, also in more bytes than it needs, as old decoders took it. */
function decoded(octets: string): string {
  try {
    return decodeURIComponent(octets)
  } catch {
    return octets.replace(OVERLONG, ascii).replace(/%[0-7][\da-f]/gi, octet => decodeURIComponent(octet))
  }
}

/** The last bit before the trailing byte, and that byte. */
const OVERLONG = /%(?:c|e0%8|f0%80%8)([01])%([89ab][\da-f])/gi

function ascii(_overlong: string, high: string, low: string): string {
  return String.fromCharCode((Number(high) << 6) | (Number.parseInt(low, 16) & 63))
}

/** Beside a separator, or a parameter: `..;x` is `..` for some servers. */
const DOT_SEGMENT = /(?:^|[/\\])\.\.?(?:$|[/\\;\0])/

/** Whether some server could read `.` or `..` in a segment, however often it decodes. */
export function hidesDots(segment: string): boolean {
  for (let text = segment; ; ) {
    if (DOT_SEGMENT.test(text)) return true
    const next = decodedOnce(text)
    if (next === text) return false
    text = next
  }
}
