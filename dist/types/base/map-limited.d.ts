/** The results in the order of the items. Rejects with the first error; what has begun goes on. */
export declare function mapLimited<T, R>(items: readonly T[], limit: number, run: (item: T) => Promise<R>): Promise<R[]>;
