import { type Remember } from '../base/memory.ts';
import { type Checked } from '../diagnostics/diagnostic.ts';
import type { Config } from './model/config.ts';
import type { Source } from './yaml/source.ts';
/** `onFile` hears how many files are done, after each one. */
export declare function checkConfig(sources: readonly Source[], remember?: Remember, onFile?: (done: number) => void): Checked<Config>;
