import type { Log } from '../base/log.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { type GenerationDiff } from './generation/generation-diff.ts';
export interface LoadResult {
    ok: boolean;
    /** RFC 3339. */
    at: string;
    diagnostics: Diagnostic[];
    files: number;
    /** The generation that runs after it. */
    generation: number;
    /** Undefined when nothing was activated. */
    changes?: GenerationDiff;
}
/** A configuration with errors. The generation that ran keeps running. */
export declare class ConfigurationError extends Error {
    readonly name = "ConfigurationError";
    readonly diagnostics: Diagnostic[];
    constructor(diagnostics: Diagnostic[]);
}
export declare function reportLoad(log: Log, { ok, changes, generation, files, diagnostics }: LoadResult): void;
