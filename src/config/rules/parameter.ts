// Patterns of parameters that cannot be used, and defaults that their own pattern refuses.

import { at } from '../definitions/value.ts'
import { compilePattern } from '../templates/pattern.ts'
import type { PartRule } from './rule.ts'

export const parameter: PartRule = {
  scope: 'part',
  codes: ['parameters/pattern', 'parameters/default'],
  severity: 'error',
  check(part, report) {
    for (const { place, parameters } of part.services) {
      for (const { name, pattern, default: value } of parameters) {
        const compiled = compilePattern(pattern)
        if ('fault' in compiled) {
          const hint = 'look-around, back references and word boundaries would let a value take long'
          const { fault: message } = compiled
          report({ place: at(place, 'parameters', name, 'pattern'), message, hint })
        } else if (value !== undefined && !compiled.pattern.matches(value)) {
          report({
            code: 'parameters/default',
            place: at(place, 'parameters', name, 'default'),
            message: `the default does not match ${pattern}`,
            hint: 'the whole value must match the pattern',
          })
        }
      }
    }
  },
}
