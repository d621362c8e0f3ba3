// Step 1: which references a pipeline reads, each once.
import type { SecretReference } from '../../config/model/model.ts'
import { referenceKey } from '../text.ts'

export function collectReferences(parts: readonly { references: readonly SecretReference[] }[]): SecretReference[] {
  const unique = new Map<string, SecretReference>()
  for (const reference of parts.flatMap(part => part.references)) unique.set(referenceKey(reference), reference)
  return [...unique.values()]
}
