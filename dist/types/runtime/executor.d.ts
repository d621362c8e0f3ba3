import type { KyInstance } from 'ky';
import type { DaemonSettings } from '../config/model/model.ts';
import type { Params } from '../config/templates/scope.ts';
import { type Authorization } from './authorization.ts';
import type { DeliverAction, DeliverOptions, Delivery } from './delivering.ts';
import type { AuthorizeOptions, ExecutorOptions } from './executor-options.ts';
import { type Generation } from './generation/generation.ts';
import type { LiveAction } from './generation/live-action.ts';
import type { LiveService } from './generation/live-service.ts';
import { type LoadResult } from './load-result.ts';
import { type State } from './state/choose-store.ts';
import type { WatchPaths } from './watching.ts';
export type { AuthorizeOptions, ExecutorOptions, Preparation } from './executor-options.ts';
export interface Executor extends AsyncDisposable {
    /** Reads files, folders and globs, and makes them the running configuration. Throws ConfigurationError and changes nothing when they have errors. */
    load(paths: string | readonly string[]): Promise<LoadResult>;
    /** The same paths again. Never throws for a wrong configuration: the result says what is wrong. */
    reload(): Promise<LoadResult>;
    /** Throws AppError. */
    authorize(service: string, options?: AuthorizeOptions): Promise<Authorization>;
    /** A ky instance whose requests carry the service's credential. */
    client(service: string, options?: {
        params?: Params;
    }): KyInstance;
    /** Forgets the cached token of a service. Throws AppError `unknown_service` or `invalid_parameter`. */
    forget(service: string, options?: {
        params?: Params;
    }): void;
    /** Runs an action in this process. Throws AppError `unknown_action`; everything else rejects the delivery. */
    deliver(action: string, options?: DeliverOptions): Delivery;
    /** Reloads when a file changes, until the executor is disposed of. */
    watch(options?: {
        pollIntervalMs?: number;
    }): Promise<void>;
    readonly generation: Generation | undefined;
    readonly lastReload: LoadResult | undefined;
    /** The last ten, the newest first. */
    readonly reloads: readonly LoadResult[];
    readonly daemonSettings: DaemonSettings;
    readonly state: Pick<State, 'status' | 'shared'>;
    /** For servers built on the executor: holds secrets. */
    service(name: string, params?: Params): LiveService;
    /** For servers built on the executor. Throws AppError `unknown_action`. */
    action(name: string): LiveAction;
    /** What a service is, whatever its parameters are. Throws AppError `unknown_service`. */
    definition(name: string): LiveService;
}
export interface ExecutorParts {
    /** Starts watching; see watch-files.ts for the one on the file system. */
    watchPaths: WatchPaths;
    /** Undefined: an executor that delivers nothing. */
    deliver?: DeliverAction;
}
export declare function createExecutorWith(parts: ExecutorParts, options?: ExecutorOptions): Executor;
