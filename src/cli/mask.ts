// Source lines as they may be shown: whatever stands behind a key that names a secret is replaced, at unchanged length.

const SECRET_KEY =
  /((?:^|[\s{,?-])["']?[\w-]*(?:secret|passw|passphrase|token|credential|api-?key|private)[\w-]*["']?\s*:\s+|[{,]\s*["']?value["']?\s*:\s+|^\s*(?:-\s+)?["']?value["']?\s*:\s+)([^\s{[*&|>#][^\n]*)/gim

/** Keys that sound like secrets and are none. */
const HARMLESS = /(?:accessTokenUri|bearerTokenType|tokenType)["']?\s*:\s+$/

export function maskSecrets(text: string): string {
  return text.replace(SECRET_KEY, (whole: string, key: string, value: string) => {
    if (HARMLESS.test(key)) return whole
    const end = literalEnd(value, key.trimStart().startsWith('{') || key.trimStart().startsWith(','))
    return key + '*'.repeat(end) + value.slice(end)
  })
}

/** In a flow mapping a plain value ends at a comma or brace, a quoted one at its quote; in a block at the line's end. */
function literalEnd(value: string, flow: boolean): number {
  const quoted = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')/.exec(value)
  if (quoted) return quoted[0].length
  const end = flow ? value.search(/[,}]/) : -1
  return end < 0 ? value.trimEnd().length : end
}
