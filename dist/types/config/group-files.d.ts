import type { Source } from './yaml/source.ts';
export interface SourceGroup {
    /** Path of its first file. */
    id: string;
    sources: readonly Source[];
}
/** Of the groups of before, those with the very same sources are the very same again. */
export declare function groupSources(sources: readonly Source[], before?: readonly SourceGroup[]): SourceGroup[];
