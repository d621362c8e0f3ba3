import type { Diagnostic, Range } from '../diagnostics/diagnostic.ts';
import type { ParsedFile } from './yaml/document.ts';
export interface IgnoreComment {
    file: string;
    range: Range;
    /** The line that it speaks for. */
    line: number;
    codes: {
        code: string;
        range: Range;
    }[];
}
/** What a comment can suppress. */
export declare const SUPPRESSIBLE_CODES: ReadonlySet<string>;
/** The comments of a file; a file without the word costs a search. */
export declare function findIgnores({ source, comments }: ParsedFile): IgnoreComment[];
/**
 * What is left of the diagnostics, and what is wrong with the comments. A suppressed warning is gone; a suppressed error
 * is marked, because a configuration with it cannot run all the same.
 */
export declare function applyIgnores(diagnostics: readonly Diagnostic[], comments: readonly IgnoreComment[]): Diagnostic[];
