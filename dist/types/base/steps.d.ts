export type Steps<T> = Generator<undefined, T, undefined>;
/** For whoever has nobody that waits. */
export declare function atOnce<T>(steps: Steps<T>): T;
export declare function mapInSteps<A, B>(items: readonly A[], map: (item: A, index: number) => B, step?: number): Steps<B[]>;
export declare function mapValuesInSteps<K, V, R>(map: ReadonlyMap<K, V>, change: (value: V) => R): Steps<Map<K, R>>;
