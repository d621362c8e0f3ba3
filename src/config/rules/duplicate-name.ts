// The same name in two files, or `daemon` in two files: an error at the second place.
import type { Declared } from '../definitions/draft.ts'
import type { Rule } from './rule.ts'

export const duplicateName: Rule = {
  codes: ['reference/duplicate-name'],
  severity: 'error',
  check(draft, report) {
    const first = new Map<string, Declared>()
    for (const declared of draft.declared) {
      const id = `${declared.kind} ${declared.name}`
      const earlier = first.get(id)
      if (!earlier) {
        first.set(id, declared)
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
