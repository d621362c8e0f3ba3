import type { GivenFile } from '../runtime/delivering.ts';
import type { StoredFile } from './delivery.ts';
/** Throws AppError `file_unavailable` for the first one that is no readable file. */
export declare function openFiles(given: readonly GivenFile[], options: {
    directory: string;
    sha256: boolean;
}): Promise<StoredFile[]>;
export declare function hashFile(path: string): Promise<string>;
