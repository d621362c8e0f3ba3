import { type Diagnostic } from '../diagnostics/diagnostic.ts';
import { type Definitions } from './definitions/definitions.ts';
import { type IgnoreComment } from './ignore.ts';
import type { Source } from './yaml/source.ts';
export interface CheckedFile {
    /** Of each of its documents. */
    definitions: Definitions[];
    /** False when some of it is no YAML. */
    isRead: boolean;
    diagnostics: Diagnostic[];
    ignores: IgnoreComment[];
}
/** `onPart` hears how much of a large file is read, from 0 to 1. */
export declare function checkFile(source: Source, onPart: (part: number) => void): CheckedFile;
