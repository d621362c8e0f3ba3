// `${NAME}` in a text of an account or a service. In a URI it is an error, see there; a body of an action may mean it.
import { shellVariable as find } from '../templates/shell-variable.ts'
import type { PartRule } from './rule.ts'

export const shellVariable: PartRule = {
  scope: 'part',
  codes: ['template/shell-variable'],
  severity: 'warning',
  check(part, report) {
    for (const { value, use, owner } of part.values) {
      if (value.kind !== 'template' || use === 'uri' || (owner && 'target' in owner)) continue
      const found = find(value.text)
      if (found) report({ place: value.place, ...found })
    }
  },
}
