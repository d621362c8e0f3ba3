// A secret that stands in the file itself.

import { keyShapeOf } from '../definitions/key-shape.ts'
import type { Value } from '../model/model.ts'
import { parseTemplate } from '../templates/template.ts'
import type { DocumentRule } from './rule.ts'

export const literalSecret: DocumentRule = {
  scope: 'document',
  codes: ['secrets/literal'],
  severity: 'warning',
  check(part, report) {
    for (const { value, use, signs } of part.values) {
      if (use !== 'secret' || !isLiteral(value)) continue
      // What is no key is told as that.
      if (signs && keyShapeOf(value) !== 'private') continue
      const message = 'a literal secret in a file that others can read'
      report({
        place: value.place,
        message,
        hint: 'refer to it: `{ env: NAME }`, `{ file: PATH }`, `{ exec: [PROGRAM] }` or `{ systemd: NAME }`',
      })
    }
  },
}

/** An empty secret is a value that some servers want, and no secret. */
function isLiteral(value: Value): boolean {
  if (value.kind === 'secret') return value.reference.kind === 'literal' && value.reference.secret.reveal() !== ''
  const parsed = parseTemplate(value.text)
  return parsed.ok && parsed.variables.length === 0
}
