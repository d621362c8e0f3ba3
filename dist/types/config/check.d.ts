import { type Checked, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { type IgnoreComment } from './ignore.ts';
import type { Config } from './model/model.ts';
import { type Document, type ParsedFile } from './yaml/document.ts';
import type { Source } from './yaml/source.ts';
/** One file's own findings, which depend on nothing but its text. */
interface CheckedFile {
    parsed: ParsedFile;
    diagnostics: Diagnostic[];
    /** Paths at or above something that the schema refused. */
    refused: Map<Document, ReadonlySet<string>>;
    ignores: IgnoreComment[];
}
/** Keeps what was found out about unchanged files, so that one changed file among many costs one file. */
export interface CheckCache {
    files: Map<string, {
        text: string;
        checked: CheckedFile;
    }>;
}
export declare function createCheckCache(): CheckCache;
/** `onFile` hears how many files are done, after each one. */
export declare function checkConfig(sources: readonly Source[], cache?: CheckCache, onFile?: (done: number) => void): Checked<Config>;
export {};
