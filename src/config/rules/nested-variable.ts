// A variable made of other variables: its own text holds no expressions, so that what it stands for is seen where it is written.
import { parseTemplate } from '../templates/template.ts'
import type { PartRule } from './rule.ts'

export const nestedVariable: PartRule = {
  scope: 'part',
  codes: ['template/unsupported'],
  severity: 'error',
  check(part, report) {
    for (const { value, use } of part.values) {
      if (use !== 'variable' || value.kind !== 'template') continue
      const parsed = parseTemplate(value.text)
      const first = parsed.ok ? parsed.variables[0] : undefined
      if (!first) continue
      report({
        place: value.place,
        within: first,
        message: 'a variable cannot be made of other variables',
        hint: 'name both variables where the value is used',
      })
    }
  },
}
