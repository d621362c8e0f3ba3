import type { WatchPaths } from './watching.ts';
export declare const watchFiles: WatchPaths;
