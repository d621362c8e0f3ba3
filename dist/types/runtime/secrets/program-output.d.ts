export interface ProgramLimits {
    directory: string;
    timeoutMs: number;
    maxBytes: number;
}
/** Why there is none, in words that say nothing of the output. */
export declare class ProgramFailure extends Error {
}
/** Rejects with ProgramFailure. */
export declare function programOutput([program, ...args]: readonly string[], { directory, timeoutMs, maxBytes }: ProgramLimits): Promise<string>;
