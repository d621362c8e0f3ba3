/** What `make` gives, or what it gave about this before, from the very same things. It depends on nothing but these two. */
export type Remember = <T>(about: unknown, from: readonly unknown[], make: () => T) => T;
/** For whoever asks once. */
export declare const rememberNothing: Remember;
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
