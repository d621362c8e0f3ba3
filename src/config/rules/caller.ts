// A caller of the daemon that nothing could prove itself to be.
import type { Rule } from './rule.ts'

export const caller: Rule = {
  codes: ['daemon/caller'],
  severity: 'error',
  check(draft, report) {
    for (const { name, place, token, tokenSha256 } of draft.daemon.callers ?? []) {
      if (token !== undefined || tokenSha256 !== undefined) continue
      report({
        place,
        part: 'key',
        message: `nothing tells who caller \`${name}\` is`,
        hint: 'give it `token`, a secret, or `tokenSha256`',
      })
    }
  },
}
