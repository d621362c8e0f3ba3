import type { Position, Range } from '../../diagnostics/diagnostic.ts';
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
