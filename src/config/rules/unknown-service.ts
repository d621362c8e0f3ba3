// An action that authenticates with a service which does not exist.
import { createDidYouMean } from '../../diagnostics/suggest.ts'
import { namesOf } from '../definitions/draft.ts'
import type { Action } from '../model/model.ts'
import type { ConfigurationRule } from './rule.ts'

export const unknownService: ConfigurationRule<Action> = {
  scope: 'configuration',
  codes: ['reference/unknown-service'],
  severity: 'error',
  gather: ({ actions, services }) => {
    const own = new Set<string | undefined>(services.map(({ name }) => name))
    return actions.filter(({ service }) => service !== undefined && !own.has(service))
  },
  check(draft, report, foreign) {
    const unknown = foreign.filter(({ service = '' }) => !draft.services.has(service))
    if (unknown.length === 0) return
    const known = namesOf(draft, 'service')
    const didYouMean = createDidYouMean()
    for (const { service = '', place } of unknown) {
      if (known.has(service)) continue
      const meant = didYouMean(service, known)
      // A file that could not be read may define it.
      if (!draft.allNamed && meant === undefined) continue
      report({
        place: { document: place.document, path: [...place.path, 'authenticateWith'] },
        message: `no service \`${service}\``,
        hint: meant ?? 'define it below `services`',
      })
    }
  },
}
