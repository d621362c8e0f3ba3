import type { WatchPaths, WatchRequest, WatchStop } from './watching.ts';
/** What of chokidar is used. */
export interface FileEvents {
    on(event: string, listener: (...values: unknown[]) => void): unknown;
    once(event: 'ready', listener: () => void): unknown;
    add(paths: string[]): unknown;
    unwatch(paths: string[]): unknown;
    close(): Promise<void>;
}
export type WatchEvents = (paths: string[], options: {
    ignored(path: string): boolean;
}) => FileEvents;
/** Whoever only sends or checks something does not load chokidar. */
export declare const watchFiles: WatchPaths;
export declare function watchFilesBy(watchEvents: WatchEvents, request: WatchRequest): Promise<WatchStop>;
