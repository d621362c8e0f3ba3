// What pure functions gave, kept by whoever asks them again and again while little changes. They themselves know `Remember`
// alone, and give the same with it and without.

/** What `make` gives, or what it gave about this before, from the very same things. It depends on nothing but these two. */
export type Remember = <T>(about: unknown, from: readonly unknown[], make: () => T) => T

/** For whoever asks once. */
export const rememberNothing: Remember = (_about, _from, make) => make()

interface Known {
  from: readonly unknown[]
  value: unknown
  /** The last one that asked. */
  run: number
}

/** Holds what one run asked for, until the next run. */
export class Memory {
  readonly #known = new Map<unknown, Known>()
  #run = 0

  /** What this run does not ask for is forgotten. */
  run<T>(work: (remember: Remember) => T): T {
    const { remember, end } = this.begin()
    const result = work(remember)
    end()
    return result
  }

  /** A run that others may interrupt, but no other run of this memory. */
  begin(): { remember: Remember; end(): void } {
    const run = ++this.#run
    let asked = 0
    const remember = <V>(about: unknown, from: readonly unknown[], make: () => V): V => {
      const known = this.#known.get(about)
      if (known?.run !== run) asked++
      if (known && isSame(known.from, from)) {
        known.run = run
        return known.value as V
      }
      const value = make()
      this.#known.set(about, { from, value, run })
      return value
    }
    const end = () => {
      if (asked < this.#known.size) this.#forgetOthers(run)
    }
    return { remember, end }
  }

  #forgetOthers(run: number): void {
    for (const [about, known] of this.#known) if (known.run !== run) this.#known.delete(about)
  }

  get size(): number {
    return this.#known.size
  }
}

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false
  return true
}
