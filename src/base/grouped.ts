// A map by name in groups. Most groups of one are those of the one before it, the very same objects: what did not change is
// told apart without looking into it.

/** Names with their group's number. */
export type GroupIndex = ReadonlyMap<string, number>

export class Grouped<V> implements ReadonlyMap<string, V> {
  readonly index: GroupIndex
  readonly groups: readonly ReadonlyMap<string, V>[]

  /** Each name of the index stands in the group of its number, and in no other. */
  constructor(index: GroupIndex, groups: readonly ReadonlyMap<string, V>[]) {
    this.index = index
    this.groups = groups
  }

  get size(): number {
    return this.index.size
  }

  get(name: string): V | undefined {
    const group = this.index.get(name)
    return group === undefined ? undefined : this.groups[group]!.get(name)
  }

  has(name: string): boolean {
    return this.index.has(name)
  }

  /** Group by group. */
  *[Symbol.iterator](): MapIterator<[string, V]> {
    for (const group of this.groups) yield* group
    return undefined
  }

  entries(): MapIterator<[string, V]> {
    return this[Symbol.iterator]()
  }

  *keys(): MapIterator<string> {
    for (const group of this.groups) yield* group.keys()
    return undefined
  }

  *values(): MapIterator<V> {
    for (const group of this.groups) yield* group.values()
    return undefined
  }

  forEach(callback: (value: V, name: string, map: ReadonlyMap<string, V>) => void): void {
    for (const [name, value] of this) callback(value, name, this)
  }

  /** The same names in the same groups. */
  with<R>(groups: readonly ReadonlyMap<string, R>[]): Grouped<R> {
    return new Grouped(this.index, groups)
  }

  map<R>(change: (value: V) => R): Grouped<R> {
    return this.with(this.groups.map(group => mapValues(group, change)))
  }
}

export function mapValues<V, R>(group: ReadonlyMap<string, V>, change: (value: V) => R): Map<string, R> {
  const changed = new Map<string, R>()
  for (const [name, value] of group) changed.set(name, change(value))
  return changed
}

/** The entries of those groups that `other` does not have too. */
export function* entriesApart<V>(
  one: Grouped<V> | undefined,
  other: Grouped<V> | undefined,
): Generator<[string, V], undefined> {
  const shared = new Set(other?.groups)
  for (const group of one?.groups ?? []) if (!shared.has(group)) yield* group
}

/** Selects values, and looks at each group once in its life. */
export function selecting<V>(fits: (value: V) => boolean): (from: Grouped<V>) => V[] {
  const known = new WeakMap<ReadonlyMap<string, V>, readonly V[]>()
  const selected = (group: ReadonlyMap<string, V>): readonly V[] => {
    const before = known.get(group)
    if (before) return before
    const found = [...group.values()].filter(fits)
    known.set(group, found)
    return found
  }
  return ({ groups }) => groups.flatMap(selected)
}
