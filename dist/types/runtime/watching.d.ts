import type { Log } from '../base/log.ts';
export interface WatchRequest {
    /** Files, folders and globs of the configuration. */
    paths: readonly string[];
    secretFiles: readonly string[];
    directory: string;
    pollIntervalMs: number;
    log: Log;
    onConfigChange(): Promise<void>;
    onSecretChange(): Promise<void>;
}
export interface WatchStop {
    /** Watches these paths from now on. */
    update(paths: readonly string[], secretFiles: readonly string[]): void;
    stop(): Promise<void>;
}
export type WatchPaths = (request: WatchRequest) => Promise<WatchStop>;
