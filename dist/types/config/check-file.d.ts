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
export declare function checkFile(source: Source): CheckedFile;
