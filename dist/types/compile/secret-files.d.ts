import type { Grouped } from '../base/grouped.ts';
import type { Remember } from '../base/memory.ts';
import type { DaemonSettings, SecretReference } from '../config/model/model.ts';
type Reading = Grouped<{
    references: readonly SecretReference[];
}>;
/** Absolute paths, sorted. The same list while there are the same. */
export declare function secretFilesOf(daemon: DaemonSettings, plans: readonly Reading[], remember: Remember): readonly string[];
export {};
