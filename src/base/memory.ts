// What pure functions gave, kept by whoever asks them again and again while little changes. They themselves know `Remember`
// alone, and give the same with it and without.

/** What `make` gives, or what it gave about this before, from the very same things. It depends on nothing but these two. */
export type Remember = <T>(about: unknown, from: readonly unknown[], make: () => T) => T

/** For whoever asks once. */
export const rememberNothing: Remember = (_about, _from, make) => make()

interface Known {
  from: readonly unknown[]
  value: unknown
}

/** Holds what one run asked for, until the next run. */
export class Memory {
  #known = new Map<unknown, Known>()

  /** What this run does not ask for is forgotten. */
  run<T>(work: (remember: Remember) => T): T {
    const asked = new Map<unknown, Known>()
    const result = work(<V>(about: unknown, from: readonly unknown[], make: () => V): V => {
      const before = this.#known.get(about)
      const known = before && isSame(before.from, from) ? before : { from, value: make() }
      asked.set(about, known)
      return known.value as V
    })
    this.#known = asked
    return result
  }

  get size(): number {
    return this.#known.size
  }
}

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index])
}
