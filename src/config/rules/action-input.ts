// The schema of an action's input: JSON Schema in the sense of Ajv's strict mode, so that a misspelt keyword is found here.
import { inputSchemaFault } from '../schema/input-schema.ts'
import type { PartRule } from './rule.ts'

export const actionInput: PartRule = {
  scope: 'part',
  codes: ['action/input-schema'],
  severity: 'error',
  check(part, report) {
    for (const { input, place } of part.actions) {
      const fault = input && inputSchemaFault(input)
      if (!fault) continue
      report({
        place: { document: place.document, path: [...place.path, 'input', ...fault.path] },
        part: 'key',
        message: `\`input\` is not a valid JSON Schema: ${fault.message}`,
        hint: fault.hint ?? 'JSON Schema 2020-12, such as `type: object` with `properties`',
      })
    }
  },
}
