// Long work in steps, between which somebody else may go first. A pure function yields; whoever runs it decides whether to wait.

export type Steps<T> = Generator<undefined, T, undefined>

/** How many things a step looks at: few enough to be quick, enough that yielding costs nothing. */
const STEP = 100

/** For whoever has nobody that waits. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

export function* mapInSteps<A, B>(items: readonly A[], map: (item: A, index: number) => B, step = STEP): Steps<B[]> {
  const mapped: B[] = []
  for (const item of items) {
    mapped.push(map(item, mapped.length))
    if (mapped.length % step === 0) yield
  }
  return mapped
}

export function* mapValuesInSteps<K, V, R>(map: ReadonlyMap<K, V>, change: (value: V) => R): Steps<Map<K, R>> {
  const changed = new Map<K, R>()
  for (const [key, value] of map) {
    changed.set(key, change(value))
    if (changed.size % STEP === 0) yield
  }
  return changed
}
