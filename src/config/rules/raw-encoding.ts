// Raw HTTP Basic departs from RFC 6749 section 2.3.1: right for some servers, wrong for all that decode.
import type { PartRule } from './rule.ts'

export const rawEncoding: PartRule = {
  scope: 'part',
  codes: ['oauth/raw-encoding'],
  severity: 'warning',
  check(part, report) {
    for (const { place, authorization } of part.accounts) {
      if (authorization.kind !== 'oauth2' || authorization.oauth2.basicEncoding !== 'raw') continue
      report({
        place: { document: place.document, path: [...place.path, 'basicEncoding'] },
        message:
          'raw encoding departs from RFC 6749: a server that decodes reads another secret where it holds `%` or `+`',
        hint: 'keep it only for a server that refuses the encoded form, and say so with `# bearerd-ignore oauth/raw-encoding`',
      })
    }
  },
}
