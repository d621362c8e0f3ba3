import type { Generation } from './generation.ts';
/** Names, sorted. An account in place has that of its service. */
export interface GenerationDiff {
    services: {
        added: string[];
        removed: string[];
        changed: string[];
    };
    accounts: {
        added: string[];
        removed: string[];
        changed: string[];
    };
    actions: {
        added: string[];
        removed: string[];
        changed: string[];
    };
    /** Of `daemon`, by their keys. */
    settings: string[];
    /** Accounts that were there and are issued another token from now on. */
    renewing: string[];
}
export declare function diffGenerations(previous: Generation | undefined, next: Generation): GenerationDiff;
/** For a log line: what is empty is left out, and long lists are cut. */
export declare function describeDiff({ services, accounts, actions, settings, renewing, }: GenerationDiff): Record<string, string[]>;
