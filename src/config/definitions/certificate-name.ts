// Names in a client's certificate, as they are written in a configuration and as Node writes those of a certificate -> one
// text for equal names. Compared exactly: no wildcards, no folding of case but in the names of attributes.

/** A distinguished name in the form of RFC 4514, the last attribute of the certificate first; undefined for what is none. */
export function subjectText(written: string): string | undefined {
  return rdnsIn(written)?.join(',')
}

/** Of the `subject` of an X509Certificate: a line for each part, in the order of the certificate. */
export function subjectOf(lines: string): string | undefined {
  return rdnsIn(lines)?.reverse().join(',')
}

const RDN = /((?:\\.|[^\\,\n+])*)([,\n+]|$)/gsy
const ATTRIBUTE = /^ *([A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)*) *= *((?:\\.|[^\\])*?) *$/s
const VALUE = /^(?!#)(?:\\(?:[0-9A-Fa-f]{2}|[ "#+,;<=>\\])|[^\\"+,;<>])+$/

/** Each with its attributes in one order, for they are a set. */
function rdnsIn(text: string): string[] | undefined {
  const rdns: string[][] = [[]]
  for (const [, written = '', end] of text.matchAll(RDN)) {
    const attribute = attributeIn(written)
    if (attribute === undefined) return undefined
    rdns.at(-1)!.push(attribute)
    if (end === '') return rdns.map(attributes => attributes.sort().join('+'))
    if (end !== '+') rdns.push([])
  }
  return undefined
}

/** With the bytes of its value in hexadecimal: whatever they are, they end no attribute. */
function attributeIn(written: string): string | undefined {
  const [, type, value = ''] = ATTRIBUTE.exec(written) ?? []
  if (type === undefined || !VALUE.test(value)) return undefined
  const bytes = value.match(/\\[0-9A-Fa-f]{2}|\\?./gsu)!.map(char => {
    if (/^\\[0-9A-Fa-f]{2}$/.test(char)) return char.slice(1).toLowerCase()
    return Buffer.from(char.replace(/^\\(?=.)/s, '')).toString('hex')
  })
  return `${type.toLowerCase()}=${bytes.join('')}`
}

/** `DNS:`, `URI:` or `email:` and a name, as in a configuration. */
export const ALTERNATIVE_NAME = /^(?:DNS|URI|email):[\x21-\x7e]+$/

const ALTERNATIVE = /([A-Za-z][A-Za-z ]*):("(?:[^"\\]|\\.)*"|[^",]*)(?:, |$)/gy

/** Of the `subjectAltName` of an X509Certificate; none where it cannot be read to its end. */
export function alternativeNamesOf(text: string): string[] {
  const names: string[] = []
  let read = 0
  for (const { 0: all, 1: type, 2: value = '' } of text.matchAll(ALTERNATIVE)) {
    read += all.length
    names.push(`${type}:${value.startsWith('"') ? (JSON.parse(value) as string) : value}`)
  }
  return read === text.length ? names.filter(name => ALTERNATIVE_NAME.test(name)) : []
}
