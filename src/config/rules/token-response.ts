// A published member that may be a host without a list of hosts, and a token that would be renewed for half of its life.
import type { PartRule } from './rule.ts'

export const tokenResponse: PartRule = {
  scope: 'part',
  codes: ['oauth/publish-without-hosts', 'oauth/refresh-before'],
  severity: 'warning',
  check(part, report) {
    for (const { place, authorization } of part.accounts) {
      if (authorization.kind !== 'oauth2') continue
      const { tokenResponse, lifetime } = authorization.oauth2
      for (const entry of tokenResponse?.publish ?? []) {
        if (entry.hosts) continue
        report({
          place: { document: place.document, path: [...place.path, 'tokenResponse', 'publish', entry.name] },
          part: 'key',
          message: `\`${entry.name}\` does not say which hosts it may name`,
          hint: 'list them as `hosts`, or write `hosts: []` where it is no host',
        })
      }
      const { defaultMs, refreshBeforeMs } = lifetime
      if (defaultMs === undefined || refreshBeforeMs === undefined || refreshBeforeMs * 2 <= defaultMs) continue
      report({
        code: 'oauth/refresh-before',
        place: { document: place.document, path: [...place.path, 'lifetime', 'refreshBefore'] },
        message: 'more than half of `lifetime.default`: the token would be renewed for most of its life',
        hint: 'it is cut to a fifth of the life; write less, or leave it out',
      })
    }
  },
}
