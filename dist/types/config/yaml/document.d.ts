import { type Diagnostic, type Range } from '../../diagnostics/diagnostic.ts';
import { type Located, type Path } from './node-reader.ts';
export type { Located, Path } from './node-reader.ts';
import { type Comment } from './parse-yaml.ts';
import { type Source } from './source.ts';
export interface Document {
    source: Source;
    /** Plain data: null-prototype objects, arrays, scalars. Aliases share their target. */
    value: unknown;
    /** The key or the value at a path; the nearest ancestor that exists for a path that does not. */
    locate(path: Path, part: 'key' | 'value'): Located;
    /** A scalar as written, without its quotes, and where that starts; undefined for anything else and behind aliases. */
    rawScalar(path: Path): {
        offset: number;
        raw: string;
    } | undefined;
    /** Whether the value at a path was already refused while it was read: nothing more can be said about it. */
    rejected(path: Path): boolean;
    range(startOffset: number, endOffset: number): Range;
}
export interface ParsedFile {
    source: Source;
    documents: Document[];
    comments: readonly Comment[];
    diagnostics: Diagnostic[];
}
/** `onPart` hears how much of a large file is read, from 0 to 1. */
export declare function parseFile(source: Source, onPart?: (part: number) => void): ParsedFile;
