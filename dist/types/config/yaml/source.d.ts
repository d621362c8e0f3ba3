import type { Position, Range } from '../../diagnostics/diagnostic.ts';
/** Of one file. Ten thousand services take four; what is larger is no configuration, or one that wants several files. */
export declare const MAX_BYTES: number;
export declare const LARGER = "larger than 5 MiB";
export interface Source {
    /** Absolute path; relative paths inside the file start at its folder. */
    path: string;
    /** The name for people: relative to the working directory where that is shorter. */
    file: string;
    text: string;
}
/** Where each line starts; computed once per text. */
export interface LineIndex {
    position(offset: number): Position;
    range(startOffset: number, endOffset: number): Range;
}
export declare function lineIndex(text: string): LineIndex;
