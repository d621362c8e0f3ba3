import type { Steps } from './steps.ts';
/** What `make` gives, or what it gave of this kind about this before, from the very same things. It depends on nothing but these. */
export type Remember = <T>(kind: string, about: unknown, from: readonly unknown[], make: () => T) => T;
/** For whoever asks once. */
export declare const rememberNothing: Remember;
/** What is remembered of a thing that is made in steps: nothing until it was made to its end. */
export interface Kept<T> {
    made?: T;
}
export declare function keep<T>(kept: Kept<T>, steps: Steps<T>): Steps<T>;
/** Holds what one run asked for, until the next run. */
export declare class Memory {
    #private;
    /** What this run does not ask for is forgotten. */
    run<T>(work: (remember: Remember) => T): T;
    /** A run that others may interrupt, but no other run of this memory. */
    begin(): {
        remember: Remember;
        end(): void;
    };
    get size(): number;
}
