// Whether a text is a private key, by its form alone: it is not decoded.
import type { Value } from '../model/model.ts'

export type KeyShape = 'private' | 'public' | 'certificate' | 'none'

/** PEM or a JWK; in an environment variable or in one line of YAML the line breaks of a PEM may be missing. */
export function keyShape(text: string): KeyShape {
  const label = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(text)?.[1]
  if (label !== undefined) {
    if (label.endsWith('PRIVATE KEY')) return 'private'
    return label === 'CERTIFICATE' ? 'certificate' : 'public'
  }
  if (!text.trimStart().startsWith('{') || !/"kty"\s*:/.test(text)) return 'none'
  return /"d"\s*:/.test(text) ? 'private' : 'public'
}

/** Of a value that is written in the file; undefined for a reference, which only tells where the key is. */
export function keyShapeOf(value: Value): KeyShape | undefined {
  if (value.kind === 'template') return 'none'
  return value.reference.kind === 'literal' ? keyShape(value.reference.secret.reveal()) : undefined
}
