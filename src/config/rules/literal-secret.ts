// A secret that stands in the file itself; or, where a private key is meant, something else.

import { type KeyShape, keyShape } from '../definitions/key-shape.ts'
import type { Value } from '../model/model.ts'
import { parseTemplate } from '../templates/template.ts'
import type { DocumentRule, Finding } from './rule.ts'

export const literalSecret: DocumentRule = {
  scope: 'document',
  codes: ['secrets/literal', 'schema/value'],
  severity: 'warning',
  check(part, report) {
    for (const { value, use, signs } of part.values) {
      if (use !== 'secret') continue
      const shape = signs ? shapeOf(value) : 'private'
      if (shape !== 'private') report({ ...NO_KEY, place: value.place, message: keyFault(value, shape) })
      else if (isLiteral(value)) report({ ...LITERAL, place: value.place })
    }
  },
}

const LITERAL = {
  message: 'a literal secret in a file that others can read',
  hint: 'refer to it: `{ env: NAME }`, `{ file: PATH }`, `{ exec: [PROGRAM] }` or `{ systemd: NAME }`',
}

const NO_KEY: Pick<Finding, 'code' | 'severity' | 'hint'> = {
  code: 'schema/value',
  severity: 'error',
  hint: 'write `{ file: PATH }` of the private key, a PEM that begins with `-----BEGIN`, or a JWK',
}

function keyFault({ place }: Value, shape: KeyShape): string {
  const key = `\`${place.path.at(-1)}\``
  if (shape === 'certificate') return `${key} is a certificate, not a private key`
  return shape === 'public' ? `${key} is the public half of a key, and it cannot sign` : `${key} is no private key`
}

function shapeOf(value: Value): KeyShape {
  if (value.kind === 'template') return 'none'
  return value.reference.kind === 'literal' ? keyShape(value.reference.secret.reveal()) : 'private'
}

/** An empty secret is a value that some servers want, and no secret. */
function isLiteral(value: Value): boolean {
  if (value.kind === 'secret') return value.reference.kind === 'literal' && value.reference.secret.reveal() !== ''
  const parsed = parseTemplate(value.text)
  return parsed.ok && parsed.variables.length === 0
}
