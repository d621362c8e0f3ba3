// A file's text with its two names, and the way from an offset to a line and column.
import type { Position, Range } from '../../diagnostics/diagnostic.ts'

/** Of one file. Ten thousand services take four; what is larger is no configuration, or one that wants several files. */
export const MAX_BYTES = 5 * 1024 * 1024
export const LARGER = 'larger than 5 MiB'

export interface Source {
  /** Absolute path; relative paths inside the file start at its folder. */
  path: string
  /** The name for people: relative to the working directory where that is shorter. */
  file: string
  text: string
}

/** Where each line starts; computed once per text. */
export interface LineIndex {
  position(offset: number): Position
  range(startOffset: number, endOffset: number): Range
}

export function lineIndex(text: string): LineIndex {
  let starts: number[] | undefined
  const position = (offset: number): Position => {
    starts ??= lineStarts(text)
    const line = lastAtMost(starts, offset)
    return { line: line + 1, column: offset - starts[line]! + 1 }
  }
  return { position, range: (start, end) => ({ start: position(start), end: position(end) }) }
}

function lineStarts(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

/** Index of the last element that is not larger than the value. */
function lastAtMost(sorted: readonly number[], value: number): number {
  let low = 0
  let high = sorted.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (sorted[middle]! <= value) low = middle
    else high = middle - 1
  }
  return low
}
