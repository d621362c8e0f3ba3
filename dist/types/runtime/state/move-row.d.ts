import type { Transaction } from './postgres.ts';
export interface Moving {
    /** Of the same row, under all keys: the first one is where it goes. */
    names: readonly Buffer[];
    keyId: string;
    /** Null for what no key opens. */
    reseal(column: string, from: Buffer, sealed: Buffer | null): Buffer | null;
}
/** Nobody else looks at these names until the transaction ends. False when one of the others has a lease that runs. */
export declare function moveRow({ query }: Transaction, { names, keyId, reseal }: Moving): Promise<boolean>;
