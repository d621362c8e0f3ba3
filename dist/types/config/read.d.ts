import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Source } from './source.ts';
export interface ReadSources {
    sources: Source[];
    /** `file/not-found`, `file/unreadable`, `file/empty-folder`, `file/too-large`. */
    diagnostics: Diagnostic[];
}
/** Every file that the paths mean, each once, in the order of the paths and by name within a folder. */
export declare function readSources(paths: readonly string[], directory: string): Promise<ReadSources>;
/** UTF-8, with UTF-16 by its byte order mark, as YAML 1.2 section 5.2 wants; without the mark itself. */
export declare function decode(bytes: Uint8Array): string;
