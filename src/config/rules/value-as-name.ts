// `{ env: … }` with the secret itself in the place of the variable's name.
import { looksLikeSecret } from '../definitions/secret-shape.ts'
import type { PartRule } from './rule.ts'

export const valueAsName: PartRule = {
  scope: 'part',
  codes: ['secrets/value-as-name'],
  severity: 'warning',
  check(part, report) {
    for (const { value } of part.values) {
      if (value.kind !== 'secret' || value.reference.kind !== 'env' || !looksLikeSecret(value.reference.name)) continue
      report({
        place: { document: value.place.document, path: [...value.place.path, 'env'] },
        message: 'this looks like a secret, not like the name of an environment variable',
        hint: 'replace the secret at the provider, and write the name of a variable that holds the new one',
      })
    }
  },
}
