/** Names with their group's number. */
export type GroupIndex = ReadonlyMap<string, number>;
export declare class Grouped<V> implements ReadonlyMap<string, V> {
    readonly index: GroupIndex;
    readonly groups: readonly ReadonlyMap<string, V>[];
    /** Each name of the index stands in the group of its number, and in no other. */
    constructor(index: GroupIndex, groups: readonly ReadonlyMap<string, V>[]);
    get size(): number;
    get(name: string): V | undefined;
    has(name: string): boolean;
    /** Group by group. */
    [Symbol.iterator](): MapIterator<[string, V]>;
    entries(): MapIterator<[string, V]>;
    keys(): MapIterator<string>;
    values(): MapIterator<V>;
    forEach(callback: (value: V, name: string, map: ReadonlyMap<string, V>) => void): void;
    /** The same names in the same groups. */
    with<R>(groups: readonly ReadonlyMap<string, R>[]): Grouped<R>;
    map<R>(change: (value: V) => R): Grouped<R>;
}
export declare function mapValues<V, R>(group: ReadonlyMap<string, V>, change: (value: V) => R): Map<string, R>;
/** The entries of those groups that `other` does not have too. */
export declare function entriesApart<V>(one: Grouped<V> | undefined, other: Grouped<V> | undefined): Generator<[string, V], undefined>;
/** Selects values, and looks at each group once in its life. */
export declare function selecting<V>(fits: (value: V) => boolean): (from: Grouped<V>) => V[];
