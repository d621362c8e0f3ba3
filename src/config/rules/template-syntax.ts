// Templates that cannot be read, or that use more than variables and the documented functions.

import { templateOf } from '../definitions/value.ts'
import { parseTemplate } from '../templates/template.ts'
import type { PartRule } from './rule.ts'

export const templateSyntax: PartRule = {
  scope: 'part',
  codes: ['template/syntax', 'template/unsupported'],
  severity: 'error',
  check(part, report) {
    for (const { value } of part.values) {
      const template = templateOf(value)
      if (!template) continue
      const parsed = parseTemplate(template.text)
      if (parsed.ok) continue
      const { code, message, hint, start, end } = parsed.fault
      report({ code, place: template.place, within: { start, end }, message, ...(hint && { hint }) })
    }
  },
}
