import type { DaemonSettings } from '../../config/model/model.ts';
/** Sorted, such as `daemon.limits.idle`. That a literal secret is another one is not seen. */
export declare function changedSettings(before: DaemonSettings, after: DaemonSettings): string[];
