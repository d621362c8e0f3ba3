// A finding about a place -> a diagnostic with file, line and column.
import { type Diagnostic, type Range, type Severity, shortText } from '../diagnostics/diagnostic.ts'
import type { Place } from './model/model.ts'
import { DEFINED_HERE } from './repeats.ts'

interface PlacedFinding {
  code: string
  place: Place
  part?: 'key' | 'value'
  within?: { start: number; end: number }
  message: string
  hint?: string
  related?: { place: Place; part?: 'key' | 'value'; message: string }[]
}

export function locateFinding(finding: PlacedFinding, severity: Severity): Diagnostic {
  const { code, place, message, hint, part = 'value' } = finding
  const file = place.document.source.file
  const located = place.document.locate(place.path, part)
  const exact = finding.within && rangeWithin(place, finding.within)
  const related = (finding.related ?? []).map(other => ({
    file: other.place.document.source.file,
    range: other.place.document.locate(other.place.path, other.part ?? 'value').range,
    message: other.message,
  }))
  if (located.via) related.push({ file, range: located.via, message: DEFINED_HERE })
  return {
    code,
    severity,
    message: shortText(message),
    file,
    range: exact ?? located.range,
    ...(hint && { hint: shortText(hint) }),
    ...(related.length > 0 && { related }),
  }
}

/** Where a value is written, for explanations: its definition, when it came by an alias or a merge key. */
export function startOf(place: Place, part: 'key' | 'value' = 'value'): { file: string; line: number; column: number } {
  const { range, via } = place.document.locate(place.path, part)
  const { start } = via ?? range
  return { file: place.document.source.file, line: start.line, column: start.column }
}

/**
 * The part of a scalar as it is written. Exact where text and spelling agree; with escapes or folded lines, the same
 * characters are searched in the spelling, and the whole value is meant when they are not found.
 */
function rangeWithin(place: Place, within: { start: number; end: number }): Range | undefined {
  const scalar = place.document.rawScalar(place.path)
  const text = valueAt(place)
  if (!scalar || text === undefined) return undefined
  const { offset, raw } = scalar
  if (raw === text) return place.document.range(offset + within.start, offset + within.end)
  const piece = text.slice(within.start, within.end)
  const occurrence = text.slice(0, within.start).split(piece).length
  const found = nthIndexOf(raw, piece, occurrence)
  return found < 0 ? undefined : place.document.range(offset + found, offset + found + piece.length)
}

function valueAt(place: Place): string | undefined {
  let value = place.document.value
  for (const segment of place.path) value = (value as Record<string | number, unknown> | undefined)?.[segment]
  return typeof value === 'string' ? value : undefined
}

function nthIndexOf(text: string, piece: string, n: number): number {
  let at = -1
  for (let count = 0; count < n; count++) {
    at = text.indexOf(piece, at + 1)
    if (at < 0) return -1
  }
  return at
}
