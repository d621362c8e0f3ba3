// The same name in two files, or `daemon` in two files: an error at the second place.
import type { Declared } from '../definitions/definitions.ts'
import { declaredIn } from '../definitions/draft.ts'
import type { ConfigurationRule } from './rule.ts'

export const duplicateName: ConfigurationRule = {
  scope: 'configuration',
  codes: ['reference/duplicate-name'],
  severity: 'error',
  check(draft, report) {
    if (!draft.hasTwice) return
    const first = new Map<string, Declared>()
    for (const declared of declaredIn(draft)) {
      const earlier = first.get(declared.id)
      if (!earlier) {
        first.set(declared.id, declared)
        continue
      }
      const what = declared.kind === 'daemon' ? '`daemon`' : `${declared.kind} \`${declared.name}\``
      const related = [{ place: earlier.place, part: 'key', message: 'first here' } as const]
      report({
        place: declared.place,
        part: 'key',
        message: `${what} is defined twice`,
        hint: 'remove or rename one of them',
        related,
      })
    }
  },
}
