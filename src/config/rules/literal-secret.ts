// A secret that stands in the file itself.

import { keyShapeOf } from '../definitions/key-shape.ts'
import type { Value } from '../model/model.ts'
import { isUnexpanded } from '../templates/shell-variable.ts'
import { parseTemplate } from '../templates/template.ts'
import type { PartRule } from './rule.ts'

export const literalSecret: PartRule = {
  scope: 'part',
  codes: ['secrets/literal'],
  severity: 'warning',
  check(part, report) {
    for (const { value, use, signs } of part.values) {
      if (use !== 'secret' || !isLiteral(value)) continue
      // What is no key is told as that.
      if (signs && keyShapeOf(value) !== 'private') continue
      report({ place: value.place, ...(waitsForValue(value) ? NOT_EXPANDED : LITERAL) })
    }
  },
}

const HINT = 'refer to it: `{ env: NAME }`, `{ file: PATH }`, `{ exec: [PROGRAM] }` or `{ systemd: NAME }`'
const LITERAL = { message: 'a literal secret in a file that others can read', hint: HINT }
const NOT_EXPANDED = {
  severity: 'error',
  message: 'a variable is not expanded here: this very text would be the secret',
  hint: 'write `{ env: NAME }` for an environment variable, without `$` and quotes; or `{ file: PATH }`, `{ exec: [PROGRAM] }`, `{ systemd: NAME }`',
} as const

function waitsForValue(value: Value): boolean {
  if (value.kind === 'template') return false
  return value.reference.kind === 'literal' && isUnexpanded(value.reference.secret.reveal())
}

/** An empty secret is a value that some servers want, and no secret. */
function isLiteral(value: Value): boolean {
  if (value.kind === 'secret') return value.reference.kind === 'literal' && value.reference.secret.reveal() !== ''
  const parsed = parseTemplate(value.text)
  return parsed.ok && parsed.variables.length === 0
}
