// What aliases and merge keys repeat is one mistake: told once.
import type { Diagnostic } from '../diagnostics/diagnostic.ts'

/** Says that a related place is the one that an alias or a merge key repeats. */
export const DEFINED_HERE = 'defined here'

/**
 * Of findings that say the same about one definition, the one at the definition stays, or else the first. `diagnostics` are
 * sorted.
 */
export function withoutRepeats(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const direct = new Set<string>()
  for (const { code, message, file, range, related } of diagnostics)
    if (!related?.some(isDefinition)) direct.add([code, message, file, range.start.line].join('\0'))
  const told = new Set<string>()
  return diagnostics.filter(({ code, message, related }) => {
    const definition = related?.find(isDefinition)
    if (!definition) return true
    const { file, range } = definition
    if (direct.has([code, message, file, range.start.line].join('\0'))) return false
    const id = [code, message, file, range.start.line, range.start.column].join('\0')
    const isNew = !told.has(id)
    told.add(id)
    return isNew
  })
}

function isDefinition({ message }: { message: string }): boolean {
  return message === DEFINED_HERE
}
