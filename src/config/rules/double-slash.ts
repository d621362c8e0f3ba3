// An empty segment in a path: most servers answer 404 to it.

import { constantsOf, parametersOf } from '../templates/scope.ts'
import { parseTemplate } from '../templates/template.ts'
import { analyzeUri } from '../templates/uri-template.ts'
import type { PartRule } from './rule.ts'

export const doubleSlash: PartRule = {
  scope: 'part',
  codes: ['uri/double-slash'],
  severity: 'warning',
  check(part, report) {
    const { scopes } = part
    for (const { value, use, owner } of part.values) {
      if (use !== 'uri' || value.kind !== 'template' || !owner || 'target' in owner) continue
      const scope = scopes.of(owner)
      const parsed = parseTemplate(value.text)
      if (!parsed.ok || parsed.variables.some(({ name }) => !scope.lookup(name))) continue
      const analyzed = analyzeUri(parsed.parts, constantsOf(scope), parametersOf(scope))
      if (!analyzed.ok || !analyzed.value.url.pathname.includes('//')) continue
      report({
        place: value.place,
        message: `the path becomes \`${analyzed.value.url.pathname}\`, with an empty segment`,
        hint: 'write one slash; where it comes from a variable, look whether that is empty',
      })
    }
  },
}
