import type { Transaction } from './postgres.ts';
export interface Place {
    /** Of the same row, under all keys: the first one is where it goes. */
    names: readonly Buffer[];
    /** A lease that ended so long ago, and was not given back, may be taken over; undefined: none. */
    takeOverAfterMs: number | undefined;
}
export interface Moving extends Place {
    keyId: string;
    /** Null for what no key opens. */
    reseal(column: string, from: Buffer, sealed: Buffer | null): Buffer | null;
}
/** Nobody else looks at these names until the transaction ends. False when one of them has a lease that may not be taken over. */
export declare function moveRow(transaction: Transaction, moving: Moving): Promise<boolean>;
