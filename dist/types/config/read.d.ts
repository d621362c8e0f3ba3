import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { type Source } from './yaml/source.ts';
export interface ReadSources {
    sources: Source[];
    /** `file/not-found`, `file/unreadable`, `file/empty-folder`, `file/too-large`. */
    diagnostics: Diagnostic[];
}
/** What was read, by path, and all of it in order. Without a state it is read again whatever its times say. */
export interface ReadCache {
    files: Map<string, {
        state: string | undefined;
        source: Source;
    }>;
    last?: {
        paths: string;
        read: ReadSources;
    };
}
export declare function createReadCache(): ReadCache;
/** Which files may have changed: those with these paths, those that their times betray, or all whatever their times say. */
export type Suspects = ReadonlySet<string> | 'times' | 'all';
interface Again {
    cache: ReadCache;
    suspects: Suspects;
}
/** As `readSources`, without reading what is not suspected. */
export declare function readAgain(paths: readonly string[], directory: string, again: Again): Promise<ReadSources>;
/** Every file that the paths mean, each once, in the order of the paths and by name within a folder. */
export declare function readSources(paths: readonly string[], directory: string, again?: Again): Promise<ReadSources>;
/** A warning for a folder that may be empty, an error for any other. */
export declare function judgeEmptyFolders(read: ReadSources, mayBeEmpty: (folder: string) => boolean): ReadSources;
export declare function emptyFolders({ diagnostics }: ReadSources): Set<string>;
/** UTF-8, with UTF-16 by its byte order mark, as YAML 1.2 section 5.2 wants; without the mark itself. */
export declare function decode(bytes: Uint8Array): string;
/** Whether two readings of the same paths say the same. */
export declare function sameSources(a: ReadSources, b: ReadSources): boolean;
export {};
