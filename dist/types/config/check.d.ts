import { type Remember } from '../base/memory.ts';
import { type Checked } from '../diagnostics/diagnostic.ts';
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
export declare function checkConfig(sources: readonly Source[], remember?: Remember, onProgress?: (progress: CheckProgress) => void): Checked<Config>;
