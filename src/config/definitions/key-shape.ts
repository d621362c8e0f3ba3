// Whether a text is a private key, by its form alone: it is not decoded.

export type KeyShape = 'private' | 'public' | 'certificate' | 'none'

/** PEM or a JWK; in an environment variable or in one line of YAML the line breaks of a PEM may be missing. */
export function keyShape(text: string): KeyShape {
  const label = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(text)?.[1]
  if (label !== undefined)
    return label.endsWith('PRIVATE KEY') ? 'private' : label === 'CERTIFICATE' ? 'certificate' : 'public'
  if (!text.trimStart().startsWith('{') || !/"kty"\s*:/.test(text)) return 'none'
  return /"d"\s*:/.test(text) ? 'private' : 'public'
}
