import type { DaemonSettings } from '../../config/model/model.ts';
/** Sorted, such as `daemon.limits.idle`. */
export declare function changedSettings(before: DaemonSettings, after: DaemonSettings): string[];
