import { type Remember } from '../base/memory.ts';
import { type Steps } from '../base/steps.ts';
import { type Checked, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { type CheckedFile } from './check-file.ts';
import type { Config } from './model/config.ts';
import type { Source } from './yaml/source.ts';
/** How many files are done, and how much of the one that is read, from 0 to 1. */
export interface CheckProgress {
    done: number;
    reading?: {
        file: string;
        part: number;
    };
}
export interface CheckOptions {
    /** What could not be read. It is told with the rest, and that names of it are missing is not. */
    unread?: readonly Diagnostic[];
    onProgress?(progress: CheckProgress): void;
}
export declare function checkConfig(sources: readonly Source[], remember?: Remember, { unread, onProgress }?: CheckOptions): Checked<Config>;
/** Files that are looked at together. */
export interface FileGroup {
    /** One within a configuration. */
    id: string;
    files: readonly CheckedFile[];
}
export declare function checkFiles(groups: readonly FileGroup[], remember: Remember, unread: readonly Diagnostic[]): Steps<Checked<Config>>;
