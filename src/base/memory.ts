// What pure functions gave, kept by whoever asks them again and again while little changes. They themselves know `Remember`
// alone, and give the same with it and without.
import type { Steps } from './steps.ts'

/** What `make` gives, or what it gave of this kind about this before, from the very same things. It depends on nothing but these. */
export type Remember = <T>(kind: string, about: unknown, from: readonly unknown[], make: () => T) => T

/** For whoever asks once. */
export const rememberNothing: Remember = (_kind, _about, _from, make) => make()

/** What is remembered of a thing that is made in steps: nothing until it was made to its end. */
export interface Kept<T> {
  made?: T
}

export function* keep<T>(kept: Kept<T>, steps: Steps<T>): Steps<T> {
  const made = yield* steps
  kept.made = made
  yield
  return made
}

interface Known {
  from: readonly unknown[]
  value: unknown
  /** The last one that asked. */
  run: number
}

/** Holds what one run asked for, until the next run. */
export class Memory {
  readonly #kinds = new Map<string, Map<unknown, Known>>()
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
    const remember = <V>(kind: string, about: unknown, from: readonly unknown[], make: () => V): V => {
      const all = this.#of(kind)
      const known = all.get(about)
      if (known?.run !== run) asked++
      if (known && isSame(known.from, from)) {
        known.run = run
        return known.value as V
      }
      const value = make()
      all.set(about, { from, value, run })
      return value
    }
    const end = () => {
      if (asked < this.size) this.#forgetOthers(run)
    }
    return { remember, end }
  }

  #of(kind: string): Map<unknown, Known> {
    const known = this.#kinds.get(kind) ?? new Map<unknown, Known>()
    this.#kinds.set(kind, known)
    return known
  }

  #forgetOthers(run: number): void {
    for (const all of this.#kinds.values()) for (const [about, known] of all) if (known.run !== run) all.delete(about)
  }

  get size(): number {
    let size = 0
    for (const all of this.#kinds.values()) size += all.size
    return size
  }
}

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false
  return true
}
