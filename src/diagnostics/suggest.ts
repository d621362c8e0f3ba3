// The nearest known word for a mistyped one.
import leven from 'leven'

/** The candidate at the smallest edit distance, if it is near enough to be meant: at most 3 and under half of the word. */
export function suggest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined
  let bestDistance = Math.min(3, Math.max(1, Math.floor(word.length / 2))) + 1
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue
    const distance = distanceOf(word.toLowerCase(), candidate.toLowerCase())
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** Two letters in the wrong order are one slip. */
function distanceOf(a: string, b: string): number {
  const at = [...a].findIndex((char, index) => char !== b[index])
  const swapped = at >= 0 && a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2)
  return swapped ? 1 : leven(a, b)
}

/** `did you mean \`x\`?` or undefined. */
export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  const nearest = suggest(word, candidates)
  return nearest === undefined ? undefined : `did you mean \`${nearest}\`?`
}

const MAX_COMPARISONS = 1_000_000

/** For many words: it ends looking after a million comparisons, as a file wants that no hand wrote. */
export function createDidYouMean(): (word: string, candidates: ReadonlySet<string>) => string | undefined {
  let left = MAX_COMPARISONS
  return (word, candidates) => {
    left -= candidates.size
    return left < 0 ? undefined : didYouMean(word, candidates)
  }
}

/** For a code `family/name` also by its name alone. */
export function didYouMeanCode(word: string, codes: Iterable<string>): string | undefined {
  const byName = new Map([...codes].map(code => [code.slice(code.indexOf('/') + 1), code]))
  const name = byName.has(word) ? word : suggest(word, byName.keys())
  const nearest = suggest(word, codes) ?? (name === undefined ? undefined : byName.get(name))
  return nearest === undefined ? undefined : `did you mean \`${nearest}\`?`
}
