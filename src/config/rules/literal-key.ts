// A text in the place of a private key that is none: mostly its path, or the public half.
import { keyShapeOf } from '../definitions/key-shape.ts'
import type { PartRule } from './rule.ts'

export const literalKey: PartRule = {
  scope: 'part',
  codes: ['schema/value'],
  severity: 'error',
  check(part, report) {
    for (const { value, signs } of part.values) {
      const shape = signs && keyShapeOf(value)
      if (!shape || shape === 'private') continue
      report({
        place: value.place,
        message: `\`${value.place.path.at(-1)}\` ${WORDS[shape]}`,
        hint: 'write `{ file: PATH }` of the private key, a PEM that begins with `-----BEGIN`, or a JWK',
      })
    }
  },
}

const WORDS = {
  certificate: 'is a certificate, not a private key',
  public: 'is the public half of a key, and it cannot sign',
  none: 'is no private key',
}
